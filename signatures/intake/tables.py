"""Signatures in tables: CSV as spreadsheets of any country write it, and XLSX."""

from __future__ import annotations

import csv
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from signatures.exporters.formula import escape_cell, unescape_cell

from .charsets import charset_of
from .items import Item, SourceError
from .label_words import Field
from .labels import field_of

SAMPLE = 64 * 1024
LONGEST_LINE = 64 * 1024
#: As in a mail: what follows judges a value in time that grows with its square.
LONGEST_CELL = 2_000
HEADER_WITHIN = 10
MOST_COLUMNS = 60
#: What an XLSX may unpack to, in bytes, and how many files it may hold.
MOST_UNPACKED = 200 * 1024**2
MOST_SHARED_STRINGS = 60 * 1024**2
MOST_MEMBERS = 2_000
_DELIMITERS = ",;\t|"
_DAMAGE = (ParseError, zipfile.BadZipFile, zlib.error, ValueError, KeyError, TypeError, EOFError)

Columns = dict[int, Field]


class Row(NamedTuple):
    """One row's ref and cells, or what is wrong with it."""

    ref: str
    cells: Sequence[object] = ()
    problem: str = ""


def read_csv(path: Path) -> Iterator[Item]:
    """Return the rows of a CSV; charset and delimiter are found by looking, columns by header.

    What our own export guarded against formulas is read back as it was before. Raises
    SourceError when the first ten rows hold no header with a column for the name.
    """
    charset = _charset(path)
    items = _below_header(_csv_rows(path, charset, _delimiter(path, charset)))
    if items is None:
        raise SourceError(f"{path.name} has no header row with a column for the name.")
    return items


def read_xlsx(path: Path) -> Iterator[Item]:
    """Return the rows of every sheet that has a header row; of formulas, their last value.

    Raises SourceError for what would unpack beyond 200 MB, is damaged, or names nobody.
    """
    _refuse_bombs(path)
    try:
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        sheets = [_below_header(_sheet_rows(path.name, sheet)) for sheet in book.worksheets]
    except (InvalidFileException, OSError, *_DAMAGE) as error:
        raise SourceError(f"{path.name} is not a readable XLSX file.") from error
    if not any(sheets):
        raise SourceError(f"{path.name} has no sheet whose header row has a column for the name.")
    return _until_closed(book, chain.from_iterable(filter(None, sheets)))


def columns_of(header: Sequence[object]) -> Columns:
    """Return which columns hold which field; empty when none holds a name.

    Headers are read with the labels of the mails: six languages and more, in any order.
    """
    columns: Columns = {}
    for index, cell in enumerate(header):
        field = field_of(str(cell or "").strip(" *:：?\ufeff"))
        if field and field is not Field.OTHER:
            columns[index] = field
    named = {Field.NAME, Field.GIVEN, Field.FAMILY} & set(columns.values())
    return columns if named else {}


def _below_header(rows: Iterator[Row]) -> Iterator[Item] | None:
    """The items below the header, looked for in the first ten rows; None when there is none."""
    for header in islice(rows, HEADER_WITHIN):
        if columns := columns_of(header.cells):
            return (_item(row, columns) for row in rows)
    return None


def _item(row: Row, columns: Columns) -> Item:
    texts = ["" if cell is None else str(cell)[:LONGEST_CELL].strip() for cell in row.cells]
    problem = row.problem or _problem(texts, columns)
    return Item(row.ref, problem=problem) if problem else Item(row.ref, row=_four(texts, columns))


def _problem(texts: list[str], columns: Columns) -> str:
    if not any(texts):
        return "an empty row"
    known = dict(enumerate(texts))
    if all(field_of(known.get(index, "")) is field for index, field in columns.items()):
        return "the header row again"
    return ""


def _four(texts: list[str], columns: Columns) -> dict[str, str]:
    parts: dict[Field, list[str]] = {field: [] for field in Field}
    for index, field in columns.items():
        parts[field] += filter(None, texts[index : index + 1])
    name = parts[Field.NAME] or [*parts[Field.GIVEN], *parts[Field.FAMILY]]
    return {
        "name": " ".join(name),
        "residence": ", ".join(parts[Field.RESIDENCE]),
        "occupation": ", ".join(parts[Field.OCCUPATION]),
        "email": next(iter(parts[Field.EMAIL]), ""),
    }


