"""What `verify.py` says of a packet that is whole, and of one that was tampered with."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import deliveries.verify as program
from deliveries.facts import Kind
from deliveries.packet import build_addendum
from deliveries.staging import zip_folder
from deliveries.verify import verify
from signatures.exporters import unescape_cell

from .packets import built_packet, manifest_digest, packet_facts, rewrite_manifest

FILES = [
    "digests.txt", "letter.pdf", "letter.txt", "methods.md", "salts.txt", "signatures.csv",
    "signatures.xlsx", "verify.py",
]  # fmt: skip


@pytest.fixture
def packet(tmp_path) -> Path:
    return built_packet(tmp_path)


def wrong(packet: Path, published: str = "") -> list[str]:
    return [check.sentence for check in verify(packet, published) if not check.ok]


def lines_of(packet: Path) -> list[bytes]:
    return (packet / "signatures.csv").read_bytes().splitlines(keepends=True)


def put_lines(packet: Path, lines: list[bytes]) -> None:
    (packet / "signatures.csv").write_bytes(b"".join(lines))


class TestWhole:
    def test_everything_holds(self, packet):
        checks = verify(packet, manifest_digest(packet))

        assert [check.sentence for check in checks if not check.ok] == []
        assert [check.name for check in checks] == [
            "manifest", "files", *FILES,
            "statements", "text", "numbers", "counts", "rows", "spreadsheet",
        ]  # fmt: skip

    def test_its_zip_holds_too(self, packet, tmp_path):
        zip_folder(packet, tmp_path / "packet.zip")

        assert wrong(tmp_path / "packet.zip", manifest_digest(packet)) == []

    def test_without_a_published_digest_it_shows_the_one_to_compare(self, packet):
        first = verify(packet)[0]

        assert first.ok
        assert first.sentence.endswith(manifest_digest(packet))

    def test_an_addendum_holds(self, tmp_path):
        facts = packet_facts(number=2, kind=Kind.ADDENDUM, since=1)
        build_addendum(folder=tmp_path / "addendum", facts=facts, withdrawn=[(1, 17), (1, 3)])

        checks = verify(tmp_path / "addendum")

        assert all(check.ok for check in checks)
        assert (
            checks[-1].sentence == "withdrawn.txt names numbers of earlier deliveries: 2 of them."
        )


class TestChanged:
    @pytest.mark.parametrize("name", FILES)
    def test_one_byte_changed_in_any_file_is_named(self, packet, name):
        content = bytearray((packet / name).read_bytes())
        content[len(content) // 2] ^= 1
        (packet / name).write_bytes(content)

        assert f"{name} is not the file that was delivered: its content was changed." in wrong(
            packet
        )

    def test_one_byte_changed_in_the_manifest_is_caught_by_the_published_digest(self, packet):
        published = manifest_digest(packet)
        manifest = (packet / "manifest.json").read_text().replace("A Council", "B Council")
        (packet / "manifest.json").write_text(manifest)

        assert len(wrong(packet, published)) == 2
        assert wrong(packet, published)[0].startswith(
            "manifest.json is not the one that was publis"
        )

    @pytest.mark.parametrize(
        ("said", "other"),
        [
            ("A Council", "A Counsel"),
            ("An Open Letter", "An open Letter"),
            ('"en"', '"fr"'),
            ('"open-letter"', '"open-better"'),
            ("open-letter 0", "open-letter 1"),
            ("12:00:00Z", "12:00:01Z"),
            ("https://letter.example/", "https://better.example/"),
            ('"kind": "whole"', '"kind": "whose"'),
            ('"withdrawn": 0', '"withdrawn": 1'),
        ],
    )
    def test_a_manifest_that_says_something_else_is_found_without_any_digest(
        self, packet, said, other
    ):
        path = packet / "manifest.json"
        assert said in path.read_text()
        path.write_text(path.read_text().replace(said, other, 1))

        assert wrong(packet) == [
            "manifest.json says something else than when methods.md was written."
        ]

    def test_no_byte_of_a_manifest_can_be_changed_unseen(self, packet):
        path = packet / "manifest.json"
        raw = path.read_bytes()
        unseen = []
        for place in range(0, len(raw), 23):
            path.write_bytes(raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :])
            unseen += [] if wrong(packet) else [raw[place - 20 : place + 10]]

        assert unseen == []

    def test_a_packet_of_before_the_manifest_was_digested_in_methods_holds(self, packet):
        methods = packet / "methods.md"
        methods.write_text(re.sub(r"(?m)^    [0-9a-f]{64}\n", "", methods.read_text()))
        rewrite_manifest(packet)

        assert wrong(packet) == []

    def test_a_file_that_was_cut_or_grew_is_named(self, packet):
        digests = packet / "digests.txt"
        digests.write_bytes(digests.read_bytes()[:-1])
        salts = packet / "salts.txt"
        salts.write_bytes(salts.read_bytes() + b"\n")

        found = wrong(packet)

        assert any(text.startswith("digests.txt has ") for text in found)
        assert any(text.startswith("salts.txt is longer than ") for text in found)

    def test_a_missing_and_an_extra_file_are_named(self, packet):
        (packet / "methods.md").rename(packet / "notes.md")

        found = wrong(packet)

        assert found == [
            "methods.md is missing; notes.md does not belong.",
            "methods.md is missing.",
            "methods.md is missing.",
        ]


class TestRows:
    def test_a_changed_row_is_named_even_if_the_manifest_was_made_to_match(self, packet):
        lines = lines_of(packet)
        lines[17] = lines[17].replace(b"Oslo", b"Rome")
        put_lines(packet, lines)
        rewrite_manifest(packet)

        assert wrong(packet) == [
            "signatures.csv: row 17 is not the row that was delivered.",
            "signatures.xlsx: row 17 is not the row of signatures.csv.",
        ]

    def test_a_removed_row_is_named(self, packet):
        lines = lines_of(packet)
        del lines[17]
        put_lines(packet, lines)

        assert "signatures.csv: numbers 17 missing." in wrong(packet)

    def test_two_swapped_rows_are_named(self, packet):
        lines = lines_of(packet)
        lines[17], lines[42] = lines[42], lines[17]
        put_lines(packet, lines)
        rewrite_manifest(packet)

        assert "signatures.csv: numbers 17, 42 out of order." in wrong(packet)

    def test_two_rows_that_swapped_all_but_their_numbers_are_named(self, packet):
        lines = lines_of(packet)
        first, second = lines[17].split(b",", 1), lines[42].split(b",", 1)
        lines[17], lines[42] = b",".join([first[0], second[1]]), b",".join([second[0], first[1]])
        put_lines(packet, lines)
        rewrite_manifest(packet)

        assert "signatures.csv: rows 17, 42 are not the rows that were delivered." in wrong(packet)

    def test_a_row_that_is_there_twice_is_named(self, packet):
        lines = lines_of(packet)
        put_lines(packet, [*lines, lines[60]])

        assert "signatures.csv: numbers 60 more than once or unknown." in wrong(packet)

    def test_a_line_that_is_no_row_is_named(self, packet):
        put_lines(packet, [*lines_of(packet), b"not a row\r\n"])

        assert "signatures.csv: line 62 is not a row of the list." in wrong(packet)

    def test_a_changed_digest_names_the_row_it_no_longer_fits(self, packet):
        path = packet / "digests.txt"
        lines = path.read_text().splitlines(keepends=True)
        lines[4] = f"5 {'0' * 64}\n"
        path.write_text("".join(lines))
        rewrite_manifest(packet)

        assert wrong(packet) == ["signatures.csv: row 5 is not the row that was delivered."]

    def test_a_line_of_digests_out_of_shape_is_named(self, packet):
        path = packet / "digests.txt"
        path.write_text(path.read_text().replace("\n5 ", "\n5  ", 1))

        assert "digests.txt: line 5 is not number 5 and its value." in wrong(packet)

    def test_counts_that_differ_from_the_list_are_named(self, packet):
        rewrite_manifest(packet, by_source={"web": 60})

        assert wrong(packet) == [
            "manifest.json says something else than when methods.md was written.",
            "signatures.csv: by_source is {'web': 40, 'paper': 20}; the manifest says {'web': 60}.",
        ]

    def test_a_list_rewritten_throughout_is_caught_by_the_published_digest(self, packet):
        published = manifest_digest(packet)
        (packet / "letter.pdf").write_bytes(b"%PDF-forged")
        rewrite_manifest(packet)

        assert wrong(packet) == []
        assert len(wrong(packet, published)) == 1


class TestHostile:
    def test_a_folder_that_is_no_packet_is_told_so(self, tmp_path):
        assert wrong(tmp_path) == ["manifest.json is missing."]

    def test_a_file_that_is_no_zip_is_told_so(self, tmp_path):
        (tmp_path / "x.zip").write_bytes(b"nothing")

        assert wrong(tmp_path / "x.zip") == ["manifest.json cannot be read."]

    @pytest.mark.parametrize("content", [b"[]", b"{", b"\xff", b'{"format": "another/1"}'])
    def test_a_manifest_that_is_none_is_told_so(self, packet, content):
        (packet / "manifest.json").write_bytes(content)

        assert [check.ok for check in verify(packet)] == [False]

    def test_a_zip_that_holds_a_file_twice_is_refused(self, packet, tmp_path):
        zip_folder(packet, tmp_path / "packet.zip")
        with (
            zipfile.ZipFile(tmp_path / "packet.zip", "a") as archive,
            pytest.warns(UserWarning, match="Duplicate name"),
        ):
            archive.writestr("packet/letter.txt", "another")

        assert wrong(tmp_path / "packet.zip") == [
            "The zip holds too many files, or one of them twice."
        ]

    def test_a_spreadsheet_that_would_burst_is_not_opened(self, packet):
        with zipfile.ZipFile(packet / "signatures.xlsx", "w", zipfile.ZIP_DEFLATED) as book:
            book.writestr("xl/worksheets/sheet1.xml", b" " * (4 << 20))

        assert "signatures.xlsx is far larger than its rows; it was not opened." in wrong(packet)

    def test_a_spreadsheet_with_entities_is_not_read(self, packet):
        with zipfile.ZipFile(packet / "signatures.xlsx", "w") as book:
            book.writestr("xl/worksheets/sheet1.xml", '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')

        assert "signatures.xlsx declares entities; it was not read." in wrong(packet)

    @given(st.binary(max_size=300))
    def test_no_content_of_a_list_makes_it_fail(self, tmp_path_factory, content):
        packet = built_packet(tmp_path_factory.mktemp("hostile"))
        (packet / "signatures.csv").write_bytes(b"\xef\xbb\xbf" + content)

        assert any("signatures.csv" in sentence for sentence in wrong(packet))


class TestProgram:
    def run(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *map(str, arguments)]
        return subprocess.run(command, capture_output=True, text=True, check=False, env={})

    def test_it_runs_alone_in_its_own_folder(self, packet):
        done = self.run("-I", packet / "verify.py")

        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.endswith(
            "\nAll that can be checked here holds. manifest.json itself is proved only by the "
            "digest on the\npublic record of the delivery. Compare it with the SHA-256 of this "
            "one,\n"
            f"    {manifest_digest(packet)}\n"
            "or have it compared: python3 verify.py --manifest-digest DIGEST\n"
        )
        assert (packet / "__pycache__").exists() is False

    def test_it_ends_with_1_and_says_how_much_is_wrong(self, packet):
        (packet / "letter.txt").write_text("Dear nobody")

        done = self.run("-I", packet / "verify.py", packet)

        assert done.returncode == 1
        assert "WRONG letter.txt is not the text that was signed.\n" in done.stdout
        assert done.stdout.endswith("\n2 of 16 checks found something wrong.\n")

    def test_all_is_well_only_beside_the_published_digest(self, packet):
        done = self.run("-I", packet / "verify.py", "--manifest-digest", manifest_digest(packet))

        assert done.returncode == 0
        assert done.stdout.endswith("\nAll is well.\n")

    def test_it_compares_the_published_digest(self, packet):
        done = self.run("-I", packet / "verify.py", "--manifest-digest", "0" * 64)

        assert done.returncode == 1
        assert "manifest.json is not the one that was published" in done.stdout

    def test_it_is_python_3_8_and_imports_only_the_standard_library(self):
        tree = ast.parse(Path(program.__file__).read_text(), feature_version=(3, 8))

        imported = {
            name.name for n in ast.walk(tree) if isinstance(n, ast.Import) for name in n.names
        }
        imported |= {n.module or "." for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
        assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names

    @given(st.text(st.sampled_from("=+;'a \t"), max_size=8))
    def test_its_way_back_is_the_documented_one(self, text):
        assert program.QUOTE.sub("", text) == unescape_cell(text)


def test_the_manifest_is_json_that_says_what_the_packet_holds(packet):
    manifest = json.loads((packet / "manifest.json").read_bytes())

    assert sorted(manifest["files"]) == FILES
    assert manifest["counts"]["by_source"] == {"paper": 20, "web": 40}
    assert manifest["counts"]["name_withheld"] == 6
