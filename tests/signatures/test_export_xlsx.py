"""The XLSX file: texts that stay texts, real numbers and dates, and the same bytes every time."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO

import openpyxl
import pytest
from openpyxl.utils.escape import unescape

from signatures.exporters import ExportRow, get_exporter
from signatures.exporters.xlsx import XlsxExporter

from .export_rows import FORMULAS, export_row, formula_row

FROZEN = datetime(2011, 6, 4, 12, tzinfo=UTC)


class TwoRowsASheet(XlsxExporter):
    rows_per_sheet = 2


def written(rows: list[ExportRow], exporter: XlsxExporter | None = None) -> bytes:
    stream = BytesIO()
    (exporter or get_exporter("xlsx", made_at=FROZEN)).write(rows, stream)
    return stream.getvalue()


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(BytesIO(content))


def test_the_heading_is_there_and_stays_in_sight():
    sheet = opened(written([export_row()]))["signatures"]

    heading = [cell.value for cell in sheet[1]]

    assert heading == list(ExportRow._fields)
    assert sheet.freeze_panes == "A2"


def test_numbers_are_numbers_dates_are_dates_and_the_rest_is_text():
    sheet = opened(written([export_row(4711)]))["signatures"]

    number, name, _, _, _, signed_on, *_ = sheet[2]

    assert (number.value, number.data_type) == (4711, "n")
    assert (name.data_type, name.number_format) == ("s", "@")
    assert (signed_on.value, signed_on.number_format) == (
        datetime(2011, 6, 4),
        "yyyy-mm-dd",
    )


def test_no_formula_link_or_number_is_made_of_a_text():
    rows = [formula_row(number) for number in range(1, len(FORMULAS) + 1)]
    rows.append(export_row(201, name="https://example.org/", residence="007", occupation="1e5"))

    sheet = opened(written(rows))["signatures"]

    kinds = {cell.data_type for line in sheet.iter_rows(min_row=2) for cell in line if cell.value}
    assert kinds == {"n", "s", "d"}
    assert [sheet.cell(202, column).value for column in (2, 3, 4)] == [
        "https://example.org/",
        "007",
        "1e5",
    ]


@pytest.mark.parametrize(
    "text", ["=1+1", "'quoted", "  blanks  ", "<b>&amp;", "_x0041_", "བསྟན་འཛིན", "💐"]
)
def test_a_text_is_kept_as_it_is(text):
    sheet = opened(written([export_row(name=text)]))["signatures"]

    assert unescape(sheet["B2"].value) == text


def test_the_same_rows_give_the_same_bytes():
    rows = [export_row(number) for number in range(1, 30)]

    assert written(rows) == written(rows)


def test_another_moment_of_freezing_is_written_into_the_file():
    book = opened(written([export_row()]))

    assert book.properties.created == FROZEN.replace(tzinfo=None)


def test_what_does_not_fit_a_sheet_goes_on_in_the_next():
    book = opened(written([export_row(number) for number in range(1, 6)], TwoRowsASheet()))

    sizes = {sheet.title: sheet.max_row - 1 for sheet in book}

    assert sizes == {"signatures": 2, "signatures 2": 2, "signatures 3": 1}
    assert book["signatures 3"]["A2"].value == 5


def test_a_full_last_sheet_is_not_followed_by_an_empty_one():
    book = opened(written([export_row(number) for number in range(1, 5)], TwoRowsASheet()))

    assert book.sheetnames == ["signatures", "signatures 2"]


def test_an_empty_list_is_a_sheet_with_only_a_heading():
    book = opened(written([]))

    assert [sheet.max_row for sheet in book] == [1]
