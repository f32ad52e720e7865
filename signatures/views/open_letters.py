"""The letter that people are signing at this moment, read once for many signers."""

from __future__ import annotations

import time

from django.utils.translation import get_language

from letters.enums import Phase
from letters.models import LetterText

from .letter import find_letter, find_text

KEPT = 1.0  # seconds for which a process does not ask the database again

_kept: dict[tuple[str, str], tuple[float, LetterText]] = {}


def text_to_sign(slug: str) -> LetterText:
    """The text, with its letter, of the letter at `slug`; raises Http404.

    What is kept is the text of an open letter, so one that opens is open at once; closing times
    are asked of the clock by whoever asks for its phase; and a text that changes meanwhile is
    found out by the insert itself, see `signatures.services.storing`.
    """
    key, now = (slug, get_language() or ""), time.monotonic()
    until, text = _kept.get(key, (0.0, None))
    if text is not None and now < until:
        return text
    letter = find_letter(slug)
    text = find_text(letter)
    if letter.phase() is Phase.OPEN:
        _kept[key] = (now + KEPT, text)
    return text


def forget() -> None:
    """Ask the database at the next signature."""
    _kept.clear()
