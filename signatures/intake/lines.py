"""The lines of a mail's text: how deep each is quoted, which are borders, which nobody wrote."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto

from .labels import FOLD
from .phrases import ATTRIBUTION, DEVICE, FORWARD, HEADER

LONGEST_LINE = 2_000


class Role(Enum):
    """What a line does: TEXT may carry a value, BLANK is white, BORDER ends what stands before."""

    TEXT = auto()
    BLANK = auto()
    BORDER = auto()


@dataclass(frozen=True)
class Line:
    """One line without its quotation marks; `depth` counts them."""

    text: str
    depth: int = 0
    role: Role = Role.TEXT
    is_indented: bool = False

    @property
    def is_rule(self) -> bool:
        """Whether the line is drawn and says nothing: `-----`."""
        return self.role is Role.BORDER and not any(char.isalnum() for char in self.text)


_QUOTED = re.compile(r"\s{0,3}((?:[>＞›]\s?)+)(?=\s*\S|\s*\Z)")
_CONTROLS = [*range(9), *range(11, 32), 0x7F]
_DIRECTIONS = [0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)]
_INVISIBLE = dict.fromkeys([*_CONTROLS, *_DIRECTIONS, 0xAD, 0x200B, 0x2060, 0xFEFF, 0xFFFC])
_RULE = re.compile(r"\s*(?:[-_=*~—–─━═#·•]\s?){3,}.*", re.DOTALL)
_TABLE_RULE = re.compile(r"[\s+|┌┬┐├┼┤└┴┘─│:=-]*[+|┌┬├┼└┴│][\s+|┌┬┐├┼┤└┴┘─│:=-]*")
_PROGRAM_SIGNATURE = re.compile(r"--\s?")


def read_lines(text: str) -> list[Line]:
    """Cut text into lines, longer ones than 2,000 characters short, without program signatures."""
    raw = (_read_line(line[:LONGEST_LINE]) for line in _physical(text))
    return list(_without_program_signatures(_with_header_blocks(list(raw))))


def _physical(text: str) -> Iterable[str]:
    return re.split(r"\r\n?|[\n\x0b\x0c\x85\u2028\u2029]", unicodedata.normalize("NFC", text))


def _read_line(raw: str) -> Line:
    clean = raw.translate(_INVISIBLE).translate(FOLD if "＞" in raw[:4] else {0xA0: 0x20})
    quoted = _QUOTED.match(clean)
    depth = sum(char in ">›" for char in quoted[1]) if quoted else 0
    text = clean[quoted.end() :] if quoted else clean
    if _PROGRAM_SIGNATURE.fullmatch(text):
        return Line("--", depth, Role.BORDER)
    return Line(text.strip(" "), depth, _role(text.strip()), text[:1] in {" ", "\t"})


def _role(text: str) -> Role:
    if not text or _TABLE_RULE.fullmatch(text):
        return Role.BLANK
    if _is_rule(text) or any(pattern.fullmatch(text) for pattern in (ATTRIBUTION, FORWARD, DEVICE)):
        return Role.BORDER
    return Role.TEXT


def _is_rule(text: str) -> bool:
    """A rule, bare (`-----`) or with a title (`--- Original Message ---`), not `***Name:*** x`."""
    if not _RULE.fullmatch(text):
        return False
    words = text.strip("-_=*~—–─━═#·• \t")
    return not words or (text[-3:].strip("-_=*~—–─━═#·• ") == "" and ":" not in words)


def _with_header_blocks(lines: list[Line]) -> Iterator[Line]:
    """Turn `From: … / Sent: … / To: …` into borders; one such line alone is ordinary text."""
    headers = [line.role is Role.TEXT and bool(HEADER.fullmatch(line.text)) for line in lines]
    for index, line in enumerate(lines):
        near = headers[max(0, index - 2) : index] + headers[index + 1 : index + 3]
        yield Line(line.text, line.depth, Role.BORDER) if headers[index] and any(near) else line


def _without_program_signatures(lines: Iterable[Line]) -> Iterator[Line]:
    """Drop what follows `-- ` (RFC 3676, 4.3) until the quotation changes or a border comes."""
    inside: int | None = None
    for line in lines:
        if line.text == "--" and line.role is Role.BORDER:
            inside = line.depth
        elif line.role is not Role.BLANK and (line.depth != inside or line.role is Role.BORDER):
            inside = None
        if inside is None or line.text == "--":
            yield line
