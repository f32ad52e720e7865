"""Where signatures come from besides the form, as one stream of items in constant memory."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

from .imap import read_imap
from .items import Item, SourceError
from .mailboxes import read_eml_folder, read_file, read_maildir, read_mbox
from .tables import read_csv, read_xlsx

TABLES = {".csv", ".tsv", ".tab", ".txt"}
IMAP = ("imaps://", "imap://")


def open_source(source: str | os.PathLike[str], after: str = "") -> Iterator[Item]:
    """Return the items of an mbox, Maildir, folder of .eml, .eml, CSV, XLSX or IMAP mailbox.

    What it is is decided by looking, at once; items are read one by one afterwards. `after` is
    the ref of the last item already taken in, used where skipping is cheap (IMAP). Raises
    SourceError, one line, for what cannot be opened or is nothing of the kind.
    """
    if str(source).lower().startswith(IMAP):
        return read_imap(str(source), after)
    path = Path(source)
    try:
        return _open_folder(path) if path.is_dir() else _open_file(path)
    except OSError as error:
        raise SourceError(f"{path.name} cannot be read: {error.strerror}.") from error


def _open_folder(path: Path) -> Iterator[Item]:
    if (path / "cur").is_dir() or (path / "new").is_dir():
        return read_maildir(path)
    if next(read_eml_folder(path), None) is None:
        raise SourceError(f"{path.name} is neither a Maildir nor a folder with .eml files.")
    return read_eml_folder(path)


def _open_file(path: Path) -> Iterator[Item]:
    if not path.is_file():
        raise SourceError(f"{path.name} does not exist or is not a file.")
    with path.open("rb") as file:
        start = file.read(8)
    if start.startswith(b"PK") and zipfile.is_zipfile(path):
        return read_xlsx(path)
    if path.suffix.lower() == ".eml":
        return iter([read_file(path, path.name)])
    if start.startswith((b"From ", b">From ")) or path.suffix.lower() == ".mbox":
        return read_mbox(path)
    if path.suffix.lower() in TABLES:
        return read_csv(path)
    raise SourceError(f"{path.name} is not an mbox, .eml, CSV or XLSX file.")
