"""XLSX for people who open a list in a spreadsheet.

Every text is stored as a string with the text format `@`, never as a formula, link or number, so it
is the original text and needs no escape: nothing in the file runs, and editing a cell does not make
it run. (Who saves the sheet as CSV leaves that protection behind; deliver our CSV instead.)
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, count, islice
from typing import BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from .base import Exporter
from .rows import COLUMNS, ExportRow

SHEET = "signatures"
WIDTHS = {"number": 9, "name": 32, "residence": 28, "occupation": 28, "email": 30}


class XlsxExporter(Exporter):
    """A format that ends at 1,048,576 lines a sheet; what is beyond goes on "signatures 2"…"""

    identifier = "xlsx"
    suffix = ".xlsx"
    media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    rows_per_sheet = 1_048_575

    def write(self, rows: Iterable[ExportRow], stream: BinaryIO) -> int:
        with Workbook(stream, {"constant_memory": True}) as book:
            # The file's own date: without it every run would differ.
            book.set_properties({"created": self.made_at.replace(tzinfo=None)})
            book.use_zip64()
            return sum(self._sheets(book, iter(rows)))

    def _sheets(self, book: Workbook, rows: Iterator[ExportRow]) -> Iterator[int]:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        text = book.add_format({"num_format": "@"})
        heading = book.add_format({"bold": True, "num_format": "@"})
        for number in count(1):
            first = next(rows, None)
            if first is None and number > 1:
                return
            sheet = book.add_worksheet(SHEET if number == 1 else f"{SHEET} {number}")
            _write_heading(sheet, heading)
            here = chain([first] if first else [], islice(rows, self.rows_per_sheet - 1))
            yield _write_rows(sheet, here, day, text)


def _write_heading(sheet: Worksheet, heading: Format) -> None:
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(COLUMNS):
        sheet.set_column(column, column, WIDTHS.get(name, 14))
        sheet.write_string(0, column, name, heading)


def _write_rows(sheet: Worksheet, rows: Iterable[ExportRow], day: Format, text: Format) -> int:
    line = 0
    for line, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                if cell:
                    sheet.write_string(line, column, cell, text)
            elif isinstance(cell, int):
                sheet.write_number(line, column, cell)
            else:
                sheet.write_datetime(line, column, cell, day)
    return line
