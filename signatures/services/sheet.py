"""A sheet to collect signatures on paper, to print as often as one likes."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import segno
from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language, get_language_info, gettext

from letters.models import LetterText

from .drawing import drawing

LINES = 20


def sheet_pdf(*, text: LetterText) -> Path | None:
    """One A4 page (PDF) for the letter of `text`, drawn once and kept; None where it cannot be.

    Its own words are in the active language, the title in the text's. It holds what a signer has
    to know before signing: the letter, who gets the list, and that names are not published.
    """
    return drawing(name="sheet", kind="pdf", data=_data(text))


def _data(text: LetterText) -> dict[str, Any]:
    letter = text.letter
    address = settings.SITE_URL + letter.get_absolute_url()
    language = get_language() or settings.LANGUAGE_CODE
    return {
        "language": language.split("-")[0],
        "script": "hant" if language == "zh-hant" else "hans",
        "rtl": bool(get_language_info(language)["bidi"]),
        "title": text.title,
        "title_language": text.language.split("-")[0],
        "title_rtl": bool(get_language_info(text.language)["bidi"]),
        "letter": _letter_words(text),
        "address": address,
        "code": _code(address),
        "code_words": gettext("The letter's address as a code for the camera of a telephone"),
        "sheet": gettext("Sheet number"),
        "columns": [
            gettext("Name"),
            gettext("Place of residence"),
            gettext("Occupation"),
            gettext("E-mail (optional)"),
        ],
        "consent": _consent_words(),
        "lines": LINES,
    }


def _letter_words(text: LetterText) -> str:
    letter = text.letter
    return gettext("Open letter of %(date)s to %(addressee)s, from %(sender)s. Read it here:") % {
        "date": date_format(letter.letter_date),
        "addressee": letter.addressee_lines[0],
        "sender": letter.sender,
    }


def _consent_words() -> str:
    return gettext(
        "By writing my name here I sign this letter. I agree that my name, place of residence and "
        "occupation are handed to those to whom it is addressed; they are not published on the "
        "website. An e-mail address is not handed to anybody. Whoever signs at risk should not "
        "write on a list that others can see, and can sign at the address above instead."
    )


def _code(address: str) -> str:
    picture = BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", border=0)
    return picture.getvalue().decode()
