"""What moderators decide, what leads back, and what the log says of it."""

from __future__ import annotations

from itertools import product
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from signatures.enums import State
from signatures.exceptions import AlreadyCounted, IllegalTransition, SignatureError
from signatures.models import AuditEntry, Signature
from signatures.services.counts import letter_count
from signatures.services.moderation import (
    signature_decide,
    signature_undo,
    signatures_decide,
    signatures_undo,
)
from signatures.services.own_page import signature_correct
from signatures.services.transitions import signature_move
from tests.factories import SignatureFactory, make_moderator

LEADS_TO = {
    "unconfirmed": {"accepted", "pending", "rejected", "duplicate", "withdrawn"},
    "pending": {"accepted", "unconfirmed", "rejected", "duplicate", "withdrawn"},
    "accepted": {"pending", "rejected", "duplicate", "withdrawn"},
    "rejected": {"pending", "accepted", "unconfirmed"},
    "duplicate": {"pending", "accepted", "unconfirmed", "withdrawn"},
    "withdrawn": set(),
}
NOTHING = {"name": "", "residence": "", "occupation": "", "email_sealed": None}


@pytest.fixture
def moderator(db) -> User:
    return make_moderator()


def in_state(text, state: str, **fields) -> Signature:
    if state == "withdrawn":
        fields |= {"name": "", "residence": "", "occupation": ""}
    return SignatureFactory.create(text=text, state=state, **{"email": "", **fields})


# The table of states


@pytest.mark.parametrize(("before", "after"), product(State.values, State.values))
def test_states_lead_where_the_table_says_and_nowhere_else(text, letter, before, after):
    row = in_state(text, before)
    changes = NOTHING if after == "withdrawn" else {}

    if after in LEADS_TO[before]:
        signature_move(signature=row, to=State(after), changes=changes)
    else:
        with pytest.raises(IllegalTransition):
            signature_move(signature=row, to=State(after), changes=changes)

    row.refresh_from_db()
    moved = after in LEADS_TO[before]
    assert row.state == (after if moved else before)
    assert AuditEntry.objects.count() == moved
    assert letter_count(letter=letter) == moved * ((after == "accepted") - (before == "accepted"))


def test_a_refused_move_says_why_in_words(text):
    row = in_state(text, "withdrawn")

    with pytest.raises(IllegalTransition) as refusal:
        signature_move(signature=row, to=State.ACCEPTED)

    assert str(refusal.value) == "A signature that is withdrawn cannot become accepted."


# Decisions


@pytest.mark.parametrize(
    ("decision", "count"), [("accepted", 1), ("rejected", 0), ("duplicate", 0)]
)
def test_a_decision_is_kept_with_its_author_and_reason(text, letter, moderator, decision, count):
    row = in_state(text, "pending")

    signature_decide(
        signature_id=row.id, to=State(decision), actor=moderator, reason="we know them"
    )

    row.refresh_from_db()
    entry = AuditEntry.objects.get()
    assert (row.state, row.decided_by) == (decision, moderator)
    assert row.decided_at is not None
    assert (entry.actor, entry.action, entry.reason) == (moderator, decision, "we know them")
    assert (entry.from_state, entry.to_state) == ("pending", decision)
    assert (entry.letter, entry.signature_id) == (letter, row.id)
    assert letter_count(letter=letter) == count


def test_nobody_but_the_mailbox_can_confirm_what_waits_for_it(text, moderator):
    row = in_state(text, "unconfirmed", email="amal@example.org")

    with pytest.raises(IllegalTransition):
        signature_decide(signature_id=row.id, to=State.ACCEPTED, actor=moderator)

    row.refresh_from_db()
    assert row.state == "unconfirmed"


def test_accepting_one_that_counts_unseen_marks_it_as_seen(text, letter, moderator):
    row = in_state(text, "accepted", decided_at=None)
    assert list(Signature.objects.in_queue()) == [row]

    signature_decide(signature_id=row.id, to=State.ACCEPTED, actor=moderator)

    row.refresh_from_db()
    assert row.decided_by == moderator
    assert not Signature.objects.in_queue().exists()
    assert AuditEntry.objects.get().action == "seen"
    assert letter_count(letter=letter) == 0  # the factory counts nothing, and nothing was added


def test_accepting_a_second_time_changes_nothing_and_says_so(text, moderator):
    row = in_state(text, "pending")
    signature_decide(signature_id=row.id, to=State.ACCEPTED, actor=moderator)

    decided = signatures_decide(signature_ids=[row.id], to=State.ACCEPTED, actor=moderator)

    assert decided == (0, {"It had been accepted before.": 1})
    assert AuditEntry.objects.count() == 1


@pytest.mark.parametrize("email", ["", "amal@example.org"])
def test_a_second_live_signature_of_one_person_is_refused(text, letter, moderator, email):
    same = {"name": "Amal", "email": email}
    in_state(text, "accepted", **same)
    row = in_state(text, "duplicate", **same)

    with pytest.raises(AlreadyCounted) as refusal:
        signature_decide(signature_id=row.id, to=State.ACCEPTED, actor=moderator)

    row.refresh_from_db()
    assert row.state == "duplicate"
    assert "Amal" not in str(refusal.value)
    assert not AuditEntry.objects.exists()
    assert letter_count(letter=letter) == 0


