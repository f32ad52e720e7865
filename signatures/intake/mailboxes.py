"""Mail in files: mbox (RFC 4155 and its mboxrd kin), Maildir, folders of .eml."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from .items import Item
from .message import MOST_BYTES

TOO_LARGE = f"larger than {MOST_BYTES // 1024**2} MB, not read"
CHUNK = 1024 * 1024
_POSTMARK = re.compile(rb"From .*\d\d:\d\d")
_ESCAPED = re.compile(rb">+From ")


def read_mbox(path: Path) -> Iterator[Item]:
    """Yield the messages of an mbox, one in memory at a time, none above 5 MB.

    A message begins at a `From ` line with a time in it, after a blank line or at the file's
    start: bodies begin paragraphs with "From" too. One `>` is taken off `>From `, `>>From `.
    """
    with path.open("rb") as file:
        message: _Growing | None = None
        for offset, line, is_postmark in _marked_lines(file):
            if is_postmark or message is None:
                if message:
                    yield message.item(path.name)
                message = _Growing(offset)
            if not is_postmark:
                message.add(line)
        if message:
            yield message.item(path.name)


class _Growing:
    """A message as its lines come in; it lets go of them once they are too many."""

    def __init__(self, offset: int) -> None:
        self._offset = offset
        self._size = 0
        self._lines: list[bytes] = []

    def add(self, line: bytes) -> None:
        self._size += len(line)
        if self._size <= MOST_BYTES:
            self._lines.append(line)
        else:
            self._lines.clear()

    def item(self, name: str) -> Item:
        ref = f"{name}:{self._offset}"
        if self._size > MOST_BYTES:
            return Item(ref, problem=TOO_LARGE)
        return Item(ref, b"".join(self._lines))


def _marked_lines(file: BinaryIO) -> Iterator[tuple[int, bytes, bool]]:
    """Each line, or piece of a very long one, with its offset, and whether a message begins."""
    offset, after_blank, at_start = 0, True, True
    while line := file.readline(CHUNK):
        if at_start and after_blank and _POSTMARK.match(line):
            yield offset, line, True
        else:
            yield offset, line[1:] if at_start and _ESCAPED.match(line) else line, False
        offset += len(line)
        after_blank = at_start and not line.strip(b"\r\n")
        at_start = line.endswith(b"\n")


def read_maildir(path: Path) -> Iterator[Item]:
    """Yield the messages of a Maildir's `cur` and `new`, by name; nothing is moved or marked.

    The ref leaves out the flags behind the colon, which change when somebody reads the mail.
    """
    for folder in (path / "cur", path / "new"):
        for file in sorted(folder.iterdir()) if folder.is_dir() else ():
            if not file.name.startswith("."):
                yield read_file(file, file.name.partition(":2,")[0])


def read_eml_folder(path: Path) -> Iterator[Item]:
    """Yield the `.eml` files of a folder and the folders in it, by name."""
    for folder, folders, names in os.walk(path):
        folders.sort()
        for name in sorted(names):
            if name.lower().endswith(".eml"):
                file = Path(folder, name)
                yield read_file(file, str(file.relative_to(path)))


def read_file(path: Path, ref: str) -> Item:
    """Return the message in one file; a problem when it is too large, no file, or unreadable."""
    try:
        if not path.is_file():
            return Item(ref, problem="not a regular file")
        if path.stat().st_size > MOST_BYTES:
            return Item(ref, problem=TOO_LARGE)
        return Item(ref, path.read_bytes())
    except OSError as error:
        return Item(ref, problem=f"cannot be read: {error.strerror}")
