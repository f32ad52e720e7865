"""Print precision and recall of duplicate suggestions: `python -m bench.likeness [--misses]`."""

from __future__ import annotations

import sys
from collections import Counter

from django.conf import settings

from signatures.likeness import Person, blocking_keys, likeness

from .make_pairs import SCRIPTS, Pair, make_pairs

HALVES = ("chosen", "held out")


def is_found(a: Person, b: Person) -> bool:
    """Whether a moderator would see the pair: one index lookup finds it and it is alike enough."""
    shared = keys(a) & keys(b)
    return bool(shared) and likeness(a, b).is_suggestion


def keys(person: Person) -> frozenset[str]:
    return blocking_keys(name=person.name, residence=person.residence, occupation=person.occupation)


def outcomes(pairs: list[Pair]) -> Counter[tuple[bool, bool]]:
    """Count pairs by (is one person, was found)."""
    return Counter((pair.same, is_found(pair.a, pair.b)) for pair in pairs)


def line(label: str, counts: Counter[tuple[bool, bool]]) -> str:
    found, right = counts[True, True] + counts[False, True], counts[True, True]
    precision, recall = right / max(found, 1), right / max(right + counts[True, False], 1)
    return f"{label:<22}{counts.total():>6} pairs   precision {precision:.3f}   recall {recall:.3f}"


def main(arguments: list[str]) -> None:
    for half, name in enumerate(HALVES):
        pairs = make_pairs(half)
        print(line(f"likeness, {name}", outcomes(pairs)))
        for script in SCRIPTS:
            print(line(f"  {script}", outcomes([pair for pair in pairs if pair.script == script])))
        if "--misses" in arguments:
            print_misses(pairs)


def print_misses(pairs: list[Pair]) -> None:
    for pair in pairs:
        if is_found(pair.a, pair.b) is not pair.same:
            alike = likeness(pair.a, pair.b)
            shared = len(keys(pair.a) & keys(pair.b))
            print(pair.kind, int(pair.same), tuple(pair.a[:3]), tuple(pair.b[:3]), alike, shared)


if __name__ == "__main__":
    if not settings.configured:
        settings.configure(USE_I18N=False)  # measuring needs no keys and no database
    main(sys.argv[1:])
