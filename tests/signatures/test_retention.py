"""What is forgotten, when, and above all what is not."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from letters.services import letter_save
from signatures.models import AuditEntry, MailboxTally, Signature
from signatures.services import retention
from signatures.services.retention import retention_apply, retention_due
from tests.factories import SignatureFactory


def ago(days: float):
    return timezone.now() - timedelta(days=days)


def purge() -> dict[str, int]:
    gone = {}
    for due in retention_due():
        total = 0
        while number := retention_apply(due=due):
            total += number
        if total:
            gone[due.rule] = total
    return gone


def close(letter, days: float) -> None:
    letter.closes_at = ago(days)
    letter_save(letter=letter)


@pytest.mark.parametrize(("days", "goes"), [(30.1, True), (29.9, False)])
def test_what_was_never_confirmed_goes_after_thirty_days(text, days, goes):
    SignatureFactory.create(text=text, state="unconfirmed", sealed=True, created_at=ago(days))

    assert purge() == ({"unconfirmed for 30 days": 1} if goes else {})
    assert Signature.objects.exists() is not goes


@pytest.mark.parametrize(
    ("created", "decided", "goes"),
    [(31, None, True), (29, None, False), (60, 31, True), (60, 29, False)],
)
def test_a_duplicate_goes_after_thirty_days_or_thirty_after_a_decision(
    text, created, decided, goes
):
    SignatureFactory.create(
        text=text,
        state="duplicate",
        created_at=ago(created),
        decided_at=decided and ago(decided),
    )

    purge()

    assert Signature.objects.exists() is not goes


@pytest.mark.parametrize("state", ["pending", "accepted", "rejected"])
def test_what_counts_or_was_looked_at_stays_however_old(text, state):
    SignatureFactory.create(text=text, state=state, created_at=ago(4000))

    assert purge() == {}
    assert Signature.objects.count() == 1


def test_a_tombstone_stays(text):
    SignatureFactory.create(
        text=text,
        state="withdrawn",
        name="",
        residence="",
        occupation="",
        created_at=ago(4000),
    )

    assert purge() == {}


@pytest.mark.parametrize(("days", "goes"), [(90.1, True), (89.9, False)])
def test_addresses_for_updates_go_ninety_days_after_closing(text, letter, days, goes):
    close(letter, days)
    row = SignatureFactory.create(text=text, sealed=True, wants_updates=True, created_at=ago(200))

    purge()

    row.refresh_from_db()
    assert (row.email_sealed is None) is goes
    assert (row.wants_updates, row.state) == (not goes, "accepted")


def test_addresses_of_a_letter_that_does_not_close_stay(text):
    row = SignatureFactory.create(text=text, sealed=True, wants_updates=True, created_at=ago(4000))

    assert purge() == {}
    row.refresh_from_db()
    assert row.email_sealed is not None


@pytest.mark.parametrize(
    ("fields", "goes"),
    [
        ({"state": "pending", "wants_updates": True}, True),
        ({"state": "rejected", "wants_updates": False}, True),
        ({"state": "accepted", "wants_updates": False}, True),
        ({"state": "accepted", "wants_updates": True}, False),
    ],
)
def test_an_address_that_waits_for_nothing_goes_after_thirty_days(text, fields, goes):
    old = SignatureFactory.create(text=text, sealed=True, created_at=ago(31), **fields)
    young = SignatureFactory.create(text=text, sealed=True, created_at=ago(29), **fields)

    purge()

    old.refresh_from_db()
    young.refresh_from_db()
    assert (old.email_sealed is None) is goes
    assert young.email_sealed is not None
    assert old.state == fields["state"]


@pytest.mark.parametrize(("days", "left"), [(91, 0), (89, 1)])
def test_mail_tallies_go_ninety_days_after_closing(letter, days, left):
    close(letter, days)
    MailboxTally.objects.create(letter=letter, mailbox_key="k" * 43, sent=2)

    purge()

    assert MailboxTally.objects.count() == left


def test_one_confirmed_between_looking_and_forgetting_stays(text):
    row = SignatureFactory.create(text=text, state="unconfirmed", created_at=ago(31))
    due = retention_due()
    Signature.objects.filter(id=row.id).update(state="accepted", confirmed_at=timezone.now())

    assert sum(retention_apply(due=each) for each in due) == 0
    assert Signature.objects.exists()


def test_it_goes_on_in_batches_until_nothing_is_left(text, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    for _ in range(5):
        SignatureFactory.create(text=text, state="unconfirmed", created_at=ago(31))

    assert purge() == {"unconfirmed for 30 days": 5}
    assert sorted(entry.details["rows"] for entry in AuditEntry.objects.all()) == [1, 2, 2]


def test_the_command_says_what_went(text):
    SignatureFactory.create(text=text, state="unconfirmed", created_at=ago(31))

    out = StringIO()
    call_command("purge", stdout=out)

    assert out.getvalue().splitlines()[0] == "unconfirmed for 30 days: 1 gone"
    assert not Signature.objects.exists()


def test_a_dry_run_only_says_what_would_go(text):
    SignatureFactory.create(text=text, state="unconfirmed", created_at=ago(31))

    out = StringIO()
    call_command("purge", "--dry-run", stdout=out)

    assert out.getvalue().splitlines()[0] == "unconfirmed for 30 days: 1 would go"
    assert Signature.objects.count() == 1
    assert not AuditEntry.objects.exists()
