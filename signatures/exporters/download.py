"""A list sent to a browser while it is read, and logged when it has gone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from typing import TYPE_CHECKING

from ..models.signature import SignatureQuerySet
from ..services.export import export_log, export_rows
from .csv import iter_chunks
from .rows import ExportRow

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class Counted:
    """Rows that pass through, counted."""

    def __init__(self, rows: Iterator[ExportRow]) -> None:
        self.rows = rows
        self.seen = 0

    def __iter__(self) -> Iterator[ExportRow]:
        for row in self.rows:
            self.seen += 1
            yield row


def csv_download(*, signatures: SignatureQuerySet, actor: User, asked: str = "") -> Iterator[bytes]:
    """The accepted ones among `signatures` as pieces of a CSV file.

    Rows and SHA-256 of what was sent are logged at the end, also of a download that broke off.
    """
    digest = sha256()
    source = export_rows(signatures=signatures)
    rows = Counted(source)
    try:
        # The log is written after the snapshot: a download that broke off rolls that back.
        with closing(source):
            for chunk in iter_chunks(rows):
                digest.update(chunk)
                yield chunk
    finally:
        export_log(rows=rows.seen, sha256=digest.hexdigest(), actor=actor, asked=asked)
