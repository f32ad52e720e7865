"""The copy for places where the site is blocked, opened from its folder as people will open it."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from django.core.management import call_command
from playwright.sync_api import Page, expect

from .visitor import Visitor


@pytest.fixture
def copy(campaign, tmp_path) -> Path:
    folder = tmp_path / "copy"
    call_command("mirror", str(folder), "--letter", "un-2011")
    return folder


@pytest.fixture
def reader(chromium, copy) -> Iterator[Page]:
    """A browser without network or script, with the copy's first page open."""
    visitor = Visitor(chromium, "file://", java_script_enabled=False)
    visitor.page.goto((copy / "index.html").as_uri())
    yield visitor.page
    visitor.context.close()
    assert visitor.external == []
    assert visitor.broken == []
    assert visitor.complaints == []


def follow(page: Page, words: str) -> None:
    page.get_by_role("link", name=words, exact=True).first.click()
    page.wait_for_load_state()


def test_it_is_read_from_a_folder_page_by_page(reader):
    expect(reader.locator("h1")).to_contain_text("Secretary-General")
    assert reader.locator("body").evaluate("body => getComputedStyle(body).marginTop") == "0px"

    for words, heading in [
        ("Statistics", "Statistics"),
        ("The letter", "Open Letter to the Secretary-General of United Nations"),
        ("Updates", "Updates"),
        ("The letter", "Open Letter to the Secretary-General of United Nations"),
        ("All public signatures", "Public signatures"),
        ("Older", "Public signatures"),
        ("Newest", "Public signatures"),
        ("Deliveries", "Deliveries"),
        ("Delivery 1", "Delivery 1"),
    ]:
        follow(reader, words)
        expect(reader.locator("h1")).to_have_text(heading)


def test_another_language_is_one_click_away_on_the_same_page(reader):
    follow(reader, "Statistics")
    follow(reader, "العربية")

    expect(reader.locator("html")).to_have_attribute("dir", "rtl")
    assert reader.url.endswith("/copy/ar/letters/un-2011/statistics/index.html")


def test_signing_goes_by_mail_with_the_four_lines(reader):
    address = reader.locator("#sign a.button").get_attribute("href")

    assert address is not None
    assert address.startswith("mailto:letterUN2011@gmail.com?subject=Open%20Letter")
    assert unquote(urlsplit(address).query).split("body=")[1].split("\r\n") == [
        "Name: ",
        "Place of Residence: ",
        "Occupation: ",
        "Email (optional): ",
    ]
    assert reader.locator("form").count() == 0


class Links(HTMLParser):
    """Addresses that a page asks for or leads to."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        named = given.get("src") or given.get("href")
        is_only_named = tag == "link" and given.get("rel") in {"alternate", "canonical"}
        if named and not is_only_named:
            self.found.append((tag, named))


def test_no_link_in_it_leads_nowhere(copy, live_server):
    for file in copy.rglob("*.html"):
        for tag, link in Links(file.read_text()).found:
            address = urlsplit(link)
            if address.scheme:
                assert tag == "a", f"{file} loads {link}"
            elif address.path:
                assert (file.parent / address.path).is_file(), f"{file} leads to {link}"


def test_it_holds_every_language_and_every_public_name(copy):
    names = "".join(file.read_text() for file in copy.glob("letters/un-2011/signatures/**/*.html"))

    assert {"ar", "zh-hans", "zh-hant", "fr", "ru", "es"} <= {each.name for each in copy.iterdir()}
    assert names.count('<strong class="name">') == 130
