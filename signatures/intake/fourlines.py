"""Plain text of a mail to the people who sign in it.

Three readings, each only when the one before finds nobody: lines with labels (and tables with a
header row), labels with a single space behind them, and four bare lines with nothing else.
"""

from __future__ import annotations

import csv
import re

from .blocks import Four, group, read_block
from .entries import find_entries
from .label_words import Field
from .labels import field_of
from .lines import Line, Role, read_lines
from .parsed import Confidence, ParsedSigner
from .values import (
    find_address,
    is_address,
    is_courtesy,
    looks_personal,
    tidy,
    tidy_line,
    tidy_name,
)

MOST_SIGNERS = 1_000
LONGEST_HEADER = 200
_NUMBER = re.compile(r"\A\s*(?:[(（]?\d{1,2}[.)）、]|[•●▪*·–—-])\s*")
_DELIMITERS = ("\t", "|", ";", ",")
_BETWEEN = {
    "/": re.compile("[/／]"),
    "、": re.compile("[、，]"),
    "-": re.compile(r"\s+[-–—]+\s+"),
    "  ": re.compile(r"\s{2,}"),
}


def find_signers(text: str) -> tuple[ParsedSigner, ...]:
    """Return the people who sign in a text, in order, each once, at most 1,000.

    Empty templates, questions, program signatures and newsletters give nobody: a signature that
    is missed can still be entered by hand, an invented one is a lie about a person.
    """
    tabled, lines = _from_tables(read_lines(text))
    fours = [*tabled, *_from_labels(lines)] or _from_loose_labels(lines)
    if people := list(dict.fromkeys(fours)):
        return tuple(_judged(four, len(people)) for four in people[:MOST_SIGNERS])
    bare = _from_bare_lines(lines)
    return (bare.judged(Confidence.NO_LABELS),) if bare else ()


def _judged(four: Four, people: int) -> ParsedSigner:
    if not (four.residence and four.occupation):
        confidence = Confidence.LINE_MISSING
    elif people > 1:
        confidence = Confidence.SEVERAL
    else:
        confidence = Confidence.COMPLETE if four.email else Confidence.WITHOUT_EMAIL
    return four.judged(confidence)


def _from_labels(lines: list[Line]) -> list[Four]:
    blocks = group(find_entries(lines), lines)
    return [four for block in blocks if (four := read_block(block, lines))]


def _from_loose_labels(lines: list[Line]) -> list[Four]:
    blocks = group(find_entries(lines, loose=True), lines)
    fours = [four for block in blocks if (four := read_block(block, lines))]
    return [four for four in fours if four.residence and four.occupation]


def _from_bare_lines(lines: list[Line]) -> Four | None:
    """Name, residence, occupation and e-mail on four lines, when the writer wrote nothing else."""
    own = [line for line in lines if line.role is not Role.BLANK]
    end = next(
        (i for i, line in enumerate(own) if line.role is Role.BORDER or line.depth), len(own)
    )
    texts = [tidy(_NUMBER.sub("", line.text, count=1)) for line in own[:end]]
    if len(texts) != 4 or not is_address(texts[3]) or not looks_personal(texts[0]):
        return None
    if any(is_courtesy(text) or len(text) > 80 or find_address(text) for text in texts[1:3]):
        return None
    return Four(texts[0], texts[1], texts[2], find_address(texts[3]))


def _from_tables(lines: list[Line]) -> tuple[list[Four], list[Line]]:
    """The people in tables with a header row, and the lines with a border in a table's place."""
    found: list[Four] = []
    rest: list[Line] = []
    delimiter: str = ""
    fields: list[Field] = []
    for line in lines:
        header = _header(line)
        row = None if header[1] or not fields else _row(line, delimiter, fields)
        if header[1]:
            delimiter, fields = header
        elif row is None and line.role is not Role.BLANK:
            fields = []
        found.extend([four] if row and (four := read_cells(row)) else [])
        rest.append(Line("", line.depth, Role.BORDER) if header[1] or row else line)
    return found, rest


def _header(line: Line) -> tuple[str, list[Field]]:
    """The delimiter and fields of a line of three labels or more, a name among them."""
    if len(line.text) > LONGEST_HEADER:
        return "", []
    for delimiter in (*_DELIMITERS, *_BETWEEN):
        fields = [field_of(cell) for cell in _cells(line.text, delimiter)]
        known = [field for field in fields if field]
        if len(known) == len(fields) == len(set(known)) > 2 and Field.NAME in known:
            return delimiter, known
    return "", []


def _cells(text: str, delimiter: str) -> list[str]:
    if delimiter in _BETWEEN:
        return _BETWEEN[delimiter].split(_NUMBER.sub("", text, count=1).strip())
    bare = text.strip(" ").removeprefix("|").removesuffix("|") if delimiter == "|" else text
    return [
        cell.strip(" *_")
        for cell in next(csv.reader([bare], delimiter=delimiter, skipinitialspace=True), [])
    ]


def _row(line: Line, delimiter: str, fields: list[Field]) -> dict[str, str] | None:
    cells = _cells(line.text, delimiter) if line.role is Role.TEXT else []
    if not len(fields) - 1 <= len(cells) <= len(fields):
        return None
    return dict(zip(map(str, fields), cells, strict=False))


def read_cells(row: dict[str, str]) -> Four | None:
    """Return the person of a table's row, keyed by field; None when the row names nobody.

    A table in a mail may be followed by prose: a row needs a residence or an occupation too.
    """
    name = tidy_name(row.get(Field.NAME, ""))
    residence = tidy_line(row.get(Field.RESIDENCE, ""), Field.RESIDENCE)
    occupation = tidy_line(row.get(Field.OCCUPATION, ""), Field.OCCUPATION)
    if not name or is_courtesy(name) or not (residence or occupation):
        return None
    return Four(name, residence, occupation, find_address(row.get(Field.EMAIL, "")))
