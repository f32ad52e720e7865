"""A long list, as its recipient holds it: contents, pages and proof lead to the same line."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from deliveries.services.proofs import signature_proofs
from signatures.models import Signature
from signatures.services.demo import demo_sign

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils is not installed"),
]
NUMBER = 4711
RUN = re.compile(r"([\d,]+) – ([\d,]+)\s+p\. (\d+)(?: – (\d+))?")


def pages(pdf: Path, *which: object) -> str:
    command = ["pdftotext", "-layout", *map(str, which), str(pdf), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def numbers(*texts: str) -> list[int]:
    return [int((text or "0").replace(",", "")) for text in texts]


def test_it_stands_on_the_page_where_the_contents_say_and_its_signer_knows(letter, deliver):
    demo_sign(letter=letter, number=5_600)

    delivery = deliver()

    folder = delivery.packets.get().folder
    runs = [numbers(*found) for found in RUN.findall(pages(folder / "letter.pdf", "-l", "12"))]
    ((_first, _last, page, last_page),) = [run for run in runs if run[0] <= NUMBER <= run[1]]
    said = pages(folder / "letter.pdf", "-f", page, "-l", last_page or page)
    with (folder / "signatures.csv").open(encoding="utf-8-sig", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["number"] == str(NUMBER))
    signature = Signature.objects.get(id=delivery.rows.get(number=NUMBER).signature_id)
    (proof,) = signature_proofs(signature=signature)
    assert re.search(rf"^ *{NUMBER}\b", said, re.MULTILINE)
    assert proof.row_number == NUMBER
    assert row["name"] in {signature.name, "name withheld"}
