"""Passing a letter on: words, plain links, a code, a picture, and what previews read."""

from __future__ import annotations

import re
import struct
import subprocess
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.html import strip_tags

from letters.models import LetterText
from letters.services import text_save
from signatures.services import drawing
from signatures.services.share_image import HEIGHT, WIDTH, share_image

ADDRESS = "http://testserver/letters/peace/"
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture
def arabic(letter) -> LetterText:
    return text_save(
        text=LetterText(
            letter=letter,
            language="ar",
            title="رسالة مفتوحة",
            body="نطلب جواباً.",
            is_courtesy_translation=True,
        )
    )


@pytest.fixture(autouse=True)
def _own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def page(client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def hrefs(html: str) -> dict[str, str]:
    return {
        words: unescape(address)
        for address, words in re.findall(r'is-quiet" href="([^"]+)"[^>]*>([^<]+)<', html)
    }


# Words and links


def test_words_and_address_stand_there_to_be_copied(client, text):
    shown = unescape(page(client, "/letters/peace/share/"))

    copied = re.findall(r'<p class="copy" dir="(?:auto|ltr)">(.+)</p>', shown)
    assert [strip_tags(each) for each in copied] == [
        f"Please read this open letter, and sign it if you agree: An open letter {ADDRESS}",
        ADDRESS,
    ]


def test_each_way_carries_the_address(client, text):
    ways = hrefs(page(client, "/letters/peace/share/"))

    assert list(ways)[:3] == ["E-mail", "Text message", "Telegram"]
    assert all(ADDRESS in str(parse_qs(urlsplit(url).query)) for url in ways.values())


def test_mail_programs_get_spaces_and_no_plus(client, text):
    mail = hrefs(page(client, "/letters/peace/share/"))["E-mail"]

    assert mail.startswith("mailto:?subject=An%20open%20letter&body=Please%20read")
    assert "+" not in mail


def test_nothing_is_loaded_from_anybody(client, text):
    shown = page(client, "/letters/peace/share/")

    assert re.findall(r'<[^>]*\s(?:src|srcset|data|action)="(https?:[^"]*)"', shown) == []


def test_the_code_is_an_svg_that_a_cache_may_keep(client, text):
    response = client.get("/letters/peace/qr.svg")

    assert response["Content-Type"] == "image/svg+xml"
    assert response["Cache-Control"] == "public, max-age=86400"
    assert b"<svg" in response.content
    assert b"<script" not in response.content


def test_the_code_of_another_language_leads_to_another_page(client, text):
    codes = {client.get(f"/{prefix}letters/peace/qr.svg").content for prefix in ("", "ar/", "fr/")}

    assert len(codes) == 3


# The picture


def test_the_picture_has_the_size_that_previews_want(client, text):
    response = client.get("/letters/peace/share.png")
    picture = b"".join(response.streaming_content)

    assert response["Content-Type"] == "image/png"
    assert picture.startswith(PNG)
    assert struct.unpack(">II", picture[16:24]) == (WIDTH, HEIGHT)
    assert len(picture) < 300_000


def test_each_language_has_a_picture_of_its_own(text, arabic):
    with translation.override("ar"):
        in_arabic = share_image(text=arabic)

    assert in_arabic != share_image(text=text)


def test_a_picture_is_drawn_once(text, monkeypatch):
    first = share_image(text=text)
    monkeypatch.setattr(drawing, "_draw", lambda *_: pytest.fail("drawn again"))

    assert share_image(text=text) == first


def test_a_new_title_gets_a_new_picture(text):
    first = share_image(text=text)
    text.title = 'Another <title> with "quotes" and #set text(size: 1pt)'

    second = share_image(text=text)

    assert second is not None
    assert second != first


@pytest.mark.parametrize(
    "problem", [subprocess.TimeoutExpired("draw", 60), subprocess.CalledProcessError(1, "draw")]
)
def test_where_it_cannot_be_drawn_there_is_no_picture(client, text, monkeypatch, problem):
    def fail(*_args, **_options):
        raise problem

    monkeypatch.setattr("signatures.services.drawing.subprocess.run", fail)

    assert client.get("/letters/peace/share.png").status_code == 404
    assert list(settings.DATA_DIR.rglob("*.png")) == []


@pytest.mark.parametrize("path", ["share/", "share.png", "qr.svg", "updates/", "updates.atom"])
def test_an_unknown_letter_has_none_of_it(client, db, path):
    assert client.get(f"/letters/nowhere/{path}").status_code == 404


# What previews and crawlers read


def test_a_preview_finds_title_words_and_picture_in_the_pages_language(client, text, arabic):
    head = page(client, "/ar/letters/peace/").partition("</head>")[0]

    assert dict(re.findall(r'property="og:(\w+)" content="([^"]*)"', head)) == {
        "type": "article",
        "title": "رسالة مفتوحة",
        "description": "نطلب جواباً.",
        "url": "http://testserver/ar/letters/peace/",
        "image": "http://testserver/ar/letters/peace/share.png",
    }


def test_a_page_names_itself_and_its_other_languages_in_full(client, text):
    head = page(client, "/fr/letters/peace/statistics/").partition("</head>")[0]

    own = "http://testserver/fr/letters/peace/statistics/"
    others = dict(re.findall(r'rel="alternate" hreflang="([\w-]+)" href="([^"]+)"', head))
    assert f'<link rel="canonical" href="{own}">' in head
    assert set(others) == {"x-default", *(code for code, _name in settings.LANGUAGES)}
    assert others["fr"] == own
    assert others["x-default"] == "http://testserver/letters/peace/statistics/"


def test_the_front_page_says_that_it_is_the_letters_page(client, text):
    assert f'<link rel="canonical" href="{ADDRESS}">' in page(client, "/")


def test_the_letter_describes_itself_for_machines(client, text):
    shown = page(client, "/letters/peace/")

    assert set(re.findall(r'itemprop="(\w+)"', shown)) == {
        "inLanguage", "headline", "author", "name", "datePublished", "articleBody",
    }  # fmt: skip
