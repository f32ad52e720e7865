"""When a letter may be signed, and what the database itself refuses."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from hypothesis import given
from hypothesis import strategies as st

from letters.enums import Phase
from letters.models import Letter, LetterText, TimelineEvent
from letters.validators import validate_year_or_date

OPENS = datetime(2026, 6, 1, tzinfo=UTC)
CLOSES = datetime(2026, 6, 30, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


def new_letter(slug: str = "one", **fields: object) -> Letter:
    return Letter(slug=slug, addressee="B", sender="C", letter_date=date(2011, 6, 4), **fields)


class TestPhase:
    @pytest.mark.parametrize(
        ("now", "phase"),
        [
            (OPENS - MOMENT, Phase.UPCOMING),
            (OPENS, Phase.OPEN),
            (CLOSES - MOMENT, Phase.OPEN),
            (CLOSES, Phase.CLOSED),
        ],
    )
    def test_it_is_open_from_its_opening_until_just_before_its_closing(self, now, phase):
        letter = new_letter(opens_at=OPENS, closes_at=CLOSES)

        assert letter.phase(now) == phase

    def test_a_letter_without_dates_is_always_open(self):
        assert new_letter().phase(datetime(1989, 6, 4, tzinfo=UTC)) == Phase.OPEN
        assert new_letter().is_open


class TestLines:
    def test_empty_lines_and_loose_spaces_are_no_lines(self):
        letter = new_letter(cc="  One \n\nTwo\r\n", leaders="\n Three\n")
        letter.addressee = "\n  First  \nSecond"

        assert letter.addressee_lines == ["First", "Second"]
        assert letter.cc_lines == ["One", "Two"]
        assert letter.leader_lines == ["Three"]
        assert letter.recipients == ["First", "One", "Two"]

    def test_they_have_names_to_be_listed_by(self):
        assert str(new_letter()) == "one"
        assert str(LetterText(title="T", language="fr")) == "T (fr)"
        assert str(TimelineEvent(when="1989", who="Students")) == "1989: Students"

    def test_a_letter_has_an_address_of_its_own(self):
        assert new_letter().get_absolute_url() == "/letters/one/"


@pytest.mark.django_db
class TestTheDatabaseRefuses:
    def test_two_featured_letters(self):
        new_letter(is_featured=True).save()

        with pytest.raises(IntegrityError):
            new_letter("two", is_featured=True).save()

    def test_a_letter_that_closes_before_it_opens(self):
        with pytest.raises(IntegrityError):
            new_letter(opens_at=CLOSES, closes_at=OPENS).save()

    @pytest.mark.parametrize(
        ("language", "is_courtesy"), [("en", True), ("fr", False)], ids=["language", "binding"]
    )
    def test_a_second_text_in_one_language_or_a_second_binding_text(self, language, is_courtesy):
        letter = new_letter()
        letter.save()
        letter.texts.create(language="en", title="T", body="B")

        with pytest.raises(IntegrityError):
            letter.texts.create(
                language=language, title="T", body="B", is_courtesy_translation=is_courtesy
            )


@pytest.mark.django_db
class TestChecking:
    def test_a_second_featured_letter_is_fine_because_saving_it_replaces_the_first(self):
        new_letter(is_featured=True).save()

        new_letter("two", is_featured=True).validate_constraints()

    def test_a_letter_that_closes_before_it_opens_is_told_so(self):
        with pytest.raises(ValidationError, match="open before it closes"):
            new_letter(opens_at=CLOSES, closes_at=OPENS).validate_constraints()


class TestYearOrDate:
    @given(st.dates())
    def test_every_iso_date_and_year_is_accepted(self, day):
        validate_year_or_date(day.isoformat())
        validate_year_or_date(f"{day.year:04}")

    @pytest.mark.parametrize(
        "value",
        ["", "89", "19890", "1989-6-4", "19890604", "1989-W22-7", "1989-02-30", "1989\n", "١٩٨٩"],
    )
    def test_anything_else_is_refused(self, value):
        with pytest.raises(ValidationError, match=r"1989-06-04\."):
            validate_year_or_date(value)
