"""Signatures that look as if one hand had written many: a report, and nobody is held for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from functools import lru_cache
from typing import NamedTuple

from django.utils.translation import gettext as _

from letters.models import Letter

from ..models import Signature
from ..normalise import canonical

NEWEST = 10_000
BURST = 8
BURST_WITHIN = timedelta(hours=1)
NUMBERED = 5
ALPHABETICAL = 10
DIGITS = re.compile(r"\d+")

canonical_once = lru_cache(maxsize=NEWEST)(canonical)


class Cluster(NamedTuple):
    """Signatures of one letter in the order in which they came, and why they stand together."""

    words: str
    signatures: list[Signature]


def clusters_of(*, letter: Letter) -> list[Cluster]:
    """Suspicious clusters among the newest 10,000 live signatures of `letter`, the largest first.

    Three kinds: at least 8 with one residence and one occupation within an hour, 5 whose names
    differ by a number, and 10 in a row in alphabetical order. A class or a choir that signs
    together looks the same: a person decides.
    """
    rows = list(_newest(letter))
    found = [*_bursts(rows), *_numbered(rows), *_alphabetical(rows)]
    return sorted(found, key=lambda cluster: -len(cluster.signatures))


def _newest(letter: Letter) -> Iterator[Signature]:
    rows = Signature.objects.live().filter(letter=letter).order_by("-id")
    return reversed(
        rows.only("id", "name", "residence", "occupation", "state", "created_at")[:NEWEST]
    )


def _bursts(rows: Iterable[Signature]) -> Iterator[Cluster]:
    for group in _grouped(rows, _place_and_work):
        if dense := _dense(group):
            words = _("same residence and occupation within an hour")
            yield Cluster(f"{words} · {dense[0].residence} · {dense[0].occupation}", dense)


def _place_and_work(row: Signature) -> str:
    place, work = canonical_once(row.residence), canonical_once(row.occupation)
    return f"{place}\n{work}" if place and work else ""


def _dense(group: list[Signature]) -> list[Signature]:
    """Those of a group, in order of time, that came with BURST of them within an hour."""
    places = {
        place
        for start, (first, last) in enumerate(zip(group, group[BURST - 1 :], strict=False))
        if last.created_at - first.created_at <= BURST_WITHIN
        for place in range(start, start + BURST)
    }
    return [group[place] for place in sorted(places)]


def _numbered(rows: Iterable[Signature]) -> Iterator[Cluster]:
    for group in _grouped(rows, _name_without_number):
        if len({row.name for row in group}) >= NUMBERED:
            yield Cluster(_("names that differ by a number"), group)


def _name_without_number(row: Signature) -> str:
    stem, numbers = DIGITS.subn("#", canonical_once(row.name))
    return stem if numbers else ""


def _alphabetical(rows: Iterable[Signature]) -> Iterator[Cluster]:
    """One in 3.6 million lists of ten names is in order by chance: somebody pasted a list."""
    run: list[Signature] = []
    for row in rows:
        if run and canonical_once(row.name) > canonical_once(run[-1].name):
            run.append(row)
            continue
        yield from _list_of(run)
        run = [row]
    yield from _list_of(run)


def _list_of(run: list[Signature]) -> Iterator[Cluster]:
    if len(run) >= ALPHABETICAL:
        yield Cluster(_("names in alphabetical order, one after the other"), run)


def _grouped(
    rows: Iterable[Signature], key: Callable[[Signature], str]
) -> Iterator[list[Signature]]:
    """Rows of one key together, in their order; those without a key left out."""
    groups: dict[str, list[Signature]] = {}
    for row in rows:
        if name := key(row):
            groups.setdefault(name, []).append(row)
    return iter(groups.values())
