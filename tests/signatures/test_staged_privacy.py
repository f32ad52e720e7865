"""What is kept of a mail or a row tells no address, and our own export signs for nobody."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from letters.models import LetterText
from signatures.models import IntakeItem, Signature

pytestmark = pytest.mark.django_db

MAIL = """From a@b.org Mon Jun  6 10:00:00 2011
From: Jane <jane.secret@example.org>
Message-ID: <1@example.org>

Name: Jane Test
Place of Residence: {residence}
Occupation: Baker
Email: jane.secret@example.org

On Monday joe.secret@example.com wrote:
> Please sign (joe.secret [at] example.com)

"""


def take_in(text: LetterText, path: Path, **options) -> None:
    call_command("import_signatures", str(path), letter=text.letter.slug, **options)


def mbox(folder: Path, residence: str = "Cork") -> Path:
    path = folder / "letters.mbox"
    path.write_text(MAIL.format(residence=residence))
    return path


def table(folder: Path, *rows: str) -> Path:
    path = folder / "list.csv"
    path.write_text("\n".join(["name,residence,occupation,email", *rows]) + "\n")
    return path


def whole_database() -> str:
    """Every value of every row, as text."""
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        rows = []
        for name in tables:
            cursor.execute(f'SELECT * FROM "{name}"')
            rows += cursor.fetchall()
    return repr(rows)


def test_the_original_is_kept_without_its_addresses(text, tmp_path):
    take_in(text, mbox(tmp_path))

    original = IntakeItem.objects.get().text
    assert "Email: …@example.org" in original
    assert "(… [at] example.com)" in original
    assert "secret" not in original


def test_the_whole_database_holds_no_address(text, tmp_path):
    take_in(text, mbox(tmp_path))
    take_in(text, table(tmp_path, "Joe Test,Cork,Smith,joe.secret@example.org"))

    assert Signature.objects.count() == 2
    assert "secret" not in whole_database()


def test_an_address_in_the_place_of_a_residence_is_left_out(text, tmp_path):
    take_in(text, mbox(tmp_path, residence="Cork, write to jane.secret@example.org"))

    assert Signature.objects.get().residence == ""


def test_the_report_tells_no_address(text, tmp_path):
    report = tmp_path / "report.csv"

    take_in(text, mbox(tmp_path), report=report)

    assert "secret" not in report.read_text("utf-8-sig")


def test_a_withheld_name_of_our_own_export_is_no_signer(text, tmp_path):
    report = tmp_path / "report.csv"
    path = table(tmp_path, "Joe Test,Cork,Smith,", "name withheld,,,")

    take_in(text, path, report=report)

    assert list(Signature.objects.values_list("name", flat=True)) == ["Joe Test"]
    assert report.read_text("utf-8-sig").splitlines()[2] == (
        "list.csv:3,signature,refused,0,"
        "signer 1: The name is withheld: this row of an export names nobody."
    )


def test_a_rehearsal_reports_what_the_import_would(text, tmp_path, capsys):
    path = table(tmp_path, "Joe Test,Cork,Smith,", "name withheld,,,")
    take_in(text, path, dry_run=True)
    rehearsed = capsys.readouterr().out

    take_in(text, path)

    assert rehearsed == capsys.readouterr().out
    take_in(text, path, dry_run=True)
    assert "taken in before: 2" in capsys.readouterr().out
