"""The whole packet."""

from __future__ import annotations

from hashlib import sha256

import openpyxl
import pytest

from deliveries.exceptions import FontsMissing, PacketExists
from deliveries.facts import Kind
from deliveries.packet import build_addendum, build_packet
from deliveries.staging import zip_folder

from .packets import LETTER, delivered_row, manifest_digest, packet_facts, salt, salted_rows


def test_it_holds_every_file(tmp_path):
    build_packet(folder=tmp_path / "1", facts=packet_facts(), rows=salted_rows(3))

    assert sorted(path.name for path in (tmp_path / "1").iterdir()) == [
        "digests.txt", "letter.pdf", "letter.txt", "manifest.json", "methods.md", "salts.txt",
        "signatures.csv", "signatures.xlsx", "verify.py",
    ]  # fmt: skip


def test_it_returns_the_digest_that_is_published(tmp_path):
    digest = build_packet(folder=tmp_path / "1", facts=packet_facts(), rows=salted_rows(3))

    assert digest == manifest_digest(tmp_path / "1")


def test_the_text_in_it_has_the_digest_that_was_signed(tmp_path):
    build_packet(folder=tmp_path / "1", facts=packet_facts(), rows=[])

    assert sha256((tmp_path / "1" / "letter.txt").read_bytes()).hexdigest() == LETTER.text_digest


def test_the_same_snapshot_gives_the_same_bytes(tmp_path):
    for run in ("a", "b"):
        build_packet(folder=tmp_path / run / "1", facts=packet_facts(), rows=salted_rows(30))
        zip_folder(tmp_path / run / "1", tmp_path / run / "1.zip")

    assert (tmp_path / "a" / "1.zip").read_bytes() == (tmp_path / "b" / "1.zip").read_bytes()


def test_rows_are_read_once(tmp_path):
    rows = iter(list(salted_rows(30)))

    build_packet(folder=tmp_path / "1", facts=packet_facts(), rows=rows)

    sheet = openpyxl.load_workbook(tmp_path / "1" / "signatures.xlsx")["signatures"]
    assert sheet.max_row == 31


def test_progress_ends_where_the_rows_end(tmp_path):
    told = []

    build_packet(
        folder=tmp_path / "1",
        facts=packet_facts(),
        rows=salted_rows(30),
        progress=lambda *step: told.append(step),
    )

    assert told == [
        ("list frozen", 0, 0),
        ("list frozen", 30, 30),
        ("spreadsheet written", 30, 30),
        ("pages set", 30, 30),
    ]


def test_a_packet_is_never_made_again(tmp_path):
    build_packet(folder=tmp_path / "1", facts=packet_facts(), rows=salted_rows(3))

    with pytest.raises(PacketExists):
        build_packet(folder=tmp_path / "1", facts=packet_facts(), rows=salted_rows(4))


def test_a_failure_late_in_the_work_leaves_no_packet(tmp_path, monkeypatch):
    monkeypatch.setattr("deliveries.pdf.shop.find_spec", lambda _name: None)

    with pytest.raises(FontsMissing):
        build_packet(folder=tmp_path / "1", facts=packet_facts(), rows=salted_rows(3))

    assert [path.name for path in tmp_path.iterdir() if not path.name.startswith(".")] == []


def test_an_addendum_names_numbers_only(tmp_path):
    facts = packet_facts(number=2, kind=Kind.ADDENDUM, since=1)

    build_addendum(folder=tmp_path / "2", facts=facts, withdrawn=[(1, 4711), (1, 17), (1, 17)])

    assert (tmp_path / "2" / "withdrawn.txt").read_text() == "1 17\n1 4711\n"
    assert sorted(path.name for path in (tmp_path / "2").iterdir()) == [
        "letter.txt", "manifest.json", "verify.py", "withdrawn.txt",
    ]  # fmt: skip


def test_a_formula_in_a_name_is_a_text_everywhere(tmp_path):
    rows = [(delivered_row(1, name="=1+1"), salt(1))]

    build_packet(folder=tmp_path / "1", facts=packet_facts(), rows=rows)

    cell = openpyxl.load_workbook(tmp_path / "1" / "signatures.xlsx")["signatures"]["B2"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")
    assert b"\r\n1,'=1+1," in (tmp_path / "1" / "signatures.csv").read_bytes()
