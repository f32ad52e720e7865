"""What was made to break an import is one clear line of its report; the rest is taken in."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from signatures.models import Signature

pytestmark = pytest.mark.django_db

POSTMARK = b"From p@example.org Mon Jun  6 10:00:00 2011\n"
LINES = b"Name: Jane Test\nPlace of Residence: Cork\nOccupation: Baker\n"
MEGABYTE = 1024 * 1024

PARTS = b"".join(b"--b\nContent-Type: text/plain\n\nx\n" for _number in range(10_000))
HOSTILE = {
    "50 MB": (b"\n\n" + LINES + b"x" * 50 * MEGABYTE, "larger than 5 MB, not read"),
    "10,000 parts": (
        b"Content-Type: multipart/mixed; boundary=b\n\n" + PARTS + b"--b--\n",
        "more than 200 parts",
    ),
    "parts in parts": (
        b"".join(
            b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(500)
        ),
        "parts inside parts, more than 10 deep",
    ),
    "200,000 lines": (b"\n\n" + b"x\n" * 200_000, "more than 100000 lines"),
}
DAMAGED = {
    "NUL bytes": (b"\n\nName: Jane\0 Test\nResidence: Cork\nOccupation: Baker\n", "NUL bytes"),
    "a line of a million characters": (
        b"\n\n" + LINES + b"\n" + b"x" * MEGABYTE,
        "only the beginning was read",
    ),
    "malformed headers": (
        b"Content-Type: text/plain; charset*0*=\xff; =;\nSubject: =?x?q?\xff?=\n: no name\n\n"
        + LINES,
        "",
    ),
}


def mail(number: int, name: str = "Amal Haddad") -> bytes:
    head = b"From: a@example.org\nMessage-ID: <%d@example.org>\n\n" % number
    return head + f"Name: {name}\nResidence: Beirut\nOccupation: teacher\n\n".encode()


def take_in(source: Path, letter) -> list[dict[str, str]]:
    """Import `source`; the lines of the report."""
    report = source.parent / "report.csv"
    call_command("import_signatures", str(source), letter=letter.slug, report=report)
    with report.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def between_two(folder: Path, hostile: bytes) -> Path:
    """An mbox with the message between two ordinary ones."""
    path = folder / "letters.mbox"
    messages = [mail(1, "Amal Haddad"), hostile + b"\n\n", mail(2, "Yang Jianli")]
    path.write_bytes(b"".join(POSTMARK + message for message in messages))
    return path


@pytest.mark.parametrize(("hostile", "remark"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_mail_is_one_clear_line(tmp_path, letter, hostile: bytes, remark: str):
    path = between_two(tmp_path, b"From: m@example.org\nMIME-Version: 1.0\n" + hostile)

    first, middle, last = take_in(path, letter)

    assert (middle["outcome"], middle["signers"], middle["remark"]) == ("refused", "0", remark)
    assert first["outcome"] == last["outcome"] == "waits for a person"
    assert set(Signature.objects.values_list("name", flat=True)) == {"Amal Haddad", "Yang Jianli"}


@pytest.mark.parametrize(("damaged", "remark"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_mail_is_read_as_far_as_it_goes(tmp_path, letter, damaged: bytes, remark: str):
    path = between_two(tmp_path, b"From: m@example.org\n" + damaged)

    _first, middle, _last = take_in(path, letter)

    assert middle["outcome"] == "waits for a person"
    assert remark in middle["remark"]
    assert Signature.objects.filter(name="Jane Test", residence="Cork").count() == 1


def test_an_xlsx_that_unpacks_without_end_is_one_clear_line(tmp_path, letter):
    bomb = tmp_path / "list.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 300 * MEGABYTE)

    with pytest.raises(CommandError, match=r"^list\.xlsx would unpack to more than 200 MB\.$"):
        take_in(bomb, letter)

    assert bomb.stat().st_size < MEGABYTE
    assert not Signature.objects.exists()


def test_a_table_s_hostile_rows_are_each_one_line(tmp_path, letter):
    table = tmp_path / "list.csv"
    rows = [
        b"name,residence,occupation",
        b"Amal Haddad,Beirut,teacher",
        b"\xff\xfe\x00" * 20,
        b"x" * MEGABYTE,
        "\u202eevil,Cork,Baker".encode(),
        b"Yang Jianli,Boston,teacher",
    ]
    table.write_bytes(b"\n".join(rows) + b"\n")

    lines = take_in(table, letter)

    assert len(lines) == 5
    assert [line["outcome"] for line in lines[1:4]] != ["waits for a person"] * 3
    assert {"Amal Haddad", "Yang Jianli"} <= set(Signature.objects.values_list("name", flat=True))
