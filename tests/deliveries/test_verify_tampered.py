"""Spreadsheets, addenda and manifests that were tampered with: a sentence for each, no crash."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliveries.facts import Kind
from deliveries.packet import build_addendum
from deliveries.verify import verify

from .packets import built_packet, packet_facts, rewrite_manifest

SHEET = "xl/worksheets/sheet1.xml"
BOOK = "signatures.xlsx"

# Whatever JSON can say, a few levels deep.
ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda each: (
        st.lists(each, max_size=3) | st.dictionaries(st.text(max_size=9), each, max_size=3)
    ),
)


@pytest.fixture
def packet(tmp_path) -> Path:
    return built_packet(tmp_path)


def said_of(packet: Path, name: str) -> str:
    """The sentence of one check, which found something wrong."""
    (check,) = [check for check in verify(packet) if check.name == name]
    assert not check.ok
    return check.sentence


def change_sheet(packet: Path, change: Callable[[str], str]) -> None:
    """Rewrite the worksheet, and make the manifest match: only the content gives it away."""
    path = packet / BOOK
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    changed = change(parts[SHEET].decode())
    assert changed != parts[SHEET].decode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in (parts | {SHEET: changed.encode()}).items():
            book.writestr(name, content)
    rewrite_manifest(packet)


def row(xml: str, number: int) -> str:
    """The XML of one row of a worksheet, counted from 1."""
    start = xml.index(f'<row r="{number}"')
    return xml[start : xml.index("</row>", start) + len("</row>")]


class TestSpreadsheet:
    def test_a_changed_name_is_named_by_its_row(self, packet):
        change_sheet(packet, lambda xml: xml.replace("李小明", "李大明", 1))

        assert said_of(packet, "spreadsheet") == (
            "signatures.xlsx: row 1 is not the row of signatures.csv."
        )

    def test_a_row_too_many_is_found(self, packet):
        def again(xml: str) -> str:
            rows = xml.count("<row ")
            last = row(xml, rows)
            return xml.replace(last, last + last.replace(f'r="{rows}"', f'r="{rows + 1}"', 1))

        change_sheet(packet, again)

        assert said_of(packet, "spreadsheet") == (
            "signatures.xlsx has more rows than signatures.csv."
        )

    def test_a_row_that_was_left_out_is_named(self, packet):
        change_sheet(packet, lambda xml: xml.replace(row(xml, 4), ""))

        assert said_of(packet, "spreadsheet") == (
            "signatures.xlsx: row 3 is not the row of signatures.csv."
        )

    def test_other_columns_are_found(self, packet):
        change_sheet(packet, lambda xml: xml.replace("residence", "address", 1))

        assert said_of(packet, "spreadsheet") == (
            "signatures.xlsx does not start with its columns."
        )

    def test_a_formula_is_found_whatever_it_gives(self, packet):
        def compute(xml: str) -> str:
            line = row(xml, 2)
            return xml.replace(line, line.replace("<v>", "<f>1+0</f><v>", 1))

        change_sheet(packet, compute)

        sentence = said_of(packet, "spreadsheet")
        assert sentence == "signatures.xlsx has a formula in cell A of a row."

    @pytest.mark.parametrize(
        ("old", "new"),
        [('r="A2"', 'r="Z2"'), ('r="A2"', 'x="A2"'), ("</row>", "</rows>")],
    )
    def test_a_sheet_out_of_shape_is_told_so(self, packet, old, new):
        change_sheet(packet, lambda xml: xml.replace(old, new, 1))

        assert said_of(packet, "spreadsheet").startswith("The spreadsheet cannot be read")

    @pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x05\x06" + b"\0" * 18])
    def test_a_file_that_is_no_spreadsheet_is_told_so(self, packet, content):
        (packet / BOOK).write_bytes(content)
        rewrite_manifest(packet)

        assert said_of(packet, "spreadsheet")


class TestAddendum:
    @pytest.fixture
    def addendum(self, tmp_path) -> Path:
        facts = packet_facts(number=2, kind=Kind.ADDENDUM, since=1)
        folder = tmp_path / "addendum"
        build_addendum(folder=folder, facts=facts, withdrawn=[(1, 3), (1, 17)])
        return folder

    @pytest.mark.parametrize(
        "lines",
        ["1 17\n1 3\n", "1 3\n1 3\n", "1 3\n", "1 3\n1 17\n1 18\n", "1 3\n1 17 5\n", "1 3\n17\n"],
    )
    def test_numbers_that_are_not_those_that_were_withdrawn_are_found(self, addendum, lines):
        (addendum / "withdrawn.txt").write_text(lines)
        rewrite_manifest(addendum)

        assert said_of(addendum, "withdrawn numbers") == (
            "withdrawn.txt is not a list of 2 numbers in order."
        )

    @pytest.mark.parametrize("content", [b"one 3\n1 17\n", b"1 3\n\n1 17\n", b"\xff\n", b"1\t3\n"])
    def test_lines_that_are_no_numbers_are_told_so(self, addendum, content):
        (addendum / "withdrawn.txt").write_bytes(content)
        rewrite_manifest(addendum)

        assert said_of(addendum, "withdrawn numbers")


class TestManifest:
    @pytest.mark.parametrize("part", ["letter", "delivery", "counts", "files"])
    @pytest.mark.parametrize("value", [None, [], {}, 1, "kind", ["kind", "total", "letter.txt"]])
    def test_a_part_that_is_none_is_told_so(self, packet, part, value):
        change_manifest(packet, **{part: value})

        (check,) = verify(packet)
        assert not check.ok
        assert check.sentence.startswith(f"manifest.json says nothing of {part}: ")

    @pytest.mark.parametrize("said", ["[]", "null", "1", '"x"', '{"format": "another 1"}', "{}"])
    def test_another_format_is_told_so(self, packet, said):
        (packet / "manifest.json").write_text(said)

        (check,) = verify(packet)
        assert check.sentence.startswith("manifest.json is not of the format ")

    @given(part=st.sampled_from(["letter", "delivery", "counts", "files"]), value=ANYTHING)
    def test_no_manifest_makes_it_fail(self, tmp_path_factory, part, value):
        packet = built_packet(tmp_path_factory.mktemp("manifest"))
        manifest = json.loads((packet / "manifest.json").read_text())
        kept = manifest[part] | value if isinstance(value, dict) else value

        change_manifest(packet, **{part: kept})

        assert all(isinstance(check.sentence, str) for check in verify(packet))


def change_manifest(packet: Path, **parts: Any) -> None:
    path = packet / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | parts))
