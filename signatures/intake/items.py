"""What every source yields."""

from __future__ import annotations

from dataclasses import dataclass


class SourceError(Exception):
    """A source cannot be read at all; the text is one line for the person at the terminal."""


@dataclass(frozen=True)
class Item:
    """One input item: the bytes of a message, or a row of a table, or the problem it has.

    `ref` finds it again: `box.mbox:<byte offset>`, `<maildir file>`, `list.csv:<line>`,
    `imap:<uidvalidity>:<uid>`. A row's keys are the four fields, its values untidied text.
    """

    ref: str
    data: bytes | None = None
    row: dict[str, str] | None = None
    problem: str = ""
