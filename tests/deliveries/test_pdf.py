"""The PDF as a reader gets it. What it says is read with poppler, where that is installed."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pikepdf
import pytest

from deliveries.exceptions import FontsMissing
from deliveries.pdf import check_fonts, make_pdf
from deliveries.pdf import letter as letter_module

from .packets import NAMES, delivered_row, packet_facts

needs_poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler is not installed")


def silent(*_progress: Any) -> None:
    """Tell nobody."""


def made(tmp_path: Path, total: int = 0, rows: list | None = None, **changes: Any):
    rows = rows if rows is not None else list(map(delivered_row, range(1, total + 1)))
    target = tmp_path / "letter.pdf"
    entries = make_pdf(
        facts=packet_facts(**changes),
        methods="# Methods\n\n| | n |\n|---|---|\n| web | 1 |",
        rows=lambda: rows,
        total=len(rows),
        target=target,
        progress=silent,
    )
    return target, entries


def text_of(pdf: Path, page: int) -> str:
    command = ["pdftotext", "-layout", "-f", str(page), "-l", str(page), str(pdf), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def several_pieces(tmp_path_factory):
    """500 signatures in pieces of two pages."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(letter_module, "PAGES_A_PIECE", 2)
        return made(tmp_path_factory.mktemp("pdf"), total=500)


@needs_poppler
def test_every_signature_stands_on_the_page_where_the_contents_say(several_pieces):
    pdf, entries = several_pieces

    for first, last, page, last_page in entries:
        assert page == last_page
        numbers = re.findall(r"(?m)^\s*(\d+)\s{2,}", text_of(pdf, page))
        assert list(map(int, numbers)) == list(range(first, last + 1))


@needs_poppler
def test_every_page_says_which_it_is_and_of_how_many(several_pieces):
    pdf, entries = several_pieces
    total = entries[-1].last_page

    said = [re.findall(r"page (\d+) of (\d+)", text_of(pdf, page)) for page in range(1, total + 1)]

    assert said == [[(str(page), str(total))] for page in range(1, total + 1)]


@needs_poppler
def test_the_letter_comes_first_and_leads_to_the_signatures(several_pieces):
    pdf, entries = several_pieces

    page = text_of(pdf, 1)

    for line in ("The Senders", "June 4, 2011", "Their Excellency", "A Parliament", "Dr. Leader"):
        assert line in page
    assert "We ask #strong[this]:" in page
    assert f"pages {entries[0].page} to {entries[-1].last_page}." in page


def test_it_is_tagged_and_has_language_title_and_outline(several_pieces):
    pdf, entries = several_pieces

    with pikepdf.open(pdf) as book, book.open_outline() as outline:
        assert book.Root.MarkInfo.Marked
        assert str(book.Root.Lang) == "en"
        assert book.open_metadata()["dc:title"] == "An Open Letter"
        assert book.open_metadata()["pdfuaid:part"] == "1"
        assert [entry.title for entry in outline.root] == ["An Open Letter", "Signatures"]
        assert len(outline.root[1].children) == len(entries)


def test_every_page_leads_to_its_own_structure(several_pieces):
    pdf, _ = several_pieces

    with pikepdf.open(pdf) as book:
        numbers = list(book.Root.StructTreeRoot.ParentTree.Nums)
        tree = dict(zip(map(int, numbers[::2]), numbers[1::2], strict=True))
        for page in book.pages:
            owners = tree[int(page.obj.StructParents)]
            assert {owner.Pg.objgen for owner in owners if "/Pg" in owner} <= {page.obj.objgen}
        assert sorted(tree) == list(range(len(book.pages)))


def test_the_same_list_gives_the_same_bytes(tmp_path, several_pieces):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()

    first, _ = made(tmp_path / "a", total=60)
    second, _ = made(tmp_path / "b", total=60)

    assert first.read_bytes() == second.read_bytes()


@needs_poppler
def test_nothing_of_a_very_long_text_is_lost(tmp_path):
    words = " ".join(f"w{number}" for number in range(50))
    pdf, entries = made(tmp_path, rows=[delivered_row(1, name=words, occupation="阿" * 150)])

    page = re.sub(r"\s", "", text_of(pdf, entries[0].page))

    assert all(f"w{number}" in page for number in range(50))
    assert page.count("阿") == 150


@needs_poppler
def test_markup_in_a_name_is_only_text(tmp_path):
    pdf, entries = made(tmp_path, rows=[delivered_row(1, name='#panic("x") $a$ @b *c* \\ //')])

    assert '#panic("x") $a$ @b *c* \\ //' in text_of(pdf, entries[0].page)


def test_a_letter_without_signatures_is_a_letter(tmp_path):
    pdf, entries = made(tmp_path, total=0)

    assert entries == []
    assert pikepdf.open(pdf).pages


def test_the_scripts_of_our_signatories_can_be_drawn():
    check_fonts([*NAMES, "Ἀριστοτέλης", "Արամ", "ქეთევან", "ብርሃኑ", "বাংলা", "தமிழ்", "สมชาย", "💐"])


@pytest.mark.skipif(not shutil.which("fc-list"), reason="the system's fonts cannot be listed")
def test_tibetan_is_drawn_where_the_system_has_a_font_for_it_and_named_where_not():
    listed = subprocess.run(["fc-list", ":lang=bo"], capture_output=True, text=True, check=True)

    if "Tibetan" in listed.stdout:
        check_fonts(["བསྟན་འཛིན་རྒྱ་མཚོ"])
    else:
        with pytest.raises(FontsMissing, match="Tibetan"):
            check_fonts(["བསྟན་འཛིན་རྒྱ་མཚོ"])


def test_a_script_that_no_font_draws_is_named_with_what_to_install(monkeypatch, tmp_path):
    fonts_without("noto_cjk_sans_otc", monkeypatch)

    with pytest.raises(FontsMissing) as refusal:
        made(tmp_path, rows=[delivered_row(1, name="李"), delivered_row(2, name="𞤀")])

    assert re.search(
        r"No font on this machine draws .*Chinese \(such as U\+674E\)", str(refusal.value)
    )
    assert "fonts-noto-core, fonts-noto-cjk" in str(refusal.value)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_font_package_is_named(monkeypatch):
    monkeypatch.setattr("deliveries.pdf.shop.find_spec", lambda _name: None)

    with pytest.raises(FontsMissing, match="package manimgx-fonts with the PDF's fonts is missing"):
        check_fonts(["Li"])


def fonts_without(module: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine without one font package, and without fonts of its own."""
    from deliveries.pdf import shop

    kept = {name: package for name, package in shop.FONT_PACKAGES.items() if name != module}
    monkeypatch.setattr(shop, "FONT_PACKAGES", kept)
    monkeypatch.setattr(shop, "SYSTEM_FONTS", (False,))
