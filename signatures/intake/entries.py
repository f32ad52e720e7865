"""Labels and their values in lines of text: `Name: x`, `* 姓名 *： x`, `Name x, Residence: y`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from .label_words import Field
from .labels import FOLD, LONGEST_LABEL, field_of, misspelt_field_of
from .lines import Line, Role
from .values import is_address, is_courtesy

WRAP_WIDTH = 70
#: Words, or Chinese characters, that a label within a line may have.
MOST_WORDS = 12


@dataclass(frozen=True)
class Entry:
    """One label with what stands behind it, on lines `start` to `end`.

    `below` is the line that follows an empty label. It is only a guess: `gap` counts the blank
    lines before it, and `sandwiched` says that the next label follows it at once.
    """

    field: Field
    label: str
    value: str
    start: int
    end: int
    depth: int = 0
    below: str = ""
    gap: int = 0
    sandwiched: bool = False


_DECORATION = re.compile(
    r"(?:\s*(?:[(（\[【]?\s*\d{1,2}\s*[.)）、\]】:：–-]|[①-⑳]|[a-dA-D][.)](?=\s)|[*_#•●▪■◆◇○◦·►▶➤✓☑✅✔👉📌|–—-]+))*\s*"
    r"[\"“「『【\[（(<]?\s*"
)
_COLON = r"[*_\s]*[:：﹕︰∶꞉]+[*_\s]*"
_DASH = r"\s+[-–—−]+>?\s*|\s*[-–—−]+>?\s+|[-–—−]+(?=[A-Z\u00c0-\u1fff\u2e80-\uffff])"
_EQUALS = r"\s*(?:=+>?|[→⇒])\s*"
_CELL = r"\s*[\t|]\s*"
_SEPARATOR = re.compile(
    rf"(?P<colon>{_COLON})|(?P<cell>{_CELL})|(?P<dash>{_DASH})|(?P<equals>{_EQUALS})"
    r"|(?P<other>[._…]{3,}\s*|\s{2,}|\s*[】」』\])）>]\s*)"
)
_INSIDE = {
    "colon": re.compile(_COLON),
    "dash": re.compile(_DASH),
    "equals": re.compile(_EQUALS),
    "cell": re.compile(_CELL),
}
_COLONS = re.compile("[:：]")
FEWEST_INSIDE = 2
_HINT = re.compile(r"[(（\[【<][^()（）\[\]【】<>]{0,80}[)）\]】>]")
_WORD_START = re.compile(r"(?<![^\s,;，；、。.|/·])(?=\S)|(?=[\u2e80-\u9fff\uac00-\ud7af]{2})")
_UNKNOWN_LABEL = re.compile(r"[^\W\d][^:：,.]{0,30}[:：](?!//)\s*\S")


def is_unknown_label(text: str) -> bool:
    """Whether a line looks like a line of some other form: `Order number: 5`."""
    return bool(_UNKNOWN_LABEL.match(text)) and not field_of(re.split("[:：]", text)[0])


def find_entries(lines: list[Line], loose: bool = False) -> list[Entry]:
    """Find every label in the lines, in order; `loose` also takes `Name Jane Doe`."""
    found: list[list[Entry]] = []
    for index, line in enumerate(lines):
        pieces = list(_pieces(line.text, loose)) if line.role is Role.TEXT else []
        found.append([Entry(*piece, index, index, line.depth) for piece in pieces])
    for index, entries in enumerate(found):
        if entries:
            entries[-1] = _with_what_follows(entries[-1], lines, found, index)
    return [entry for entries in found for entry in entries]


def _pieces(text: str, loose: bool) -> Iterator[tuple[Field, str, str]]:
    first = _first(text, loose) or _after_words(text)
    if not first:
        return
    field, label, style, rest = first
    while found := _next(rest, style):
        value, following, following_label, rest = found
        yield field, label, value
        field, label = following, following_label
    yield field, label, rest


def _first(text: str, loose: bool) -> tuple[Field, str, str, str] | None:
    decoration = _DECORATION.match(text)
    body = text[decoration.end() :] if decoration else text
    if len(body) <= LONGEST_LABEL and (field := field_of(body.strip(" *_:：】」』])）>"))):
        return field, body.strip(" *_:："), "colon", ""
    masked = _masked(body.translate(FOLD)[: 2 * LONGEST_LABEL])
    for separator in _SEPARATOR.finditer(masked):
        head = body[: separator.start()]
        if field := field_of(head):
            return field, head.strip(), separator.lastgroup or "", body[separator.end() :]
        if separator.lastgroup == "colon":
            field = misspelt_field_of(head)
            return (field, head.strip(), "colon", body[separator.end() :]) if field else None
    return _spaced(body, loose)


def _after_words(text: str) -> tuple[Field, str, str, str] | None:
    """Labels that begin later in the line, when there are two more: `Please add me: Name: …`."""
    found = _next(text, "colon") if len(_COLONS.findall(text)) > FEWEST_INSIDE else None
    if not found or found[1] not in {Field.NAME, Field.GIVEN, Field.FAMILY}:
        return None
    _, field, label, rest = found
    second = _next(rest, "colon")
    return (field, label, "colon", rest) if second and _next(second[3], "colon") else None


def _spaced(body: str, loose: bool) -> tuple[Field, str, str, str] | None:
    """A label and one space: an address behind a word for e-mail, or anything when `loose`."""
    for space in reversed(list(re.finditer(r"\s+", _masked(body[:LONGEST_LABEL])))[:5]):
        head, rest = body[: space.start()], body[space.end() :]
        field = field_of(head)
        if field and (loose or (field is Field.EMAIL and is_address(rest))):
            return field, head.strip(), "colon", rest
    return None


def _masked(text: str) -> str:
    """Hide what stands in brackets, at the same length, so that no separator is found in it."""
    return _HINT.sub(lambda hint: "x" * len(hint[0]), text)


def _next(rest: str, style: str) -> tuple[str, Field, str, str] | None:
    """Cut a value where the next label begins: the value, then field, label and what is left."""
    pattern = _INSIDE.get(style, _INSIDE["colon"])
    for separator in pattern.finditer(_masked(rest.translate(FOLD))):
        head = rest[: separator.start()]
        if head.count("(") + head.count("（") > head.count(")") + head.count("）"):
            continue
        floor = max(0, len(head) - LONGEST_LABEL)
        for start in list(_WORD_START.finditer(head, floor))[-MOST_WORDS:]:
            if field := field_of(head[start.start() :]):
                value = head[: start.start()]
                return value, field, head[start.start() :].strip(), rest[separator.end() :]
    return None


def _with_what_follows(
    entry: Entry, lines: list[Line], found: list[list[Entry]], index: int
) -> Entry:
    following = next(
        (i for i in range(index + 1, len(lines)) if lines[i].role is not Role.BLANK), None
    )
    if following is None or found[following] or lines[following].role is Role.BORDER:
        return entry
    line = lines[following]
    if not entry.value.strip(" *_") and line.depth <= entry.depth:
        return _with_below(entry, line, found, following)
    is_before_label = any(found[following + 1 : following + 2])
    return _continued(entry, lines, following, is_before_label)


def _with_below(entry: Entry, line: Line, found: list[list[Entry]], following: int) -> Entry:
    gap = following - entry.start - 1
    after = found[following + 1] if following + 1 < len(found) else []
    return Entry(
        entry.field, entry.label, "", entry.start, following, entry.depth,
        below=line.text, gap=gap, sandwiched=bool(after) and not gap,
    )  # fmt: skip


def _continued(entry: Entry, lines: list[Line], following: int, is_before_label: bool) -> Entry:
    """Join a value that a mail program broke: the next line's first word had no room here.

    Or it is folded like a header (RFC 5322, 2.2.3): indented, and another label comes next.
    """
    here, line = lines[entry.start], lines[following]
    word = line.text.split(maxsplit=1)[0]
    is_wrapped = len(here.text) + len(word) + 1 > WRAP_WIDTH and " " in entry.value
    is_folded = is_before_label and line.is_indented > here.is_indented
    is_joined = is_wrapped or (is_folded and not is_courtesy(line.text))
    if following != entry.start + 1 or line.depth != here.depth or not is_joined:
        return entry
    value = f"{entry.value.strip()} {line.text}"
    return Entry(entry.field, entry.label, value, entry.start, following, entry.depth)
