"""A row's digest, and the shell lines with which its owner checks it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliveries.digests import check_commands, derive_salt, row_digest
from signatures.exporters import ExportRow

from .packets import DAY, delivered_row, salt

ROW = ExportRow(4711, "Ana Example", "Oslo", "teacher", "ana@example.org", DAY, "mailbox", "web")
SALT = "00112233445566778899aabbccddeeff"


def in_shell(script: str, folder: Path | None = None) -> str:
    done = subprocess.run(
        ["sh", "-c", script], capture_output=True, text=True, cwd=folder, check=True
    )
    return done.stdout


def test_the_documented_line_gives_the_digest():
    fields = "4711 'Ana Example' 'Oslo' 'teacher' 2011-06-04 mailbox web"

    printed = in_shell(f"printf '%s\\n' {SALT} {fields} | sha256sum")

    assert printed == f"{row_digest(ROW, SALT)}  -\n"


def test_the_e_mail_address_is_no_part_of_it():
    assert row_digest(ROW, SALT) == row_digest(ROW._replace(email=""), SALT)


@pytest.mark.parametrize(
    "changes",
    [
        {"number": 4712},
        {"name": "Ana Exampl"},
        {"residence": "Rome"},
        {"occupation": ""},
        {"confirmation": "reviewed"},
        {"source": "paper"},
    ],
)
def test_everything_else_is(changes):
    assert row_digest(ROW, SALT) != row_digest(ROW._replace(**changes), SALT)


def test_a_salt_is_16_bytes_and_differs_by_delivery_and_signature_and_pepper():
    salts = {
        derive_salt(pepper=pepper, delivery=delivery, signature=signature)
        for pepper in (b"a", b"b")
        for delivery in ("1", "2")
        for signature in ("x", "y")
    }

    assert len(salts) == 8
    assert all(len(bytes.fromhex(salt)) == 16 for salt in salts)


@pytest.mark.parametrize("name", ["李小明", "O'Connor", '"; rm -rf / #', "$(id)", "%s\\n", "-n"])
def test_the_three_lines_find_the_row_among_the_public_digests(tmp_path, name):
    row = delivered_row(17, name=name)
    (tmp_path / "digests.txt").write_text(f"16 {'0' * 64}\n17 {row_digest(row, salt(17))}\n")
    compute, _fetch, find = check_commands(row, salt(17), "https://letter.example/digests.txt")

    printed = in_shell(f"{compute}\n{find}", tmp_path)

    assert printed.endswith("\nYour signature is in the delivery.\n")


def test_the_lines_do_not_find_a_row_that_was_changed(tmp_path):
    (tmp_path / "digests.txt").write_text(f"17 {row_digest(delivered_row(17), salt(17))}\n")
    compute, _fetch, find = check_commands(
        delivered_row(17, name="Another"), salt(17), "https://x/"
    )

    assert in_shell(f"{compute}\n{find} || true", tmp_path) == ""


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20))
def test_a_digest_is_64_hexadecimal_digits_whatever_the_name(name):
    digest = row_digest(ROW._replace(name=name), SALT)

    assert len(bytes.fromhex(digest)) == 32
