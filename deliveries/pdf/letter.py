"""The whole PDF, piece by piece: memory stays flat however long the list is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import count, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from signatures.exporters import ExportRow

from ..exceptions import TypesettingFailed
from ..facts import PacketFacts
from .blocks import blocks_of
from .pages import ContentsEntry, Page, contents, drawable, paginate
from .shop import Workshop

PAGES_A_PIECE = 100
CONTENTS_AT_MOST = 480
SETTINGS_AT_MOST = 5

Progress = Callable[[str, int, int], None]
Rows = Callable[[], Iterable[ExportRow]]


def make_pdf(
    *, facts: PacketFacts, methods: str, rows: Rows, total: int, target: Path, progress: Progress
) -> list[ContentsEntry]:
    """Write the PDF to `target` and return its contents: which numbers are on which pages.

    `methods` is Markdown, `rows` gives the `total` rows anew each time, `progress` gets what is
    being done, how much of it is done and of how much. Tagged (PDF/UA-1), and the same bytes for
    the same input and fonts. Raises FontsMissing before anything is set, TypesettingFailed.
    """
    with TemporaryDirectory(dir=target.parent, prefix=".pdf-") as folder:
        shop = Workshop(Path(folder), facts.frozen_at)
        front = _front(facts, methods)
        shop.choose_fonts(_characters(rows(), str(front)))
        spans = [(page.first, page.last) for page in paginate(rows())]
        front_pages, entries, cover = _set_front(shop, front, spans)
        book = {
            "title": facts.letter.title,
            "language": facts.letter.language,
            "last_page": front_pages + len(spans),
        }
        pieces = [cover]
        for piece, last in _set_list(shop, book, front_pages, paginate(rows())):
            pieces.append(piece)
            progress(gettext_noop("pages set"), last, total)
        if shop.bind(pieces, _outline(facts, front_pages, entries), target) != book["last_page"]:
            raise TypesettingFailed(_("The PDF could not be made: a page of the list ran over."))
    return entries


def check_fonts(texts: Iterable[str]) -> None:
    """Whether `texts` can be drawn on this machine, asked before a delivery starts.

    Raises FontsMissing, which names the scripts and what to install.
    """
    with TemporaryDirectory(prefix="fonts-") as folder:
        characters = {character for text in texts for character in drawable(text)}
        Workshop(Path(folder), datetime(1980, 1, 1, tzinfo=UTC)).choose_fonts(characters)


def _characters(rows: Iterable[ExportRow], front: str) -> set[str]:
    found = set(drawable(front))
    for row in rows:
        found.update(drawable(row.name + row.residence + row.occupation))
    return found


def _front(facts: PacketFacts, methods: str) -> dict[str, Any]:
    letter = asdict(facts.letter)
    day = facts.letter.letter_date
    letter |= {
        "body": blocks_of(facts.letter.body),
        "letter_date": f"{day:%B} {day.day}, {day.year}",
    }
    return {
        "letter": letter,
        "recipient": facts.recipient,
        "cover_line": facts.cover_line,
        "number": facts.number,
        "record_url": facts.record_url,
        "methods": blocks_of(methods),
    }


def _set_front(
    shop: Workshop, front: dict[str, Any], spans: list[tuple[int, int]]
) -> tuple[int, list[ContentsEntry], Path]:
    """Letter, methods and contents, set again until they take as many pages as they say."""
    assumed = 0
    for _time in range(SETTINGS_AT_MOST):
        entries = contents(spans, assumed + 1, CONTENTS_AT_MOST)
        data = front | {"entries": entries, "last_page": assumed + len(spans)}
        cover, pages = shop.typeset("letter", data)
        if pages == assumed:
            return pages, entries, cover
        assumed = pages
    raise TypesettingFailed(_("The PDF could not be made: its contents do not come to rest."))


def _set_list(
    shop: Workshop, book: dict[str, Any], front_pages: int, pages: Iterator[Page]
) -> Iterator[tuple[Path, int]]:
    """The list in pieces, each with the last number that it holds."""
    for before in count(0, PAGES_A_PIECE):
        piece = list(islice(pages, PAGES_A_PIECE))
        if not piece:
            return
        first_page = front_pages + before + 1
        data = book | {"first_page": first_page, "pages": [page.rows for page in piece]}
        yield shop.typeset("list", data, f"list-{first_page:06}")[0], piece[-1].last


def _outline(
    facts: PacketFacts, front_pages: int, entries: list[ContentsEntry]
) -> list[dict[str, Any]]:
    runs = [
        {"title": f"{entry.first:,} – {entry.last:,}", "page": entry.page - 1} for entry in entries
    ]
    letter = {"title": facts.letter.title, "page": 0}
    return (
        [letter, {"title": "Signatures", "page": front_pages, "entries": runs}]
        if runs
        else [letter]
    )
