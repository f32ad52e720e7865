"""Two signatures side by side: a person says whether they are one person, and may take it back."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from signatures.enums import HoldReason, State
from signatures.exceptions import SignatureError
from signatures.models import AuditEntry, Signature, Suggestion
from signatures.services.duplicates import duplicates_note
from signatures.services.name_keys import name_keys_make
from signatures.services.own_page import signature_withdraw
from signatures.services.pairs import pair_differ, pair_same, pair_undo
from tests.factories import SignatureFactory, make_delivery_staff, make_moderator

pytestmark = pytest.mark.django_db

LIST = "/admin/signatures/suggestion/"


@pytest.fixture
def moderator(db) -> User:
    return make_moderator()


@pytest.fixture
def desk(client: Client, moderator: User) -> Client:
    client.force_login(moderator)
    return client


def people(text, *names: str, **fields):
    rows = [
        SignatureFactory.create(
            text=text,
            name=name,
            residence="Boston",
            occupation="teacher",
            email="",
            **fields,
        )
        for name in names
    ]
    name_keys_make(signatures=rows)
    for row in rows:
        duplicates_note(signature=row)
    return rows


@pytest.fixture
def pair(text) -> Suggestion:
    """An accepted signature and a pending one that may be the same person's."""
    (old,) = people(text, "Yang Jianli")
    people(text, "杨建利", state=State.PENDING)
    return Suggestion.objects.get(first=old)


def states(pair: Suggestion) -> list[str]:
    rows = Signature.objects.filter(id__in=[pair.first_id, pair.second_id]).order_by("id")
    return list(rows.values_list("state", flat=True))


def holds(pair: Suggestion) -> list[str]:
    return Signature.objects.get(id=pair.second_id).hold_reasons


class TestOnePerson:
    def test_one_is_kept_and_the_other_marked(self, pair, moderator):
        marked = pair_same(suggestion_id=pair.id, keep=pair.first_id, actor=moderator)

        assert marked.id == pair.second_id
        assert states(pair) == [State.ACCEPTED, State.DUPLICATE]
        entry = AuditEntry.objects.get(action=State.DUPLICATE)
        assert (entry.actor, entry.reason) == (moderator, f"the same person as {pair.first_id}")
        assert not Suggestion.objects.open().exists()

    def test_the_newer_one_may_be_kept_and_waits_on(self, pair, moderator):
        pair_same(suggestion_id=pair.id, keep=pair.second_id, actor=moderator)

        assert states(pair) == [State.DUPLICATE, State.PENDING]
        assert holds(pair) == []

    def test_undo_restores_both(self, pair, moderator):
        pair_same(suggestion_id=pair.id, keep=pair.second_id, actor=moderator)

        pair_undo(suggestion_id=pair.id, actor=moderator)

        assert states(pair) == [State.ACCEPTED, State.PENDING]
        assert holds(pair) == [HoldReason.DUPLICATE]
        assert Suggestion.objects.open().get() == pair

    def test_a_third_one_is_held_no_longer_than_it_is_like_somebody(self, text, moderator):
        first, second, third = people(
            text, "Yang Jianli", "杨建利", "YANG, Jian Li", state=State.PENDING
        )
        for other in (first, second):
            known = Suggestion.objects.about(third.id).about(other.id).get()
            pair_same(suggestion_id=known.id, keep=third.id, actor=moderator)

        third.refresh_from_db()
        assert third.hold_reasons == []

    def test_a_stranger_to_the_pair_cannot_be_kept(self, pair, moderator):
        stranger = SignatureFactory.create()

        with pytest.raises(SignatureError, match="not one of the two"):
            pair_same(suggestion_id=pair.id, keep=stranger.id, actor=moderator)

        assert states(pair) == [State.ACCEPTED, State.PENDING]

    def test_a_pair_that_was_decided_meanwhile_stays_as_it_is(self, pair, moderator):
        signature_withdraw(signature_id=pair.first_id)
        again = Suggestion.objects.create(
            first_id=pair.first_id, second_id=pair.second_id, score=0.9
        )

        with pytest.raises(SignatureError, match="does not wait"):
            pair_same(suggestion_id=again.id, keep=pair.first_id, actor=moderator)


class TestTwoPeople:
    def test_they_are_not_suggested_again(self, pair, moderator):
        pair_differ(suggestion_id=pair.id, actor=moderator)

        duplicates_note(signature=pair.second)

        assert not Suggestion.objects.open().exists()
        assert holds(pair) == []

    def test_it_is_in_the_log_of_both(self, pair, moderator):
        pair_differ(suggestion_id=pair.id, actor=moderator)

        told = AuditEntry.objects.filter(action="told apart", actor=moderator)
        assert set(told.values_list("signature_id", flat=True)) == {pair.first_id, pair.second_id}

    def test_saying_it_twice_changes_nothing(self, pair, moderator):
        pair_differ(suggestion_id=pair.id, actor=moderator)
        pair_differ(suggestion_id=pair.id, actor=moderator)

        assert AuditEntry.objects.filter(action="told apart").count() == 2

    def test_undo_lets_them_wait_again(self, pair, moderator):
        pair_differ(suggestion_id=pair.id, actor=moderator)

        pair_undo(suggestion_id=pair.id, actor=moderator)

        assert Suggestion.objects.open().get() == pair
        assert holds(pair) == [HoldReason.DUPLICATE]


