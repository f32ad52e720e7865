"""The list frozen once: everything else in a packet is made from its own `signatures.csv`."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

from signatures.exporters import ExportRow, get_exporter, unescape_cell

from .digests import row_digest
from .facts import Counts

LIST, DIGESTS, SALTS = "signatures.csv", "digests.txt", "salts.txt"


def freeze(rows: Iterable[tuple[ExportRow, str]], folder: Path) -> Counts:
    """Write rows, each with its salt, as list, digests and salts, in one pass; what they add up to.

    E-mail addresses stay here: their owners gave them to hear from us, not from the recipient.
    Raises ValueError when the numbers do not run from 1 without gaps.
    """
    counts = Counts()
    with (
        (folder / LIST).open("wb") as listed,
        (folder / DIGESTS).open("w", encoding="ascii") as digests,
        (folder / SALTS).open("w", encoding="ascii") as salts,
    ):

        def noted() -> Iterator[ExportRow]:
            for expected, (row, salt) in enumerate(rows, start=1):
                if row.number != expected:
                    raise ValueError(f"The list has number {row.number} where {expected} belongs.")
                counts.add(row)
                digests.write(f"{row.number} {row_digest(row, salt)}\n")
                salts.write(f"{row.number} {salt}\n")
                yield row._replace(email="")

        get_exporter("csv").write(noted(), listed)
    return counts


def frozen_rows(folder: Path) -> Iterator[ExportRow]:
    """The rows of the packet in `folder`, as they were frozen."""
    with (folder / LIST).open(encoding="utf-8-sig", newline="") as listed:
        lines = csv.reader(listed)
        next(lines)
        for line in lines:
            number, name, residence, occupation, email, day, confirmation, source = map(
                unescape_cell, line
            )
            signed_on = date.fromisoformat(day)
            people = (name, residence, occupation, email)
            yield ExportRow(int(number), *people, signed_on, confirmation, source)
