"""A bundle becomes a letter; loading it twice changes nothing; what was signed stays."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from letters.canonical import text_digest
from letters.content import read_bundle
from letters.enums import LoadOutcome
from letters.exceptions import BundleError, TextLocked
from letters.models import Letter, LetterText, TimelineEvent
from letters.services import letter_load
from signatures.enums import State

from .bundles import ENGLISH, FRENCH, LETTER, TIMELINE, write_bundle

pytestmark = pytest.mark.django_db


def everything() -> list[object]:
    return [list(model.objects.values()) for model in (Letter, LetterText, TimelineEvent)]


def rewritten(bundle, **changes):
    return read_bundle(write_bundle(bundle.path, **changes))


class TestLoading:
    def test_it_creates_letter_texts_and_timeline(self, bundle):
        result = letter_load(bundle=bundle)

        letter = Letter.objects.get(slug="small")
        assert (result.letter, result.outcome) == (letter, LoadOutcome.CREATED)
        assert letter.addressee_lines == ["Her Excellency", "The Assembly"]
        assert letter.cc_lines == ["First Committee", "Second Committee"]
        assert letter.leader_lines == ["First Leader", "Second Leader"]
        assert letter.recipients == ["Her Excellency", "First Committee", "Second Committee"]
        assert [text.title for text in letter.texts.all()] == ["A letter", "Une lettre"]
        assert [event.who for event in letter.timeline.all()] == ["Students", "Founders"]

    def test_each_text_carries_the_digest_of_its_canonical_text(self, letter):
        french = letter.texts.get(language="fr")

        assert french.digest == text_digest(
            addressee="Her Excellency\nThe Assembly",
            cc="First Committee\nSecond Committee",
            sender="A Society",
            letter_date=letter.letter_date,
            language="fr",
            title="Une lettre",
            body="Madame,\n\nrépondez.",
        )

    def test_a_second_time_changes_nothing_and_writes_nothing(self, letter, bundle):
        before = everything()

        with CaptureQueriesContext(
            connection,
        ) as queries:
            result = letter_load(bundle=bundle)

        assert result.outcome == LoadOutcome.UNCHANGED
        assert everything() == before
        written = [q["sql"] for q in queries if q["sql"].startswith(("INSERT", "UPDATE", "DELETE"))]
        assert written == []

    def test_a_changed_bundle_wins(self, letter, bundle):
        changed = rewritten(
            bundle,
            letter=LETTER.replace("goal: 500", "goal: 900"),
            text_en=ENGLISH.replace("please", "do"),
            timeline_en=TIMELINE.replace("shot at", "killed"),
        )

        result = letter_load(bundle=changed)

        letter.refresh_from_db()
        assert result.outcome == LoadOutcome.UPDATED
        assert letter.goal == 900
        assert letter.texts.get(language="en").body == "Madam,\n\ndo answer."
        assert letter.timeline.first().what == "They were killed."

    def test_a_changed_addressee_renews_the_digest_of_every_text(self, letter, bundle):
        before = set(letter.texts.values_list("digest", flat=True))

        letter_load(bundle=rewritten(bundle, letter=LETTER.replace("The Assembly", "The Court")))

        assert before.isdisjoint(letter.texts.values_list("digest", flat=True))

    def test_a_text_that_is_gone_from_the_bundle_goes(self, letter, bundle):
        letter_load(bundle=rewritten(bundle, text_fr=None))

        assert list(letter.texts.values_list("language", flat=True)) == ["en"]

    def test_binding_text_and_translation_can_change_places(self, letter, bundle):
        swapped = rewritten(
            bundle,
            text_en=ENGLISH.replace("title:", "is_courtesy_translation: true\ntitle:"),
            text_fr=FRENCH.replace("true", "false"),
        )

        letter_load(bundle=swapped)

        assert letter.texts.get(is_courtesy_translation=False).language == "fr"

    def test_a_featured_letter_takes_the_place_of_the_featured_one(self, letter, bundle):
        letter_load(bundle=replace(bundle, slug="other"))

        featured = Letter.objects.filter(is_featured=True)
        assert [letter.slug for letter in featured] == ["other"]

    @pytest.mark.parametrize(
        ("old", "new", "field"),
        [
            ("sender: A Society", "sender: " + "a" * 201, "sender"),
            ("sign@example.org", "nobody", "sign_on_email"),
            ("slug: small", "slug: " + "s" * 81, "slug"),
        ],
    )
    def test_a_value_that_does_not_fit_leaves_nothing_behind(self, bundle, old, new, field):
        misfit = rewritten(bundle, letter=LETTER.replace(old, new))

        with pytest.raises(BundleError, match=rf"^\S+small: {field}: [^\n]+$"):
            letter_load(bundle=misfit)

        assert everything() == [[], [], []]

    def test_a_text_that_does_not_fit_leaves_nothing_behind(self, bundle):
        misfit = rewritten(bundle, text_fr=FRENCH.replace("Une lettre", "u" * 251))

        with pytest.raises(BundleError, match="title"):
            letter_load(bundle=misfit)

        assert everything() == [[], [], []]


class TestASignedLetter:
    @pytest.mark.parametrize("state", State.values)
    def test_it_is_locked_by_a_signature_in_any_state(self, letter, bundle, sign, state):
        sign(letter, state)

        with pytest.raises(TextLocked):
            letter_load(bundle=rewritten(bundle, text_en=ENGLISH.replace("please", "do")))

    @pytest.mark.parametrize(
        "changes",
        [
            {"letter": LETTER.replace("The Assembly", "The Court")},
            {"letter": LETTER.replace("First Committee", "Third Committee")},
            {"letter": LETTER.replace("A Society", "A Club")},
            {"letter": LETTER.replace("2011-06-04", "2011-06-05")},
            {"text_en": ENGLISH.replace("please", "do")},
            {"text_en": ENGLISH.replace("A letter", "Another letter")},
            {"text_fr": FRENCH.replace("répondez", "parlez")},
            {"text_fr": None},
            {
                "text_en": ENGLISH.replace("title:", "is_courtesy_translation: true\ntitle:"),
                "text_fr": FRENCH.replace("true", "false"),
            },
        ],
        ids=[
            "addressee", "copies", "sender", "date", "words", "title", "translation",
            "text gone", "other binding text",
        ],
    )  # fmt: skip
    def test_no_part_of_what_was_signed_changes(self, letter, bundle, sign, changes):
        sign(letter)
        before = everything()
        changed = rewritten(bundle, **changes)
        changed = replace(changed, goal=12345)

        with pytest.raises(TextLocked, match="has been signed"):
            letter_load(bundle=changed)

        assert everything() == before

    def test_the_same_words_typed_otherwise_are_the_same_words(self, letter, bundle, sign):
        sign(letter)

        result = letter_load(bundle=rewritten(bundle, text_en=ENGLISH.replace(",\n", ",  \n")))

        assert result.outcome == LoadOutcome.UNCHANGED

    def test_appeal_timeline_and_a_new_translation_are_welcome(self, letter, bundle, sign):
        sign(letter)
        before = dict(letter.texts.values_list("language", "digest"))
        changed = rewritten(
            bundle,
            appeal_en="Another appeal.",
            timeline_en=TIMELINE.replace("Students", "Citizens"),
            text_es=FRENCH.replace("Madame", "Señora"),
        )

        result = letter_load(bundle=changed)

        after = dict(letter.texts.values_list("language", "digest"))
        assert result.outcome == LoadOutcome.UPDATED
        assert letter.texts.get(language="en").appeal == "Another appeal."
        assert letter.timeline.first().who == "Citizens"
        assert after == before | {"es": after["es"]}
