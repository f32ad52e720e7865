"""A table says what each cell is: it is taken as it is, and judged as the form would judge it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from django.core.management import call_command

from letters.models import LetterText
from signatures.enums import HoldReason, State
from signatures.exporters import get_exporter
from signatures.models import Signature
from signatures.services.export import export_rows
from tests.factories import SignatureFactory, TextFactory

pytestmark = pytest.mark.django_db


def take_in(text: LetterText, table: Path) -> list[dict[str, str]]:
    """Import `table`; the lines of the report."""
    report = table.parent / "report.csv"
    call_command("import_signatures", str(table), letter=text.letter.slug, report=report)
    with report.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def table_of(folder: Path, *rows: list[str]) -> Path:
    path = folder / "list.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([["Name", "Residence", "Occupation", "Email"], *rows])
    return path


@pytest.mark.parametrize(
    ("name", "reasons"),
    [
        ("Hans Letter", []),
        ("@handle", []),
        ("Robert'); DROP TABLE--", []),
        ('"artist"', []),
        ("=cmd|calc", []),
        ("＝full", []),
        ("1234", [HoldReason.CHARACTERS]),
    ],
)
def test_an_unusual_name_is_taken_in_as_it_is(text, tmp_path, name: str, reasons: list[str]):
    (line,) = take_in(text, table_of(tmp_path, [name, "Here", "N/A", ""]))

    row = Signature.objects.get()
    assert (line["outcome"], line["remark"]) == ("waits for a person", "")
    assert (row.name, row.residence, row.occupation) == (name, "Here", "N/A")
    assert row.hold_reasons == reasons


@pytest.mark.parametrize(
    ("name", "remark"),
    [
        ("A" * 300, "signer 1: The name is too long."),
        ("Nul\0Byte", "signer 1: Please remove the hidden control characters."),
        ("--", "signer 1: Please write at least one letter or number."),
    ],
)
def test_a_name_that_cannot_stand_is_refused_with_the_reason(
    text, tmp_path, name: str, remark: str
):
    (line,) = take_in(text, table_of(tmp_path, [name, "Oslo", "nurse", ""]))

    assert (line["outcome"], line["remark"]) == ("refused", remark)
    assert not Signature.objects.exists()


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_our_own_export_comes_back_as_it_was(text, tmp_path, suffix: str):
    lines = {
        ("=SUM(1)", "+1", "@SUM(A1)"),
        ("'=quoted", "'Apos", "''two"),
        ("Anna;=B", "'t Hooft; '", "－x"),
        ('Doe, "Jane"', "Paris", "baker"),
    }
    for name, residence, occupation in lines:
        SignatureFactory.create(
            text=text, name=name, residence=residence, occupation=occupation, email=""
        )
    file = tmp_path / f"list.{suffix}"
    with file.open("wb") as stream:
        get_exporter(suffix).write(
            export_rows(signatures=Signature.objects.filter(state=State.ACCEPTED)), stream
        )
    other = TextFactory.create()

    take_in(other, file)

    taken = other.letter.signatures.values_list("name", "residence", "occupation")
    assert set(taken) == lines