# Undo


@pytest.mark.parametrize("decision", ["accepted", "rejected", "duplicate"])
def test_undo_brings_it_back_to_where_it_was(text, letter, moderator, decision):
    row = in_state(text, "pending")
    signature_decide(signature_id=row.id, to=State(decision), actor=moderator)

    signature_undo(signature_id=row.id, actor=moderator)

    row.refresh_from_db()
    assert (row.state, row.decided_at, row.decided_by) == ("pending", None, None)
    assert AuditEntry.objects.latest("id").action == "undone"
    assert letter_count(letter=letter) == 0


def test_undo_of_a_rejection_restores_who_had_accepted(text, letter, moderator):
    row = in_state(text, "pending")
    signature_decide(signature_id=row.id, to=State.ACCEPTED, actor=moderator)
    second = make_moderator("second")
    signature_decide(signature_id=row.id, to=State.REJECTED, actor=second, reason="wrong")

    signature_undo(signature_id=row.id, actor=second)

    row.refresh_from_db()
    assert (row.state, row.decided_by) == ("accepted", moderator)
    assert row.decided_at is not None
    assert letter_count(letter=letter) == 1


def test_undo_of_a_rejection_leaves_unseen_what_nobody_had_seen(text, moderator):
    row = in_state(text, "accepted", decided_at=None)
    signature_decide(signature_id=row.id, to=State.REJECTED, actor=moderator, reason="oops")

    signature_undo(signature_id=row.id, actor=moderator)

    row.refresh_from_db()
    assert (row.state, row.decided_at) == ("accepted", None)
    assert list(Signature.objects.in_queue()) == [row]


def test_undo_goes_one_decision_further_back_each_time(text, moderator):
    row = in_state(text, "pending")
    signature_decide(signature_id=row.id, to=State.ACCEPTED, actor=moderator)
    signature_decide(signature_id=row.id, to=State.REJECTED, actor=moderator, reason="no")

    states = [signature_undo(signature_id=row.id, actor=moderator).state for _ in range(2)]

    assert states == ["accepted", "pending"]
    with pytest.raises(SignatureError, match=r"There is no decision to undo\."):
        signature_undo(signature_id=row.id, actor=moderator)


def test_there_is_nothing_to_undo_where_nobody_decided(text, moderator):
    row = in_state(text, "pending")

    with pytest.raises(SignatureError, match=r"There is no decision to undo\."):
        signature_undo(signature_id=row.id, actor=moderator)


def test_the_signers_own_change_cannot_be_undone(text, moderator):
    row = in_state(text, "pending")
    signature_decide(signature_id=row.id, to=State.ACCEPTED, actor=moderator)
    signature_correct(signature_id=row.id, name="New", residence="", occupation="")

    with pytest.raises(SignatureError):
        signature_undo(signature_id=row.id, actor=moderator)

    row.refresh_from_db()
    assert row.state == "pending"


def test_undo_is_refused_where_the_person_has_signed_again(text, moderator):
    row = in_state(text, "pending", name="Amal")
    signature_decide(signature_id=row.id, to=State.REJECTED, actor=moderator, reason="no")
    in_state(text, "accepted", name="Amal")

    with pytest.raises(AlreadyCounted):
        signature_undo(signature_id=row.id, actor=moderator)


# Many at a time


def test_refusals_do_not_stop_the_others(text, letter, moderator):
    rows = [in_state(text, state) for state in ("pending", "withdrawn", "pending", "unconfirmed")]
    ids = [*(row.id for row in rows), uuid4()]

    decided = signatures_decide(signature_ids=ids, to=State.ACCEPTED, actor=moderator)

    assert decided.done == 2
    assert decided.refused == {
        "A signature that is withdrawn cannot become accepted.": 1,
        "Only the owner of the mailbox can confirm this signature.": 1,
        "This signature was erased meanwhile.": 1,
    }
    assert letter_count(letter=letter) == 2


def test_many_are_undone_at_a_time(text, moderator):
    rows = [in_state(text, "pending") for _ in range(3)]
    signatures_decide(signature_ids=[rows[0].id], to=State.ACCEPTED, actor=moderator)

    undone = signatures_undo(signature_ids=[*(row.id for row in rows), uuid4()], actor=moderator)

    assert undone.done == 1
    assert undone.refused == {
        "There is no decision to undo.": 2,
        "This signature was erased meanwhile.": 1,
    }


# The log


def test_the_log_cannot_be_rewritten(db):
    entry = AuditEntry.objects.create(action="exported", at=timezone.now())

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.filter(id=entry.id).update(action="nothing")

    entry.refresh_from_db()
    assert entry.action == "exported"


@pytest.mark.skipif(
    connection.vendor != "postgresql", reason="on SQLite the trigger refuses changes only"
)
def test_the_log_cannot_be_shortened(db):
    entry = AuditEntry.objects.create(action="exported")

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        entry.delete()

    assert AuditEntry.objects.count() == 1


def test_an_account_that_has_decided_cannot_be_deleted(text, moderator):
    row = in_state(text, "pending")
    signature_decide(signature_id=row.id, to=State.ACCEPTED, actor=moderator)

    with pytest.raises(DatabaseError), transaction.atomic():
        moderator.delete()
