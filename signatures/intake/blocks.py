"""Entries that belong to one person, and the four lines they make."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from .entries import Entry, is_unknown_label
from .label_words import Field
from .lines import Line, Role
from .parsed import Confidence, ParsedSigner
from .phrases import CASE_SHEET, EXAMPLE
from .values import find_address, is_address, is_courtesy, tidy, tidy_line, tidy_name

NAMES = {Field.NAME, Field.GIVEN, Field.FAMILY}
JOINABLE = {Field.RESIDENCE, Field.OCCUPATION}
LONGEST_GAP = 6
LONGEST_BELOW = 150
NEARBY = 3
#: A name alone is a signature only in a mail that says little else, in characters.
LITTLE_ELSE = 400


@dataclass(frozen=True)
class Four:
    """The four lines of one person, tidied; empty where nothing usable stands."""

    name: str
    residence: str = ""
    occupation: str = ""
    email: str = ""

    def judged(self, confidence: Confidence) -> ParsedSigner:
        """Return the person with how sure the reading is."""
        return ParsedSigner(self.name, self.residence, self.occupation, self.email, confidence)


def group(entries: Iterable[Entry], lines: list[Line]) -> list[list[Entry]]:
    """Cut entries into blocks, each at most one person's."""
    blocks: list[list[Entry]] = []
    for entry in entries:
        if blocks and _belongs(entry, blocks[-1], lines):
            blocks[-1].append(entry)
        else:
            blocks.append([entry])
    return blocks


def _belongs(entry: Entry, block: list[Entry], lines: list[Line]) -> bool:
    between = lines[block[-1].end + 1 : entry.start]
    if _is_evenly_ruled(entry, block, between):
        return _has_room(entry, block)
    texts = [line for line in between if line.role is not Role.BLANK]
    if any(line.role is Role.BORDER for line in between) or len(between) > LONGEST_GAP:
        return False
    if texts and (len(texts) < len(between) or len(texts) > 2):
        return False
    if entry.depth != block[-1].depth and between:
        return False
    return _has_room(entry, block)


def _is_evenly_ruled(entry: Entry, block: list[Entry], between: list[Line]) -> bool:
    """Whether a bare rule stands between these labels as between the ones before."""
    steps = {later.start - earlier.start for earlier, later in pairwise([*block, entry])}
    return len(between) == 1 and between[0].is_rule and len(steps) == 1


def _has_room(entry: Entry, block: list[Entry]) -> bool:
    """A label that comes again begins the next person; `City` and `Country` are one residence."""
    same = [other for other in block if other.field is entry.field]
    if not same or entry.field is Field.OTHER:
        return True
    if any(other.label.casefold() == entry.label.casefold() for other in same):
        return False
    if entry.field in NAMES:
        return all(other.field in NAMES for other in block) and _differ_in_script(same[-1], entry)
    return entry.field in JOINABLE


def _differ_in_script(one: Entry, other: Entry) -> bool:
    return one.value.isascii() != other.value.isascii()


def read_block(block: list[Entry], lines: list[Line]) -> Four | None:
    """Return the person of one block; None when it names nobody."""
    if _is_example(block, lines):
        return None
    values = {field: _values(block, field) for field in Field}
    name = _name(values)
    if not name:
        return None
    four = Four(
        name,
        ", ".join(dict.fromkeys(values[Field.RESIDENCE])),
        ", ".join(dict.fromkeys(values[Field.OCCUPATION])),
        next(iter(values[Field.EMAIL]), ""),
    )
    return four if _is_believable(four, block, lines) else None


def _is_example(block: list[Entry], lines: list[Line]) -> bool:
    before = [line for line in lines[max(0, block[0].start - 3) : block[0].start] if line.text]
    return bool(before) and bool(EXAMPLE.fullmatch(before[-1].text))


def _values(block: list[Entry], field: Field) -> list[str]:
    found = (_value(entry, block) for entry in block if entry.field is field)
    return [value for value in found if value]


def _value(entry: Entry, block: list[Entry]) -> str:
    raw = entry.value if entry.value.strip(" *_\t|") else _below(entry, block)
    if entry.field is Field.EMAIL:
        return find_address(raw)
    return tidy_name(raw) if entry.field in NAMES else tidy_line(raw, entry.field)


def _below(entry: Entry, block: list[Entry]) -> str:
    """The next line as the value, where the whole block is written so, or labels stand around it.

    After the empty lines of a template any text may follow: it must not become a signature.
    """
    text = entry.below
    if not text or len(text) > LONGEST_BELOW:
        return ""
    if entry.field is Field.EMAIL:
        return text if is_address(text) else ""
    if is_courtesy(text) or is_unknown_label(text) or "://" in text:
        return ""
    return text if entry.sandwiched or _is_written_below(block, entry) else ""


def _is_written_below(block: list[Entry], entry: Entry) -> bool:
    named = [other for other in block if other.field in NAMES]
    below = [other for other in block if other.below]
    if not named or not all(other.below for other in named):
        return False
    return len(below) > 1 or (len(block) == 1 and entry.gap == 0)


def _name(values: dict[Field, list[str]]) -> str:
    whole, given, family = values[Field.NAME], values[Field.GIVEN], values[Field.FAMILY]
    if not whole:
        halves = [*given, *family]
        return (
            "".join([*family, *given])
            if halves and all(map(_is_han, halves))
            else tidy(" ".join(halves))
        )
    if given and not family:
        return f"{given[0]} {whole[0]}"  # "Nom: Dupont / Prénom: Marie"
    if family and not given:
        return f"{whole[0]} {family[0]}"  # "Имя: Анна / Фамилия: Ким"
    return whole[0] if len(whole) == 1 else f"{whole[0]} ({whole[1]})"


def _is_han(text: str) -> bool:
    return all(unicodedata.name(char, "").startswith("CJK") for char in text)


def _is_believable(four: Four, block: list[Entry], lines: list[Line]) -> bool:
    """Two lines that name and place a person, or a name in a mail that is about nothing else."""
    if any(CASE_SHEET.match(line.text) for line in _near(block, lines)):
        return False
    foreign = sum(entry.field is Field.OTHER for entry in block) + _unknown_labels(block, lines)
    if four.residence and four.occupation:
        return True
    if four.residence or four.occupation:
        return not foreign
    said = sum(len(line.text) for line in lines if line.depth == block[0].depth)
    return not foreign and said <= LITTLE_ELSE


def _unknown_labels(block: list[Entry], lines: list[Line]) -> int:
    return sum(is_unknown_label(line.text) for line in _near(block, lines))


def _near(block: list[Entry], lines: list[Line]) -> list[Line]:
    """The lines of text in and around a block that are not its own."""
    own = {index for entry in block for index in (entry.start, entry.end)}
    around = range(max(0, block[0].start - NEARBY), min(len(lines), block[-1].end + NEARBY + 1))
    return [lines[i] for i in around if i not in own and lines[i].role is Role.TEXT]
