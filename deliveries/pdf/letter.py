"""The whole PDF, piece by piece: memory stays flat however long the list is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from signatures.exporters import ExportRow

from ..facts import PacketFacts
from .blocks import blocks_of
from .pages import ContentsEntry, contents, drawable, paginate
from .shop import Workshop

PAGES_A_PIECE = 100
CONTENTS_AT_MOST = 480

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
        last_page = front_pages + len(spans)
        pieces = [cover]
        pages = iter(paginate(rows()))
        while piece := list(islice(pages, PAGES_A_PIECE)):
            first_page = front_pages + 1 + (len(pieces) - 1) * PAGES_A_PIECE
            data = {"title": facts.letter.title, "language": facts.letter.language}
            data |= {"first_page": first_page, "last_page": last_page}
            data |= {"pages": [page.rows for page in piece]}
            pieces.append(shop.typeset("list", data, f"list-{len(pieces):04}")[0])
            progress("pages set", piece[-1].last - spans[0][0] + 1, total)
        shop.bind(pieces, _outline(facts, front_pages, entries), target)
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
    """Letter, methods and contents. Set twice: the first time tells how many pages they take."""
    pages = 0
    for pages_assumed in (9, None):
        first_page = 1 + (pages_assumed or pages)
        entries = contents(spans, first_page, CONTENTS_AT_MOST)
        data = front | {"entries": entries, "last_page": first_page - 1 + len(spans)}
        cover, pages = shop.typeset("letter", data)
    return pages, entries, cover


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
