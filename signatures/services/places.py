"""Where signers live, told only in numbers too large to point at anybody.

Counting by place reads every accepted signature, so it is done once a night and not for a visitor.
That also keeps a watcher from seeing a number grow in the minute in which a neighbour signs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.db.models import Count

from letters.models import Letter

from ..freshness import pages_change
from ..models import Signature
from ..models.counts import PlaceCount
from ..places import place_words

FEWEST = 10  # people that a number may stand for
MOST_PLACES = 100
OTHERS = ""


def letter_places(*, letter: Letter) -> list[PlaceCount]:
    """Places of `letter` as last counted, largest first, all others together at the end."""
    return sorted(letter.place_counts.all(), key=lambda each: each.place == OTHERS)


def places_recount(*, letter: Letter) -> None:
    """Count `letter`'s accepted signatures by place, anew."""
    spellings = (
        Signature.objects.accepted()
        .filter(letter=letter)
        .order_by()
        .values_list("residence")
        .annotate(Count("id"))
    )
    numbers = publishable(groups(spellings.iterator()))
    with transaction.atomic():
        letter.place_counts.all().delete()
        PlaceCount.objects.bulk_create(
            PlaceCount(letter=letter, place=place, accepted=number)
            for place, number in numbers.items()
        )
        pages_change()


def groups(spellings: Iterable[tuple[str, int]]) -> Iterator[tuple[str, int]]:
    """Places under their most usual spelling, from residences as people wrote them."""
    numbers: Counter[str] = Counter()
    usual: dict[str, tuple[int, str]] = {}
    for residence, number in spellings:
        key = " ".join(place_words(residence))
        numbers[key] += number
        usual[key] = max(usual.get(key, (0, "")), (number, residence))
    return ((usual[key][1] if key else OTHERS, number) for key, number in numbers.items())


def publishable(places: Iterable[tuple[str, int]]) -> dict[str, int]:
    """The largest places, and all others together under OTHERS; no number is below FEWEST.

    Where the others are too few they would follow from the total, so the smallest places join
    them until they are not.
    """
    shown: Counter[str] = Counter()
    others = 0
    for place, number in places:
        if place == OTHERS or number < FEWEST:
            others += number
        else:
            shown[place] += number
    ranked = shown.most_common()
    while ranked and (len(ranked) > MOST_PLACES or 0 < others < FEWEST):
        others += ranked.pop()[1]
    return dict(ranked) | ({OTHERS: others} if others >= FEWEST else {})
