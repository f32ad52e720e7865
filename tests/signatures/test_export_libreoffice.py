"""LibreOffice itself opens both files and finds no formula. Skipped where it is not installed."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from xml.etree import ElementTree

import pytest

from signatures.exporters import get_exporter, unescape_cell

from .export_rows import FORMULAS, formula_row

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
# Separator comma, quote ", UTF-8, from line 1, formulas of CSV cells evaluated: the worst case.
CSV_FILTER = "CSV:44,34,76,1,,0,false,true,false,false,false,-1,true"

pytestmark = pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_it_finds_no_formula_among_200_variants_in_every_column(tmp_path, format_):
    cells = opened_by_libreoffice(tmp_path, format_)

    assert [cell for cell in cells if cell.get(f"{TABLE}formula")] == []


@pytest.mark.parametrize(("format_", "way_back"), [("csv", unescape_cell), ("xlsx", str)])
def test_the_texts_that_it_shows_lead_back_to_the_originals(tmp_path, format_, way_back):
    cells = opened_by_libreoffice(tmp_path, format_)

    shown = {normal(way_back(text_of(cell))) for cell in cells if text_of(cell)}
    assert {normal(formula) for formula in FORMULAS} <= shown


def opened_by_libreoffice(folder: Path, format_: str) -> list[ElementTree.Element]:
    source = folder / f"list.{format_}"
    with source.open("wb") as stream:
        get_exporter(format_).write(map(formula_row, range(1, len(FORMULAS) + 1)), stream)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    infilter = [f"--infilter={CSV_FILTER}"] if format_ == "csv" else []
    arguments = [
        "--headless",
        "--convert-to",
        "fods",
        "--outdir",
        str(folder),
        str(source),
    ]
    subprocess.run(["soffice", profile, *infilter, *arguments], check=True, timeout=180)
    return list(ElementTree.parse(folder / "list.fods").iter(f"{TABLE}table-cell"))


def text_of(cell: ElementTree.Element) -> str:
    """What a cell shows; its own format writes runs of blanks, tabs and breaks as elements."""
    return "\n".join(map(_text_of_paragraph, cell.iter(f"{TEXT}p")))


def _text_of_paragraph(element: ElementTree.Element) -> str:
    if element.tag == f"{TEXT}s":
        own = " " * int(element.get(f"{TEXT}c", "1"))
    elif element.tag == f"{TEXT}tab":
        own = "\t"
    else:
        own = element.text or ""
    return own + "".join(_text_of_paragraph(child) + (child.tail or "") for child in element)


def normal(text: str) -> str:
    """Line breaks alike: a spreadsheet knows only one kind."""
    return text.replace("\r\n", "\n").replace("\r", "\n")
