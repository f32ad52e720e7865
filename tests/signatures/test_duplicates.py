"""Who may be one person is suggested to a moderator, held, and never decided."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from letters.models import LetterText
from signatures.enums import HoldReason, Source, State
from signatures.intake.parsed import Confidence, Kind, ParsedMessage, ParsedSigner
from signatures.models import AuditEntry, KeyingPosition, NameKey, Signature, Suggestion
from signatures.services.duplicates import (
    duplicates_find,
    duplicates_note,
    duplicates_restart,
    suggestions_for,
)
from signatures.services.name_keys import name_keys_make
from signatures.services.own_page import signature_correct, signature_erase, signature_withdraw
from signatures.services.paper import sheet_enter
from signatures.services.signing import Signatory
from signatures.services.staging import item_stage, staged_correct
from tests.factories import SignatureFactory, TextFactory, make_moderator

pytestmark = pytest.mark.django_db

LATER = timedelta(hours=1)


def person(text, name: str, **fields):
    fields = {"residence": "Boston, USA", "occupation": "teacher", "email": "", **fields}
    return SignatureFactory.create(text=text, name=name, **fields)


def find() -> int:
    """Look through everything, an hour from now."""
    total = 0
    while number := duplicates_find(now=timezone.now() + LATER):
        total += number
    return total


def pairs() -> list[tuple[str, str]]:
    return list(Suggestion.objects.order_by("id").values_list("first__name", "second__name"))


class TestSuggestions:
    def test_one_name_in_two_scripts_is_suggested_with_the_reason(self, text):
        old, new = person(text, "Yang Jianli"), person(text, "杨建利")
        name_keys_make(signatures=[old, new])

        (alike,) = suggestions_for(signature=new)

        assert alike.other == old
        assert (
            alike.likeness.words == "same name in another script, same residence, same occupation"
        )

    def test_the_likeliest_comes_first(self, text):
        far = person(text, "Jane Testing", residence="Boston, USA", occupation="nurse")
        near = person(text, "Jane Testing", email="jane@example.org")
        new = person(text, "Jane Testing", residence="Boston")
        name_keys_make(signatures=[far, near, new])

        assert [alike.other for alike in suggestions_for(signature=new)] == [near, far]

    def test_another_residence_and_occupation_is_another_person(self, text):
        old = person(text, "Yang Jianli")
        new = person(text, "Yang Jianli", residence="Berlin", occupation="baker")
        name_keys_make(signatures=[old, new])

        assert suggestions_for(signature=new) == []

    def test_a_signature_under_another_letter_is_not_compared(self, text):
        old, new = person(TextFactory.create(), "Yang Jianli"), person(text, "Yang Jianli")
        name_keys_make(signatures=[old, new])

        assert suggestions_for(signature=new) == []

    def test_a_rejected_one_is_not_suggested(self, text):
        old = person(text, "Yang Jianli", state=State.REJECTED)
        new = person(text, "Yang Jianli")
        name_keys_make(signatures=[old, new])

        assert suggestions_for(signature=new) == []

    def test_one_lookup_takes_two_queries(self, text, django_assert_num_queries):
        rows = [person(text, "Jane Testing", email=f"{n}@example.org") for n in range(20)]
        name_keys_make(signatures=rows)

        with django_assert_num_queries(2):
            found = suggestions_for(signature=rows[0])

        assert len(found) == 10

    def test_a_key_tells_no_name(self, text):
        name_keys_make(signatures=[person(text, "Yang Jianli")])

        keys = NameKey.objects.values_list("key", flat=True)
        assert len(keys) >= 5
        assert all(abs(key) > 2**32 for key in keys)


class TestHolding:
    def test_a_pending_one_is_held_and_the_log_says_so(self, text):
        old = person(text, "Yang Jianli")
        new = person(text, "杨建利", state=State.PENDING)
        name_keys_make(signatures=[old, new])

        duplicates_note(signature=new)

        new.refresh_from_db()
        old.refresh_from_db()
        assert new.hold_reasons == [HoldReason.DUPLICATE]
        assert old.hold_reasons == []
        entry = AuditEntry.objects.get()
        assert (entry.actor, entry.action) == (None, "possible duplicate")
        assert entry.signature_id == new.id

    def test_noting_twice_changes_nothing(self, text):
        old = person(text, "Yang Jianli")
        new = person(text, "杨建利", state=State.PENDING)
        name_keys_make(signatures=[old, new])

        duplicates_note(signature=new)
        duplicates_note(signature=old)

        assert Suggestion.objects.count() == AuditEntry.objects.count() == 1

    def test_an_unconfirmed_one_holds_nobody(self, text):
        old = person(text, "Yang Jianli", state=State.PENDING)
        new = person(text, "杨建利", email="yang@example.org", state=State.UNCONFIRMED)
        name_keys_make(signatures=[old, new])

        duplicates_note(signature=new)

        old.refresh_from_db()
        assert old.hold_reasons == []
        assert not Suggestion.objects.open().exists()

    def test_it_waits_for_a_person_once_the_mailbox_is_confirmed(self, text):
        old = person(text, "Yang Jianli")
        new = person(text, "杨建利", email="yang@example.org", state=State.UNCONFIRMED)
        name_keys_make(signatures=[old, new])
        duplicates_note(signature=new)

        Signature.objects.filter(id=new.id).update(state=State.ACCEPTED)

        assert Suggestion.objects.open().count() == 1


class TestLookingThroughWhatCameIn:
    def test_every_signature_is_keyed_and_compared_once(self, text):
        person(text, "Yang Jianli")
        person(text, "杨建利")
        person(text, "Jane Testing")

        assert find() == 3
        assert pairs() == [("Yang Jianli", "杨建利")]
        assert find() == 0

    def test_it_goes_on_behind_the_last_one(self, text):
        person(text, "Yang Jianli")
        find()
        person(text, "杨建利")

        assert find() == 1
        assert pairs() == [("Yang Jianli", "杨建利")]

    def test_one_that_may_not_be_stored_yet_is_left_for_the_next_run(self, text):
        person(text, "Yang Jianli")

        assert duplicates_find() == 0
        assert find() == 1

    def test_a_long_list_is_read_in_batches(self, text, monkeypatch):
        monkeypatch.setattr("signatures.services.duplicates.BATCH", 2)
        rows = [person(text, f"Person {letter}ton") for letter in "abcde"]

        first = duplicates_find(now=timezone.now() + LATER)

        assert first == 2
        assert KeyingPosition.objects.get().after == rows[1].id
        assert find() == 3

    def test_what_was_keyed_when_it_came_in_is_not_compared_again(
        self, text, django_assert_max_num_queries
    ):
        rows = [person(text, f"Person {letter}ton") for letter in "abcde"]
        name_keys_make(signatures=rows)

        with django_assert_max_num_queries(14):
            find()

    def test_starting_anew_finds_one_that_came_in_with_an_older_id(self, text):
        old = person(text, "Yang Jianli")
        new = person(text, "杨建利")
        KeyingPosition.objects.create(id=1, after=old.id)
        assert find() == 1
        assert pairs() == []
        assert new.name_keys.exists()

        duplicates_restart()
        find()

        assert pairs() == [("Yang Jianli", "杨建利")]

    def test_the_command_says_how_many_wait(self, text, monkeypatch):
        monkeypatch.setattr("signatures.services.duplicates.UNDER_WAY", -LATER)
        person(text, "Yang Jianli")
        person(text, "杨建利")
        out = StringIO()

        call_command("find_duplicates", stdout=out)

        assert out.getvalue() == (
            "looked through: 2\npossible duplicates that wait for a person: 1\n"
        )

    def test_the_command_can_begin_anew(self, text, monkeypatch):
        monkeypatch.setattr("signatures.services.duplicates.UNDER_WAY", -LATER)
        person(text, "Yang Jianli")
        call_command("find_duplicates", stdout=StringIO())
        out = StringIO()

        call_command("find_duplicates", "--anew", stdout=out)

        assert out.getvalue().startswith("looked through: 1\n")


class TestForgetting:
    def test_who_withdraws_leaves_no_keys_and_no_suggestions(self, text):
        old, new = person(text, "Yang Jianli"), person(text, "杨建利")
        find()

        signature_withdraw(signature_id=old.id)

        assert not NameKey.objects.filter(signature=old).exists()
        assert NameKey.objects.filter(signature=new).exists()
        assert not Suggestion.objects.exists()

    def test_who_is_erased_leaves_no_keys(self, text):
        row = person(text, "Yang Jianli")
        find()

        signature_erase(signature_id=row.id)

        assert not NameKey.objects.exists()

    def test_a_withdrawn_one_is_not_keyed(self, text):
        row = person(text, "Yang Jianli")
        signature_withdraw(signature_id=row.id)

        assert find() == 0
        assert not NameKey.objects.exists()

    def test_a_corrected_one_is_looked_at_with_its_new_words(self, text, background):
        person(text, "Yang Jianli")
        row = person(text, "杨建利")
        find()

        signature_correct(
            signature_id=row.id, name="Jane Testing", residence="Cork", occupation="baker"
        )
        background()

        assert not Suggestion.objects.exists()
        assert suggestions_for(signature=Signature.objects.get(id=row.id)) == []


class TestWhatComesInByOtherWays:
    def stage(self, text: LetterText, *signers: ParsedSigner) -> None:
        message = ParsedMessage("1@example.org", Kind.SIGNATURE, signers, "", "")
        item_stage(text=text, source=Source.EMAIL, ref="1@example.org", message=message)

    def test_a_mail_is_compared_as_it_is_taken_in(self, text):
        name_keys_make(signatures=[person(text, "Yang Jianli")])

        self.stage(text, ParsedSigner("杨建利", "Boston", "teacher", "", Confidence.COMPLETE))

        row = Signature.objects.get(source=Source.EMAIL)
        assert row.hold_reasons == [HoldReason.DUPLICATE]
        assert pairs() == [("Yang Jianli", "杨建利")]

    def test_a_correction_is_compared_again(self, text):
        name_keys_make(signatures=[person(text, "Yang Jianli")])
        self.stage(text, ParsedSigner("杨建利", "Boston", "teacher"))
        row = Signature.objects.get(source=Source.EMAIL)

        staged_correct(
            signature_id=row.id,
            actor=make_moderator(),
            name="Jane Testing",
            residence="Boston",
            occupation="teacher",
        )

        row.refresh_from_db()
        assert row.hold_reasons == []
        assert pairs() == []

    def test_a_line_of_a_sheet_is_compared(self, text):
        name_keys_make(signatures=[person(text, "Yang Jianli")])
        signatory = Signatory(name="杨建利", residence="Boston", occupation="teacher")

        sheet_enter(text=text, sheet="7", scan="", people={1: signatory}, actor=make_moderator())

        assert pairs() == [("Yang Jianli", "杨建利")]
