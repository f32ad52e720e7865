"""Counting beside the table: exact at every moment, folded in the background, mended at night."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from signatures.models import CountChange, DailyCount
from signatures.services import counts
from signatures.services.counts import (
    Drift,
    count_change,
    counts_fold,
    letter_count,
    letter_days,
    letter_recount,
)
from tests.factories import LetterFactory, SignatureFactory

FOURTH, FIFTH = date(2026, 6, 4), date(2026, 6, 5)


def change(letter, number: int, day: date = FOURTH) -> None:
    CountChange.objects.create(letter=letter, day=day, change=number)


def test_a_letter_nobody_signed_counts_none(letter):
    assert letter_count(letter=letter) == 0
    assert letter_days(letter=letter) == {}


def test_changes_count_before_they_are_folded(letter):
    DailyCount.objects.create(letter=letter, day=FOURTH, accepted=40)
    change(letter, 1)
    change(letter, 1, FIFTH)
    change(letter, -1)

    assert letter_count(letter=letter) == 41
    assert letter_days(letter=letter) == {FOURTH: 40, FIFTH: 1}


def test_two_equal_days_and_changes_are_all_counted(letter):
    DailyCount.objects.create(letter=letter, day=FOURTH, accepted=1)
    DailyCount.objects.create(letter=letter, day=FIFTH, accepted=1)
    change(letter, 1)
    change(letter, 1)

    assert letter_count(letter=letter) == 4


def test_folding_changes_where_it_stands_and_not_how_many(letter):
    for number in (1, 1, 1, -1):
        change(letter, number)

    assert counts_fold() == 4

    assert letter_count(letter=letter) == 2
    assert DailyCount.objects.get().accepted == 2
    assert not CountChange.objects.exists()
    assert counts_fold() == 0


def test_folding_takes_the_oldest_first_up_to_its_limit(letter):
    for _ in range(5):
        change(letter, 1)

    assert [counts_fold(limit=3), counts_fold(limit=3)] == [3, 2]
    assert letter_count(letter=letter) == 5


def test_every_letter_has_its_own_count(letter):
    other = LetterFactory.create()
    change(letter, 1)
    change(other, 1)
    counts_fold()
    change(other, 1)

    assert (letter_count(letter=letter), letter_count(letter=other)) == (1, 2)


def test_a_change_belongs_to_the_day_of_signing(text, letter):
    row = SignatureFactory.create(text=text, created_at=datetime(2026, 6, 4, 23, 59, tzinfo=UTC))

    count_change(signature=row, change=1)
    count_change(signature=row, change=0)

    assert letter_days(letter=letter) == {FOURTH: 1}
    assert CountChange.objects.count() == 1


def test_the_price_does_not_grow_with_the_signatures(letter, django_assert_num_queries):
    for _ in range(50):
        change(letter, 1)

    with django_assert_num_queries(1):
        assert letter_count(letter=letter) == 50


# Recount


def test_a_true_count_shows_no_drift(text, letter):
    count_change(signature=SignatureFactory.create(text=text), change=1)

    assert letter_recount(letter=letter) == []


def test_a_drift_is_reported_and_mended(text, letter):
    SignatureFactory.create(text=text)
    SignatureFactory.create(text=text, state="pending")
    change(letter, 3, FIFTH)

    drifts = letter_recount(letter=letter)

    assert drifts == [Drift(FOURTH, 0, 1), Drift(FIFTH, 3, 0)]
    assert letter_days(letter=letter) == {FOURTH: 1}
    assert letter_recount(letter=letter) == []


def test_a_dry_run_only_reports(text, letter):
    SignatureFactory.create(text=text)

    assert letter_recount(letter=letter, dry_run=True) == [Drift(FOURTH, 0, 1)]

    assert letter_count(letter=letter) == 0


def test_another_letters_signatures_are_no_drift(letter):
    SignatureFactory.create()

    assert letter_recount(letter=letter) == []


def test_a_drift_may_be_as_large_as_a_day(letter):
    DailyCount.objects.create(letter=letter, day=FOURTH, accepted=2_000_000)

    letter_recount(letter=letter)

    assert letter_count(letter=letter) == 0


def test_changes_are_folded_in_the_background_when_many_have_come(
    text, letter, background, monkeypatch
):
    monkeypatch.setattr(counts, "FOLD_EVERY", 1)
    signature = SignatureFactory.create(text=text)

    count_change(signature=signature, change=1)
    background()

    assert DailyCount.objects.get().accepted == 1
    assert not CountChange.objects.exists()


class AnyOrderOfFolding(TestCase):
    @given(st.lists(st.sampled_from([1, -1, "fold", 2]), max_size=12))
    def test_the_count_is_the_sum_of_what_happened(self, steps):
        letter = LetterFactory.create()

        for step in steps:
            counts_fold(limit=3) if step == "fold" else change(letter, step)

        expected = sum(step for step in steps if isinstance(step, int))
        assert letter_count(letter=letter) == expected
        assert sum(letter_days(letter=letter).values()) == expected
