"""A sheet to print: one A4 page in the page's language, drawn once."""

from __future__ import annotations

import io
import subprocess
from datetime import timedelta

import pikepdf
import pytest
from django.conf import settings
from django.utils import timezone, translation

from signatures.services import drawing
from signatures.services.sheet import sheet_pdf

A4 = (595, 842)  # points


@pytest.fixture(autouse=True)
def own_folder(tmp_path, settings):
    settings.DATA_DIR = tmp_path


def words(path) -> str:
    """The text of the page, as `pdftotext` reads it."""
    done = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True, text=True
    )
    return done.stdout


def test_it_is_one_tagged_page_of_a4(client, text):
    response = client.get("/letters/peace/sheet.pdf")

    body = b"".join(response.streaming_content)
    assert response["Content-Type"] == "application/pdf"
    assert "max-age" in response["Cache-Control"]
    with pikepdf.open(io.BytesIO(body)) as pdf:
        (page,) = pdf.pages
        assert tuple(round(float(edge)) for edge in page.mediabox[2:]) == A4
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.Lang == "en"


def test_it_says_what_one_signs_and_has_twenty_lines(text):
    page = words(sheet_pdf(text=text))

    assert "An open letter" in page
    assert "Open letter of June 4, 2011 to The Assembly, from A committee." in page
    assert "http://testserver/letters/peace/" in page
    assert "By writing my name here I sign this letter." in page
    assert "Sheet number:" in page
    for column in ("Name", "Place of residence", "Occupation", "E-mail (optional)"):
        assert column in page
    assert [line for line in page.split() if line.isdecimal()][-20:] == [
        str(number) for number in range(1, 21)
    ]


def test_a_title_however_long_leaves_it_one_page(text):
    text.title = "An open letter about everything that we want to say " * 6

    with pikepdf.open(str(sheet_pdf(text=text))) as pdf:
        assert len(pdf.pages) == 1


def test_words_are_never_read_as_the_typesetters_markup(text):
    text.title = '#panic("x") *bold* $1$'

    assert '#panic("x") *bold* $1$' in words(sheet_pdf(text=text))


def test_each_language_has_its_own(client, text):
    with translation.override("ar"):
        arabic = sheet_pdf(text=text)

    assert arabic != sheet_pdf(text=text)
    with pikepdf.open(str(arabic)) as pdf:
        assert pdf.Root.Lang == "ar"


def test_it_is_drawn_once(text, monkeypatch):
    first = sheet_pdf(text=text)
    monkeypatch.setattr(drawing, "_draw", lambda *_: pytest.fail("drawn again"))

    assert sheet_pdf(text=text) == first


def test_where_it_cannot_be_drawn_there_is_none(client, text, monkeypatch):
    def fail(*_args, **_options):
        raise subprocess.CalledProcessError(1, "draw")

    monkeypatch.setattr("signatures.services.drawing.subprocess.run", fail)

    assert client.get("/letters/peace/sheet.pdf").status_code == 404
    assert list(settings.DATA_DIR.rglob("*.pdf")) == []


def test_an_unknown_letter_has_none(client, db):
    assert client.get("/letters/nowhere/sheet.pdf").status_code == 404


def test_the_letter_s_page_leads_to_it_while_it_is_open(client, letter):
    assert 'href="/letters/peace/sheet.pdf"' in client.get("/letters/peace/").content.decode()


def test_a_closed_letter_offers_no_sheet(client, letter):
    letter.opens_at = timezone.now() - timedelta(days=2)
    letter.closes_at = timezone.now() - timedelta(days=1)
    letter.save()

    assert "sheet.pdf" not in client.get("/letters/peace/").content.decode()
