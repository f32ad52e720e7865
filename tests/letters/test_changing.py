"""Letters and texts change through services, which keep digests true and signed words still."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from letters.exceptions import TextLocked
from letters.models import Letter, LetterText
from letters.services import (
    letter_delete,
    letter_featured,
    letter_is_signed,
    letter_lock,
    letter_save,
    text_canonical,
    text_delete,
    text_for,
    text_save,
    timeline_for,
)

pytestmark = pytest.mark.django_db


def digests(letter: Letter) -> dict[str, str]:
    return dict(letter.texts.values_list("language", "digest"))


def impatient(action: Callable[[], object]) -> str:
    """What the database says to who does not wait for a lock; runs in a thread of its own."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        with pytest.raises(OperationalError) as refused:
            action()
        return str(refused.value)
    finally:
        connection.close()


class TestSavingALetter:
    @pytest.mark.parametrize("field", ["addressee", "cc", "sender"])
    def test_the_digests_follow_its_signed_fields(self, letter, field):
        before = digests(letter)
        setattr(letter, field, "Somebody else")

        letter_save(letter=letter)

        after = digests(letter)
        assert before.keys() == after.keys()
        assert all(before[language] != after[language] for language in before)

    def test_the_digests_stay_when_anything_else_changes(self, letter):
        before = digests(letter)
        letter.goal, letter.contact, letter.slug = 7, "Somebody else", "renamed"

        letter_save(letter=letter)

        assert digests(letter) == before

    def test_a_signed_letter_keeps_its_sender(self, letter, sign):
        sign(letter)
        letter.sender = "Somebody else"

        with pytest.raises(TextLocked):
            letter_save(letter=letter)

        assert Letter.objects.get().sender == "A Society"

    def test_a_signed_letter_may_close_earlier(self, letter, sign):
        sign(letter)
        letter.closes_at = None

        letter_save(letter=letter)

        assert Letter.objects.get().closes_at is None

    def test_featuring_one_ends_the_featuring_of_the_other(self, letter):
        other = Letter(slug="other", addressee="B", sender="C", letter_date=letter.letter_date)
        other.is_featured = other.is_published = True

        letter_save(letter=other)

        assert letter_featured() == other

    def test_a_featured_letter_may_be_saved_again(self, letter):
        letter_save(letter=letter)

        assert letter_featured() == letter


class TestSavingAText:
    def test_it_is_stored_as_it_will_be_signed(self, letter):
        text = letter.texts.get(language="en")
        text.body = "\r\nMadam,  \r\nspeak.\r\n"

        text_save(text=text)

        text.refresh_from_db()
        assert text.body == "Madam,\nspeak."

    def test_its_digest_is_that_of_the_canonical_text(self, letter):
        text = letter.texts.get(language="en")
        text.title = "Another title"

        text_save(text=text)

        canonical = text_canonical(text=text)
        assert text.digest == hashlib.sha256(canonical.encode()).hexdigest()
        assert "Title: Another title\n" in canonical

    @pytest.mark.parametrize(
        ("field", "value"),
        [("title", "T"), ("body", "B"), ("language", "es"), ("is_courtesy_translation", False)],
    )
    def test_a_signed_one_does_not_change(self, letter, sign, field, value):
        sign(letter)
        letter.texts.filter(language="en").update(is_courtesy_translation=True)
        text = letter.texts.get(language="fr")
        setattr(text, field, value)

        with pytest.raises(TextLocked):
            text_save(text=text)

    def test_the_appeal_of_a_signed_one_may_change(self, letter, sign):
        sign(letter)
        text = letter.texts.get(language="en")
        text.appeal = "Another appeal."

        text_save(text=text)

        assert letter.texts.get(language="en").appeal == "Another appeal."

    def test_it_locks_the_letter_so_that_nobody_signs_meanwhile(self, letter):
        if not connection.features.has_select_for_update:
            pytest.skip("this database lets one writer in at a time")
        text = letter.texts.get(language="en")

        with CaptureQueriesContext(connection) as queries:
            text_save(text=text)

        locks = [q["sql"] for q in queries if q["sql"].endswith("FOR UPDATE")]
        assert len(locks) == 1
        assert '"letters_letter"' in locks[0]

    @pytest.mark.postgres
    @pytest.mark.django_db(transaction=True)
    def test_a_signature_waits_while_the_letter_is_being_changed(self, letter, sign):
        if connection.vendor != "postgresql":
            pytest.skip("this database lets one writer in at a time")

        with transaction.atomic(), ThreadPoolExecutor() as others:
            letter_lock(letter=letter)
            complaint = others.submit(impatient, lambda: sign(letter)).result()

        assert "lock timeout" in complaint
        assert not letter_is_signed(letter)


class TestDeleting:
    def test_an_unsigned_letter_goes_with_its_texts(self, letter):
        letter_delete(letter=letter)

        assert not Letter.objects.exists()
        assert not LetterText.objects.exists()

    def test_a_signed_letter_stays(self, letter, sign):
        sign(letter)

        with pytest.raises(TextLocked):
            letter_delete(letter=letter)

        assert Letter.objects.get().texts.count() == 2

    def test_an_unsigned_translation_goes(self, letter):
        text_delete(text=letter.texts.get(language="fr"))

        assert list(letter.texts.values_list("language", flat=True)) == ["en"]

    def test_a_translation_of_a_signed_letter_stays(self, letter, sign):
        sign(letter)

        with pytest.raises(TextLocked):
            text_delete(text=letter.texts.get(language="fr"))

        assert letter.texts.count() == 2


class TestAsking:
    def test_a_letter_is_signed_from_its_first_signature_on(self, letter, sign):
        assert letter_is_signed(letter) is False

        sign(letter)

        assert letter_is_signed(letter) is True

    def test_no_letter_is_featured_while_the_chosen_one_is_unpublished(self, letter):
        letter.is_published = False
        letter_save(letter=letter)

        assert letter_featured() is None

    @pytest.mark.parametrize(
        ("asked", "told"), [("en", "en"), ("fr", "fr"), ("es", "en"), ("zh-hans", "en")]
    )
    def test_the_text_is_in_the_language_asked_for_or_the_binding_one(self, letter, asked, told):
        text = text_for(letter, asked)

        assert text is not None
        assert text.language == told

    def test_a_letter_without_words_has_no_text(self, letter):
        letter.texts.all().delete()

        assert text_for(letter, "en") is None

    def test_the_timeline_falls_back_to_the_language_of_the_binding_text(self, letter):
        letter.timeline.create(language="es", when="1989", who="Estudiantes", what="Murieron.")

        assert [event.who for event in timeline_for(letter, "es")] == ["Estudiantes"]
        assert [event.who for event in timeline_for(letter, "fr")] == ["Students", "Founders"]

    def test_a_letter_without_words_and_events_has_no_timeline(self, letter):
        letter.texts.all().delete()

        assert timeline_for(letter, "fr") == []
