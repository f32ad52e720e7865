"""What an organiser wants to know first thing: what waits, and how it goes.

As many questions as below, whatever there is of letters and signatures; each is answered by an
index or by the kept counts.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet, Sum

from letters.models import Letter, LetterText

from ..models import CountChange, DailyCount, Signature

COUNTED_TO = 1_000
DAYS_SHOWN = 30


class Waiting(NamedTuple):
    """What a person should look at: how many, no further than COUNTED_TO, and since when."""

    number: int
    is_more: bool
    since: datetime | None


class LetterNumbers(NamedTuple):
    """One letter that the public can read, and how many signatures count."""

    letter: Letter
    title: str
    accepted: int


class Desk(NamedTuple):
    """All of it."""

    waiting: Waiting
    today: int
    week: int
    days: dict[date, int]
    letters: list[LetterNumbers]


def desk_numbers(*, today: date) -> Desk:
    """What stands on the desk on `today` (UTC)."""
    days = _days(today - timedelta(days=DAYS_SHOWN - 1), today)
    week = [number for day, number in days.items() if day > today - timedelta(days=7)]
    return Desk(_waiting(), days[today], sum(week), days, _letters())


def _waiting() -> Waiting:
    queue = Signature.objects.in_queue().order_by("id").values_list("created_at", flat=True)
    found = list(queue[: COUNTED_TO + 1])
    return Waiting(
        number=min(len(found), COUNTED_TO),
        is_more=len(found) > COUNTED_TO,
        since=found[0] if found else None,
    )


def _days(first: date, last: date) -> dict[date, int]:
    """Signatures that count, of all letters, by the day (UTC); every day from `first` to `last`."""
    numbers = {first + timedelta(days=n): 0 for n in range((last - first).days + 1)}
    for rows in _counts("day", day__gte=first, day__lte=last):
        for day, number in rows:
            numbers[day] += number
    return numbers


def _letters() -> list[LetterNumbers]:
    totals: dict[int, int] = {}
    for rows in _counts("letter_id"):
        for letter_id, number in rows:
            totals[letter_id] = totals.get(letter_id, 0) + number
    binding = LetterText.objects.filter(is_courtesy_translation=False, letter__is_published=True)
    return [
        LetterNumbers(text.letter, text.title, totals.get(text.letter_id, 0))
        for text in binding.select_related("letter").order_by("-letter__letter_date", "letter")
    ]


def _counts(by: str, **conditions: Any) -> list[QuerySet[Any]]:
    """Kept counts and what is not folded into them yet, summed `by` a column."""
    return [
        model.objects.filter(**conditions).order_by().values_list(by).annotate(Sum(column))
        for model, column in ((DailyCount, "accepted"), (CountChange, "change"))
    ]
