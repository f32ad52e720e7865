"""The letter that people are signing at this moment, read once for many signers."""

from __future__ import annotations

import time
from typing import NamedTuple

from django.utils.translation import get_language

from letters.enums import Phase
from letters.models import LetterText

from ..services.guard import guard_of
from .letter import find_letter, find_text

KEPT = 1.0  # seconds for which a process does not ask the database again


class ToSign(NamedTuple):
    """A text, with its letter, and whether to sign it asks for a proof of work."""

    text: LetterText
    asks_proof: bool


_kept: dict[tuple[str, str], tuple[float, ToSign]] = {}


def text_to_sign(slug: str) -> ToSign:
    """What to sign at the letter `slug`; raises Http404.

    What is kept is the text of an open letter, so one that opens is open at once; closing times
    are asked of the clock by whoever asks for its phase; and a text that changes meanwhile is
    found out by the insert itself, see `signatures.services.storing`.
    """
    key, now = (slug, get_language() or ""), time.monotonic()
    until, kept = _kept.get(key, (0.0, None))
    if kept is not None and now < until:
        return kept
    letter = find_letter(slug)
    found = ToSign(find_text(letter), guard_of(letter=letter).asks_proof())
    if letter.phase() is Phase.OPEN:
        _kept[key] = (now + KEPT, found)
    return found


def forget() -> None:
    """Ask the database at the next signature."""
    _kept.clear()
