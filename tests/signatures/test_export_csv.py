"""The CSV file: its shape, its bytes, and that it flows."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO

from hypothesis import given
from hypothesis import strategies as st

from signatures.exporters import ExportRow, get_exporter, iter_chunks, unescape_cell
from signatures.exporters.csv import BATCH

from .export_rows import DAY, FORMULAS, export_row, formula_row

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.text(
    st.sampled_from("=+-@＝'; \t\r\n\x00,\"a"), max_size=6
)


def written(rows: list[ExportRow]) -> bytes:
    stream = BytesIO()
    get_exporter("csv").write(rows, stream)
    return stream.getvalue()


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


def test_it_starts_with_a_byte_order_mark_and_the_columns():
    assert written([]) == (
        b"\xef\xbb\xbfnumber,name,residence,occupation,email,signed_on,confirmation,source\r\n"
    )


def test_a_row_is_one_line_with_an_iso_date():
    content = written([export_row(4711, name="José Ñandú", residence="Paris, France")])

    assert content.decode("utf-8-sig").splitlines()[1] == (
        '4711,José Ñandú,"Paris, France",teacher,,2011-06-04,mailbox,web'
    )


def test_write_returns_how_many_rows_there_were():
    stream = BytesIO()

    count = get_exporter("csv").write(map(export_row, range(1, BATCH + 8)), stream)

    assert count == BATCH + 7
    assert len(read(stream.getvalue())) == BATCH + 8


def test_the_streamed_pieces_are_the_file():
    rows = [export_row(number) for number in range(1, 2 * BATCH)]

    chunks = list(iter_chunks(rows))

    assert b"".join(chunks) == written(rows)
    assert len(chunks) == 3


def test_rows_are_taken_a_batch_at_a_time():
    taken: list[int] = []

    def noted(number: int) -> ExportRow:
        taken.append(number)
        return export_row(number)

    rows = map(noted, range(1, 10 * BATCH))
    chunks = iter_chunks(rows)

    next(chunks), next(chunks)

    assert len(taken) == BATCH


def test_no_cell_starts_a_formula_and_each_text_comes_back():
    rows = [formula_row(number) for number in range(1, len(FORMULAS) + 1)]

    lines = read(written(rows))[1:]

    for row, line in zip(rows, lines, strict=True):
        texts = [*line[1:5], *line[6:]]
        assert not any(text.lstrip().startswith(("=", "+", "-", "@", "＝")) for text in texts)
        assert list(map(unescape_cell, texts)) == [*row[1:5], *row[6:]]


def test_a_cell_that_another_separator_could_cut_is_quoted_with_its_whole_row():
    content = written([export_row(name="Li; Wei")])

    assert content.endswith(b'"1","Li; Wei","Oslo","teacher","","2011-06-04","mailbox","web"\r\n')


@given(st.lists(st.tuples(TEXT, TEXT), max_size=5))
def test_every_text_survives_the_file(people):
    rows = [
        ExportRow(number, name, residence, "", "", DAY, "mailbox", "web")
        for number, (name, residence) in enumerate(people, start=1)
    ]

    lines = read(written(rows))[1:]

    assert [tuple(map(unescape_cell, line[1:3])) for line in lines] == people


@given(st.lists(TEXT, min_size=2, max_size=5))
def test_a_rows_bytes_do_not_depend_on_its_neighbours(names):
    rows = [export_row(number, name=name) for number, name in enumerate(names, start=1)]

    alone = b"".join(written([row]).split(b"\r\n", 1)[1] for row in rows)

    assert written(rows).split(b"\r\n", 1)[1] == alone
