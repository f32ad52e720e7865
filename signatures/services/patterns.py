"""What the newest signatures of a letter have in common: where an attack shows itself."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from letters.models import Letter

from ..enums import State
from ..models import Signature
from ..models.signature import SignatureQuerySet, first_id_at

NEWEST = 20_000
SHOWN = 12
FEWEST = 5
SWEPT = (State.UNCONFIRMED, State.PENDING, State.ACCEPTED)
NUMBER = re.compile(r"\d")

Row = tuple[str, str, str, datetime]  # name, residence, occupation, moment of signing


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """What to look for under one letter, between two moments (UTC); empty words mean anything."""

    letter: Letter
    since: datetime
    until: datetime
    residence: str = ""
    occupation: str = ""
    name_begins: str = ""


@dataclass(frozen=True)
class Found:
    """A pattern among the newest, and how many of them it holds."""

    pattern: Pattern
    number: int


@dataclass(frozen=True)
class Patterns:
    """Everything that stands out, each kind with the largest first."""

    minutes: list[Found]
    hours: list[Found]
    people: list[Found]
    names: list[Found]


def pattern_signatures(pattern: Pattern) -> SignatureQuerySet:
    """The signatures that fit `pattern` and may still be decided about, in order of signing.

    By the time inside their ids, so that only those between the two moments are looked at.
    """
    rows = Signature.objects.filter(
        letter=pattern.letter,
        id__gte=first_id_at(pattern.since),
        id__lt=first_id_at(pattern.until),
        state__in=SWEPT,
    )
    if pattern.residence:
        rows = rows.filter(residence__iexact=pattern.residence)
    if pattern.occupation:
        rows = rows.filter(occupation__iexact=pattern.occupation)
    if pattern.name_begins:
        rows = rows.filter(name__istartswith=pattern.name_begins)
    return rows.order_by("id")


def letter_patterns(*, letter: Letter) -> Patterns:
    """What stands out among the newest 20,000 signatures of `letter`, in one query.

    Minutes and hours with the most, shared residence and occupation, and names that are alike up
    to a number.
    """
    newest = Signature.objects.filter(letter=letter, state__in=SWEPT).order_by("-id")
    rows = list(newest.values_list("name", "residence", "occupation", "created_at")[:NEWEST])
    return Patterns(
        minutes=_bursts(letter, rows, timedelta(minutes=1)),
        hours=_bursts(letter, rows, timedelta(hours=1)),
        people=_shared(letter, rows, _place_and_work, ("residence", "occupation")),
        names=_shared(letter, rows, _name_before_number, ("name_begins",)),
    )


def _bursts(letter: Letter, rows: Iterable[Row], length: timedelta) -> list[Found]:
    seconds = int(length.total_seconds())
    starts = Counter(int(row[3].timestamp()) // seconds * seconds for row in rows)
    return [
        Found(Pattern(letter=letter, since=_moment(start), until=_moment(start) + length), number)
        for start, number in starts.most_common(SHOWN)
        if number >= FEWEST
    ]


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _shared(
    letter: Letter, rows: list[Row], key: Callable[[Row], tuple[str, ...]], fields: tuple[str, ...]
) -> list[Found]:
    """The keys that most rows share, each from its first to its last signature."""
    groups: dict[tuple[str, ...], list[datetime]] = {}
    for row in rows:
        if all(words := key(row)):
            groups.setdefault(words, []).append(row[3])
    largest = sorted(groups.items(), key=lambda group: -len(group[1]))[:SHOWN]
    return [
        Found(
            Pattern(
                letter=letter,
                since=min(moments),
                until=max(moments) + timedelta(seconds=1),
                **dict(zip(fields, words, strict=True)),
            ),
            len(moments),
        )
        for words, moments in largest
        if len(moments) >= FEWEST
    ]


def _place_and_work(row: Row) -> tuple[str, ...]:
    return row[1].lower(), row[2].lower()


def _name_before_number(row: Row) -> tuple[str, ...]:
    number = NUMBER.search(row[0])
    return (row[0][: number.start()].lower().strip() if number else "",)
