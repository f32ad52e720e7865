"""The picture that stands for a letter where somebody shares its address."""

from __future__ import annotations

from pathlib import Path

from django.utils.formats import date_format
from django.utils.translation import get_language_info, gettext

from letters.models import LetterText

from .drawing import drawing

WIDTH, HEIGHT = 1200, 630  # pixels


def share_image(*, text: LetterText) -> Path | None:
    """The PNG for `text`, drawn once and kept; None where it cannot be drawn.

    Its own words (kind and date) are in the active language.
    """
    return drawing(name="share", kind="png", data=_data(text))


def _data(text: LetterText) -> dict[str, str | bool]:
    letter = text.letter
    return {
        "language": text.language.split("-")[0],
        "rtl": bool(get_language_info(text.language)["bidi"]),
        "kind": gettext("Open letter"),
        "title": text.title,
        "between": letter.sender,
        "date": date_format(letter.letter_date),
    }
