"""Who withdraws on the site is not put back by an old mail, a sheet or a list."""

from __future__ import annotations

import pytest

from signatures.enums import State
from signatures.exceptions import PersonWithdrew
from signatures.models import CountChange, Signature
from signatures.services.moderation import signature_decide, signatures_decide
from signatures.services.own_page import signature_erase, signature_withdraw
from signatures.services.transitions import person_withdrew
from tests.factories import SignatureFactory, make_moderator

pytestmark = pytest.mark.django_db
WHO = {"name": "Amal Haddad", "residence": "Beirut", "occupation": "teacher"}


@pytest.fixture
def gone(text) -> Signature:
    """Somebody who signed with a mailbox, confirmed, and withdrew."""
    row = SignatureFactory.create(text=text, email="amal@example.org", **WHO)
    signature_withdraw(signature_id=row.id)
    return row


def brought(text, **who: object) -> Signature:
    """What a list brought, waiting for a person."""
    waits = {"source": "csv", "state": "pending", "decided_at": None}
    return SignatureFactory.create(text=text, **(waits | WHO | who))


@pytest.mark.parametrize(
    "who",
    [{}, {"name": "AMAL  HADDAD"}, {"residence": "Tyre", "email": "amal@example.org"}],
    ids=["the same words", "other letters", "the same mailbox"],
)
@pytest.mark.parametrize("state", ["pending", "duplicate"])
def test_a_row_of_them_cannot_be_accepted(text, gone, who, state):
    row = brought(text, state=state, **who)

    with pytest.raises(PersonWithdrew, match="has withdrawn"):
        signature_decide(signature_id=row.id, to=State.ACCEPTED, actor=make_moderator())

    assert Signature.objects.get(id=row.id).state == state


def test_accepting_many_leaves_them_out_and_says_so(text, gone):
    rows = [brought(text), brought(text, name="Somebody Else")]

    decided = signatures_decide(
        signature_ids=[row.id for row in rows], to=State.ACCEPTED, actor=make_moderator()
    )

    assert decided.done == 1
    assert list(decided.refused.values()) == [1]
    assert "has withdrawn" in next(iter(decided.refused))


@pytest.mark.parametrize("who", [{"name": "Amal Hadad"}, {"residence": "Tyre"}])
def test_somebody_else_can_be_accepted(text, gone, who):
    row = brought(text, **who)

    signature_decide(signature_id=row.id, to=State.ACCEPTED, actor=make_moderator())

    assert Signature.objects.get(id=row.id).state == "accepted"


def test_under_another_letter_they_can_be_accepted(gone):
    row = SignatureFactory.create(source="csv", state="pending", decided_at=None, **WHO)

    signature_decide(signature_id=row.id, to=State.ACCEPTED, actor=make_moderator())

    assert Signature.objects.get(id=row.id).state == "accepted"


def test_who_signs_by_the_form_again_has_changed_their_mind(text, gone):
    row = SignatureFactory.create(text=text, state="pending", decided_at=None, **WHO)

    signature_decide(signature_id=row.id, to=State.ACCEPTED, actor=make_moderator())

    assert Signature.objects.get(id=row.id).state == "accepted"


def test_it_costs_one_question(text, gone, django_assert_num_queries):
    row = brought(text, email="amal@example.org")

    with django_assert_num_queries(1):
        assert person_withdrew(row)


class TestWhoeverSignedTwice:
    """Two forms with one name and mailbox, both confirmed: the second is a duplicate."""

    @pytest.fixture
    def both(self, text) -> tuple[Signature, Signature]:
        amal = {"email": "amal@example.org", **WHO}
        first = SignatureFactory.create(text=text, **amal)
        second = SignatureFactory.create(
            text=text, **amal, state="duplicate", confirmed_at=first.confirmed_at
        )
        return first, second

    def test_withdrawing_by_the_second_link_withdraws_the_one_that_counts(self, both):
        signature_withdraw(signature_id=both[1].id)

        assert set(Signature.objects.values_list("state", "name")) == {("withdrawn", "")}
        assert list(CountChange.objects.values_list("change", flat=True)) == [-1]

    def test_erasing_by_the_second_link_erases_both(self, both):
        signature_erase(signature_id=both[1].id)

        assert not Signature.objects.exists()

    def test_one_that_never_confirmed_speaks_for_itself_only(self, both):
        Signature.objects.filter(id=both[1].id).update(confirmed_at=None)

        signature_withdraw(signature_id=both[1].id)

        assert Signature.objects.get(id=both[0].id).state == "accepted"

    def test_somebody_else_at_the_same_mailbox_stays(self, text, both):
        other = SignatureFactory.create(text=text, email="amal@example.org", name="Rami Haddad")

        signature_withdraw(signature_id=both[1].id)

        assert Signature.objects.get(id=other.id).state == "accepted"
