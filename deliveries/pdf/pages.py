"""Which signatures stand on which page, by arithmetic, so that pieces can be set apart and bound.

A page has 48 lines of a fixed height. Nearly every signature takes one; one with a very long name,
residence or occupation takes two. The typesetter makes a text smaller until it fits its box, so
nothing is cut off and no page ever runs over.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

from signatures.exporters import ExportRow

LINES = 48
WIDTHS_MM = (62, 52, 46)
SIZE_PT, SMALL_PT = 8.5, 6.5
_MM_IN_PT = 72 / 25.4
_KANA, _HANGUL = re.compile("[\u3040-\u30ff]"), re.compile("[\u1100-\u11ff\uac00-\ud7af]")
_LONG_WORD = re.compile(r"\S{16}(?=\S{8})")

Cell = str | dict[str, Any]


class Page(NamedTuple):
    """One page of the list; each row is its number, its lines, and three cells."""

    rows: list[tuple[int, int, list[Cell]]]

    @property
    def first(self) -> int:
        return self.rows[0][0]

    @property
    def last(self) -> int:
        return self.rows[-1][0]


class ContentsEntry(NamedTuple):
    """A run of pages in the contents."""

    first: int
    last: int
    page: int
    last_page: int


def paginate(rows: Iterable[ExportRow]) -> Iterator[Page]:
    """The pages of the list, one at a time."""
    page, room = Page([]), LINES
    for row in rows:
        texts = (row.name, row.residence, row.occupation)
        lines = 2 if any(map(_needs_two_lines, texts, WIDTHS_MM)) else 1
        if lines > room:
            yield page
            page, room = Page([]), LINES
        page.rows.append((row.number, lines, list(map(_cell, texts, WIDTHS_MM))))
        room -= lines
    if page.rows:
        yield page


def contents(spans: list[tuple[int, int]], first_page: int, at_most: int) -> list[ContentsEntry]:
    """At most `at_most` entries over pages that hold the numbers in `spans`, from `first_page`."""
    step = max(1, -(-len(spans) // at_most))
    return [
        ContentsEntry(run[0][0], run[-1][1], first_page + start, first_page + start + len(run) - 1)
        for start in range(0, len(spans), step)
        if (run := list(islice(spans, start, start + step)))
    ]


def drawable(text: str) -> str:
    """`text` with a character that no font can have (unassigned, private) as its code."""
    if text.isascii():
        return text
    return "".join(
        f"[U+{ord(c):04X}]" if unicodedata.category(c) in ("Cn", "Co", "Cc", "Cs") else c
        for c in text
    )


def _cell(text: str, width_mm: int) -> Cell:
    """The text alone, or with what the typesetter must know to set it well."""
    text = drawable(text)
    needs: dict[str, Any] = {}
    if _width_pt(text, SIZE_PT) > 0.7 * width_mm * _MM_IN_PT:
        needs["long"] = True
    if not text.isascii():
        if _is_right_to_left(text):
            needs["rtl"] = True
        if _KANA.search(text) or _HANGUL.search(text):
            needs["language"] = "ja" if _KANA.search(text) else "ko"
    shown = _LONG_WORD.sub("\\g<0>\u200b", text) if "long" in needs else text
    return {"text": shown, **needs} if needs else shown


def _needs_two_lines(text: str, width_mm: int) -> bool:
    return _width_pt(text, SMALL_PT) > 2 * 0.85 * width_mm * _MM_IN_PT


def _width_pt(text: str, size: float) -> float:
    """No less than the text is wide on one line, roughly."""
    if text.isascii():
        return len(text) * 0.6 * size
    return sum(map(_width_em, text)) * size


def _width_em(character: str) -> float:
    if unicodedata.combining(character):
        return 0
    if "\ufdf0" <= character <= "\ufdff":
        return 10
    return 1.1 if character >= "\u0900" else 0.65


def _is_right_to_left(text: str) -> bool:
    """Whether the first strong character says so (Unicode Standard Annex #9, rules P2 and P3)."""
    for character in text:
        direction = unicodedata.bidirectional(character)
        if direction in ("L", "R", "AL"):
            return direction != "L"
    return False