class TestUndo:
    def test_without_a_decision_there_is_nothing_to_undo(self, pair, moderator):
        with pytest.raises(SignatureError, match="no decision to undo"):
            pair_undo(suggestion_id=pair.id, actor=moderator)

    def test_a_pair_that_was_erased_is_told_so(self, pair, moderator):
        Suggestion.objects.all().delete()

        with pytest.raises(SignatureError, match="erased meanwhile"):
            pair_undo(suggestion_id=pair.id, actor=moderator)


class TestTheList:
    def test_it_shows_both_and_why(self, desk: Client, pair):
        page = desk.get(LIST).content.decode()

        assert "Yang Jianli · Boston · teacher" in page
        assert "杨建利 · Boston · teacher" in page
        assert "same name in another script" in page

    def test_decided_pairs_are_not_on_it(self, desk: Client, pair, moderator):
        pair_differ(suggestion_id=pair.id, actor=moderator)

        assert "杨建利" not in desk.get(LIST).content.decode()

    def test_it_takes_as_many_queries_for_forty_pairs_as_for_one(
        self, desk: Client, text, pair, django_assert_max_num_queries
    ):
        with django_assert_max_num_queries(20) as few:
            desk.get(LIST)
        rows = [SignatureFactory.create(text=text) for _number in range(80)]
        Suggestion.objects.bulk_create(
            Suggestion(first=first, second=second, score=0.8)
            for first, second in zip(rows[::2], rows[1::2], strict=True)
        )

        with django_assert_max_num_queries(len(few)):
            desk.get(LIST)

    def test_a_moderator_has_new_ones_looked_for(self, desk: Client, text, background):
        response = desk.post(f"{LIST}find/")

        assert response["Location"] == LIST
        assert background() == 1

    @pytest.mark.parametrize("path", ["", "find/", "1/change/"])
    def test_delivery_staff_have_no_business_there(self, client: Client, pair, path):
        client.force_login(make_delivery_staff())

        assert client.get(LIST + path).status_code == 403
        assert client.post(LIST + path, {"decision": "different"}).status_code == 403


class TestThePair:
    def address(self, pair: Suggestion) -> str:
        return f"{LIST}{pair.id}/change/"

    def test_both_stand_side_by_side(self, desk: Client, pair):
        page = desk.get(self.address(pair)).content.decode()

        assert "<td><bdi>Yang Jianli</bdi></td><td><bdi>杨建利</bdi></td>" in page
        assert "<p>Same name in another script, same residence, same occupation</p>" in page

    @pytest.mark.parametrize(
        ("decision", "after"),
        [
            ("keep_first", [State.ACCEPTED, State.DUPLICATE]),
            ("keep_second", [State.DUPLICATE, State.PENDING]),
            ("different", [State.ACCEPTED, State.PENDING]),
        ],
    )
    def test_a_button_decides_and_another_takes_it_back(
        self, desk: Client, pair, decision: str, after: list[str]
    ):
        answer = desk.post(self.address(pair), {"decision": decision})
        decided = states(pair)
        desk.post(self.address(pair), {"decision": "undo"})

        assert answer.status_code == 302
        assert decided == after
        assert states(pair) == [State.ACCEPTED, State.PENDING]

    def test_after_a_decision_only_undo_is_offered(self, desk: Client, pair, moderator):
        pair_differ(suggestion_id=pair.id, actor=moderator)

        page = desk.get(self.address(pair)).content.decode()

        assert "moderator said on" in page
        assert 'value="undo"' in page
        assert 'value="keep_first"' not in page

    def test_the_next_pair_is_the_next_likely_one(self, desk: Client, text, pair):
        rows = [SignatureFactory.create(text=text) for _number in range(4)]
        likelier = Suggestion.objects.create(first=rows[0], second=rows[1], score=1.0)
        other = Suggestion.objects.create(first=rows[2], second=rows[3], score=0.8)

        page = desk.get(self.address(pair)).content.decode()
        last = desk.get(self.address(other)).content.decode()

        assert f'href="{self.address(other)}"' in page
        assert f'href="{self.address(likelier)}"' not in page
        assert "Next pair" not in last

    def test_what_cannot_be_done_is_one_sentence(self, desk: Client, pair):
        page = desk.post(self.address(pair), {"decision": "undo"}, follow=True).content.decode()

        assert "There is no decision to undo." in page

    def test_it_never_shows_a_mailbox(self, desk: Client, pair):
        Signature.objects.filter(id=pair.first_id).update(
            email_key="k" * 43, email_sealed="sealed", confirmed_at=timezone.now()
        )

        page = desk.get(self.address(pair)).content.decode()

        assert "k" * 43 not in page
        assert "<bdi>given</bdi>" in page

    def test_a_signatures_page_leads_there(self, desk: Client, pair):
        page = desk.get(f"/admin/signatures/signature/{pair.second_id}/change/").content.decode()

        assert f'href="{self.address(pair)}"' in page
        assert "Yang Jianli · Boston · teacher" in page
