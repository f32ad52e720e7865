"""What a packet says about itself besides its rows: plain values, known before it is built."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from signatures.exporters import ExportRow


def counted(number: int, noun: str) -> str:
    """`number` of a thing whose English plural takes an s: "1 page", "2,000 pages"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


class Kind(StrEnum):
    """What a delivery holds."""

    WHOLE = "whole"
    NEW_ONLY = "new-only"
    ADDENDUM = "addendum"


@dataclass(frozen=True)
class LetterFacts:
    """The letter as it was signed.

    `addressee` and `cc` are lines; `body` is the Markdown people signed, `canonical_text` the text
    whose UTF-8 bytes give the digest (see letters.canonical). `other_text_digests` are those of
    translations that somebody signed instead.
    """

    slug: str
    title: str
    language: str
    sender: str
    addressee: tuple[str, ...]
    cc: tuple[str, ...]
    letter_date: date
    body: str
    canonical_text: str
    leaders: tuple[str, ...] = ()
    other_text_digests: tuple[str, ...] = ()

    @property
    def text_digest(self) -> str:
        """SHA-256 of the canonical text, 64 lower-case hexadecimal digits."""
        return hashlib.sha256(self.canonical_text.encode()).hexdigest()


@dataclass(frozen=True)
class PacketFacts:
    """One delivery to one recipient.

    `frozen_at` (aware) is the moment of the snapshot. `since` is the number of the delivery that a
    new-only one continues or an addendum belongs to. `duplicates_removed` and `withdrawn` count
    what did not come into the list. `software` names program and version; `record_url` is the
    public page of this delivery.
    """

    letter: LetterFacts
    number: int
    recipient: str
    frozen_at: datetime
    software: str
    record_url: str
    cover_line: str = ""
    kind: Kind = Kind.WHOLE
    since: int | None = None
    duplicates_removed: int = 0
    withdrawn: int = 0


@dataclass
class Counts:
    """What a list adds up to."""

    total: int = 0
    name_withheld: int = 0
    by_source: Counter[str] = field(default_factory=Counter)
    by_confirmation: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, rows: Iterable[ExportRow]) -> Counts:
        """The counts of `rows`."""
        counts = cls()
        for row in rows:
            counts.add(row)
        return counts

    def add(self, row: ExportRow) -> None:
        """Count one more row."""
        self.total += 1
        self.name_withheld += row.is_withheld
        self.by_source[row.source] += 1
        self.by_confirmation[row.confirmation] += 1
