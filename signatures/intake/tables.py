"""Signatures in tables: CSV as spreadsheets of any country write it, and XLSX."""

from __future__ import annotations

import csv
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from openpyxl import Workbook, load_workbook
from openpyxl.utils.exceptions import InvalidFileException

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
#: A row's ref and cells; None for cells that cannot be read.
Row = tuple[str, Sequence[object] | None]


def read_csv(path: Path) -> Iterator[Item]:
    """Return the rows of a CSV; charset and delimiter are found by looking, columns by header.

    Raises SourceError when the first ten rows hold no header with a column for the name.
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
    for _, cells in islice(rows, HEADER_WITHIN):
        if cells and (columns := columns_of(cells)):
            return (_item(ref, cells, columns) for ref, cells in rows)
    return None


def _item(ref: str, cells: Sequence[object] | None, columns: Columns) -> Item:
    if cells is None:
        return Item(ref, problem="damaged, not a row of a table")
    texts = ["" if cell is None else str(cell)[:LONGEST_CELL].strip() for cell in cells]
    if not any(texts):
        return Item(ref, problem="an empty row")
    parts: dict[Field, list[str]] = {field: [] for field in Field}
    for index, field in columns.items():
        parts[field] += filter(None, texts[index : index + 1])
    name = parts[Field.NAME] or [*parts[Field.GIVEN], *parts[Field.FAMILY]]
    row = {
        "name": " ".join(name),
        "residence": ", ".join(parts[Field.RESIDENCE]),
        "occupation": ", ".join(parts[Field.OCCUPATION]),
        "email": next(iter(parts[Field.EMAIL]), ""),
    }
    return Item(ref, row=row)


def _csv_rows(path: Path, charset: str, delimiter: str) -> Iterator[Row]:
    with path.open(encoding=charset, errors="replace", newline="") as file:
        reader = csv.reader(_short_lines(file), delimiter=delimiter)
        while True:
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error:
                yield f"{path.name}:{reader.line_num}", None
            else:
                yield f"{path.name}:{reader.line_num}", cells[:MOST_COLUMNS]


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
            yield f"{name}:{sheet.title}:{number}", cells
    except _DAMAGE:
        yield f"{name}:{sheet.title}:{number + 1}", None


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
