"""News for everybody, as a page and as a feed."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from signatures.models import Update

ATOM = "{http://www.w3.org/2005/Atom}"
SENT = datetime(2026, 6, 5, 9, 30, tzinfo=UTC)


@pytest.fixture
def tell(letter):
    """An update about `peace` that everybody may read, but for changes."""

    def create(**changes) -> Update:
        fields = {
            "subject": "Handed over",
            "body": "It was **received**.",
            "is_public": True,
            "started_at": SENT,
            "finished_at": SENT,
        }
        return Update.objects.create(letter=letter, **(fields | changes))

    return create


def feed(client, path: str = "/letters/peace/updates.atom") -> ElementTree.Element:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/atom+xml"
    return ElementTree.fromstring(response.content)


def titles(root: ElementTree.Element) -> list[str | None]:
    return [each.findtext(f"{ATOM}title") for each in root.iter(f"{ATOM}entry")]


def test_public_news_stands_on_a_page(client, text, tell):
    update = tell()

    page = client.get("/letters/peace/updates/").content.decode()

    assert f'id="update-{update.id}"' in page
    assert "<h2>Handed over</h2>" in page
    assert "It was <strong>received</strong>." in page


@pytest.mark.parametrize("hidden", [{"is_public": False}, {"finished_at": None}])
def test_what_is_not_public_or_not_sent_is_nowhere(client, text, tell, hidden):
    tell(**hidden)

    assert "There is no news yet" in client.get("/letters/peace/updates/").content.decode()
    assert titles(feed(client)) == []


def test_an_entry_says_what_when_and_where(client, text, tell):
    update = tell()

    root = feed(client)

    entry = root.find(f"{ATOM}entry")
    address = f"http://testserver/letters/peace/updates/#update-{update.id}"
    assert root.findtext(f"{ATOM}title") == "An open letter"
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "A committee"
    assert entry is not None
    assert entry.findtext(f"{ATOM}id") == address
    assert entry.findtext(f"{ATOM}updated") == "2026-06-05T09:30:00+00:00"
    assert "<strong>received</strong>" in str(entry.findtext(f"{ATOM}summary"))


def test_a_feed_without_news_is_as_old_as_its_letter_whenever_it_is_asked_for(client, text):
    assert feed(client).findtext(f"{ATOM}updated") == "2011-06-04T00:00:00+00:00"


def test_a_feed_is_as_young_as_its_news(client, text, tell):
    tell()

    assert feed(client).findtext(f"{ATOM}updated") == "2026-06-05T09:30:00+00:00"


def test_the_newest_comes_first(client, text, tell):
    tell(subject="First")
    tell(subject="Second")

    assert titles(feed(client)) == ["Second", "First"]


def test_news_in_the_pages_language_stands_alone(client, text, tell):
    tell(subject="Handed over")
    tell(subject="Remise", language="fr")

    assert titles(feed(client, "/fr/letters/peace/updates.atom")) == ["Remise"]
    assert titles(feed(client, "/ru/letters/peace/updates.atom")) == ["Remise", "Handed over"]


def test_the_letter_points_to_its_feed(client, text):
    page = client.get("/fr/letters/peace/").content.decode()

    assert 'type="application/atom+xml" title="An open letter" href="/fr/letters/peace/upd' in page