def _csv_rows(path: Path, charset: str, delimiter: str) -> Iterator[Row]:
    width = 0
    for first, last, cells in _records(path, charset, delimiter):
        if cells is None or _has_swallowed(cells, delimiter, width):
            yield Row(f"{path.name}:{first}", problem=_misquoted(first, last))
        else:
            width = max(width, len(cells))
            yield Row(f"{path.name}:{last}", [_unguarded(cell) for cell in cells[:MOST_COLUMNS]])


def _records(
    path: Path, charset: str, delimiter: str
) -> Iterator[tuple[int, int, list[str] | None]]:
    """Each record's first and last line and its cells; None where the quotation marks are wrong."""
    with path.open(encoding=charset, errors="replace", newline="") as file:
        reader = csv.reader(_short_lines(file), delimiter=delimiter, strict=True)
        while True:
            first = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield first, reader.line_num, None
            else:
                yield first, reader.line_num, cells


def _has_swallowed(cells: list[str], delimiter: str, width: int) -> bool:
    """Whether a cell of several lines holds as many delimiters as a whole row of this table.

    A quotation mark that is never closed ends at the next one, be it a hundred rows further down.
    """
    most = max(1, width - 1)
    return any("\n" in cell and cell.count(delimiter) >= most for cell in cells)


def _misquoted(first: int, last: int) -> str:
    lines = f"line {first} was" if first == last else f"lines {first} to {last} were"
    return f"{lines} not read: a quotation mark is missing or in the wrong place"


def _unguarded(cell: str) -> str:
    """The text behind a cell that our export would write; every other cell as it is."""
    text = unescape_cell(cell)
    return text if escape_cell(text) == cell else cell


def _short_lines(file: Iterable[str]) -> Iterator[str]:
    return (line if len(line) <= LONGEST_LINE else line[:LONGEST_LINE] + "\n" for line in file)


def _charset(path: Path) -> str:
    """The file's charset, judged by its beginning and by its first lines that are not ASCII."""
    with path.open("rb") as file:
        start = file.read(SAMPLE)
        if b"\0" in start or start.startswith(b"\xef\xbb\xbf"):
            return charset_of(start)
        file.seek(0)
        foreign: list[bytes] = []
        while len(foreign) < HEADER_WITHIN * 100 and (line := file.readline(LONGEST_LINE)):
            foreign += [] if line.isascii() else [line]
    return charset_of(b"".join(foreign))


def _delimiter(path: Path, charset: str) -> str:
    """The mark that cuts one of the first lines into the most columns that are known."""
    with path.open(encoding=charset, errors="replace", newline="") as file:
        first = list(islice(_short_lines(file), HEADER_WITHIN))
    return max(_DELIMITERS, key=lambda mark: max(map(len, _readings(first, mark)), default=0))


def _readings(lines: list[str], mark: str) -> Iterator[Columns]:
    return (columns_of(next(csv.reader([line], delimiter=mark), [])) for line in lines)


def _sheet_rows(
    name: str, sheet: Any
) -> Iterator[Row]:  # openpyxl has no name for a streamed sheet
    sheet.reset_dimensions()  # the file's own claim about its size is not to be believed
    number = 0
    try:
        for number, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS, values_only=True), 1):
            yield Row(f"{name}:{sheet.title}:{number}", cells)
    except _DAMAGE:
        yield Row(f"{name}:{sheet.title}:{number + 1}", problem="damaged, not a row of a table")


def _until_closed(book: Workbook, items: Iterator[Item]) -> Iterator[Item]:
    try:
        yield from items
    finally:
        book.close()


def _refuse_bombs(path: Path) -> None:
    """Add up what the archive says it unpacks to; zipfile holds each member to what it says."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError) as error:
        raise SourceError(f"{path.name} is not a readable XLSX file.") from error
    shared = (
        one.file_size for one in members if one.filename.lower().endswith("sharedstrings.xml")
    )
    if len(members) > MOST_MEMBERS or sum(one.file_size for one in members) > MOST_UNPACKED:
        raise SourceError(f"{path.name} would unpack to more than {MOST_UNPACKED // 1024**2} MB.")
    if sum(shared) > MOST_SHARED_STRINGS:
        raise SourceError(f"{path.name} holds more text than an XLSX list of names can.")
