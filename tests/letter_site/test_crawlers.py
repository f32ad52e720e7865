"""What search engines may find, and what they are asked to leave alone."""

from __future__ import annotations

from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest
from django.conf import settings
from django.utils import timezone

from deliveries.models import Delivery
from tests.factories import LetterFactory, TextFactory

MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def listed(client) -> list[str]:
    response = client.get("/sitemap.xml")
    assert response.status_code == 200
    places = ElementTree.fromstring(response.content).iter(f"{MAP}loc")
    return [str(place.text).removeprefix("http://testserver") for place in places]


def test_every_public_page_is_listed_in_every_language(client, db):
    text = TextFactory.create(letter__slug="peace")
    Delivery.objects.create(
        number=1,
        letter=text.letter,
        kind="whole",
        state="ready",
        touched_at=timezone.now(),
        frozen_at=timezone.now(),
    )

    found = listed(client)

    english = {path for path in found if path.count("/") and path[1:3] not in {"ar", "zh", "fr"}}
    assert {
        "/",
        "/letters/",
        "/letters/peace/",
        "/letters/peace/statistics/",
        "/letters/peace/updates/",
        "/deliveries/1/",
        "/privacy/",
    } <= english
    assert len(found) == 7 * len(settings.LANGUAGES)


def test_names_signers_drafts_and_letters_without_words_are_not_listed(client, db):
    TextFactory(letter__slug="draft", letter__is_published=False)
    LetterFactory(slug="empty")

    found = " ".join(listed(client))

    assert "draft" not in found
    assert "empty" not in found
    assert "signatures" not in found
    assert "/s/" not in found


@pytest.mark.parametrize(
    ("path", "may"),
    [
        ("/", True),
        ("/letters/peace/", True),
        ("/letters/peace/statistics/", True),
        ("/deliveries/1/", True),
        ("/static/site/site.css", True),
        ("/s/abc/", False),
        ("/admin/", False),
    ],
)
def test_robots_are_told_what_to_leave_alone(client, path, may):
    rules = RobotFileParser()
    rules.parse(client.get("/robots.txt").content.decode().splitlines())

    assert rules.can_fetch("*", f"http://testserver{path}") is may


def test_lists_of_names_are_left_alone_in_every_language(client):
    # Stars are RFC 9309, 2.2.3, which Python's own parser does not know.
    lines = client.get("/robots.txt").content.decode().splitlines()

    assert {
        "Disallow: /*/s/",
        "Disallow: /letters/*/signatures",
        "Disallow: /*/letters/*/signatures",
        "Sitemap: http://testserver/sitemap.xml",
    } <= set(lines)


@pytest.mark.parametrize("path", ["signatures/", "signatures.json"])
def test_a_list_of_names_says_itself_that_it_is_in_no_index(client, db, path):
    TextFactory(letter__slug="peace")

    assert client.get(f"/letters/peace/{path}")["X-Robots-Tag"] == "noindex"
