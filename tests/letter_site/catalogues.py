"""Catalogues of messages, read as their translators wrote them (GNU gettext's PO format)."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from pathlib import Path

LINE = re.compile(r'(?:(msgctxt|msgid|msgid_plural|msgstr(?:\[\d+\])?) )?(".*")')


@dataclass(frozen=True)
class Message:
    """One message: what the code says, and what a visitor reads instead of it."""

    id: str
    plural: str | None
    texts: tuple[str, ...]
    flags: str


def read_catalogue(path: Path) -> list[Message]:
    """All messages of a .po file, the header among them as the message with an empty id."""
    blocks = path.read_text(encoding="utf-8").split("\n\n")
    return [_message(block.splitlines()) for block in blocks if "msgid" in block]


def _message(lines: list[str]) -> Message:
    fields: dict[str, str] = {}
    keyword = ""
    for line in lines:
        if found := LINE.fullmatch(line):
            keyword = found[1] or keyword
            fields[keyword] = fields.get(keyword, "") + ast.literal_eval(found[2])
    return Message(
        id=fields["msgid"],
        plural=fields.get("msgid_plural"),
        texts=tuple(text for name, text in fields.items() if name.startswith("msgstr")),
        flags=" ".join(line for line in lines if line.startswith("#,")),
    )
