"""What every export format has in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import BinaryIO, ClassVar

from .rows import ExportRow


class UnknownFormat(LookupError):
    """Nobody exports under that name; `str()` is one sentence fit to be shown."""


class Exporter(ABC):
    """Writes rows in one format. A new format is one subclass, named in `exporters/__init__.py`.

    `made_at` (aware) is the moment the list was frozen. Formats that carry a date of their own
    write this one, so that the same rows give the same bytes.
    """

    identifier: ClassVar[str]
    suffix: ClassVar[str]
    media_type: ClassVar[str]

    def __init__(self, made_at: datetime = datetime(1980, 1, 1, tzinfo=UTC)) -> None:
        self.made_at = made_at.astimezone(UTC)

    @abstractmethod
    def write(self, rows: Iterable[ExportRow], stream: BinaryIO) -> int:
        """Write `rows` to `stream` in constant memory; how many there were."""
