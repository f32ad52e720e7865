"""The formats a list of signatures can leave in, all fed by the same rows."""

from __future__ import annotations

from datetime import UTC, datetime

from .base import Exporter, UnknownFormat
from .csv import CsvExporter, iter_chunks
from .formula import escape_cell, unescape_cell
from .rows import COLUMNS, ExportRow
from .xlsx import XlsxExporter

__all__ = [
    "COLUMNS",
    "ExportRow",
    "Exporter",
    "UnknownFormat",
    "escape_cell",
    "exporters",
    "get_exporter",
    "iter_chunks",
    "unescape_cell",
]

_FORMATS: dict[str, type[Exporter]] = {
    exporter.identifier: exporter for exporter in (CsvExporter, XlsxExporter)
}


def exporters() -> list[type[Exporter]]:
    """Every format there is, the plainest first."""
    return list(_FORMATS.values())


def get_exporter(
    identifier: str, *, made_at: datetime = datetime(1980, 1, 1, tzinfo=UTC)
) -> Exporter:
    """The exporter called `identifier` ("csv", "xlsx"), for a list frozen at `made_at`.

    Raises UnknownFormat.
    """
    try:
        return _FORMATS[identifier](made_at)
    except KeyError:
        names = ", ".join(_FORMATS)
        raise UnknownFormat(
            f"There is no export format “{identifier}”; there are {names}."
        ) from None
