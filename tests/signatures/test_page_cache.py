"""The letter's page: the same bytes for everybody, rendered once per change."""

import gzip
from unittest import mock

import brotli
import pytest
from django.db import OperationalError
from django.test import Client

from letters.models import Letter
from letters.services import letter_save
from signatures.enums import State, Visibility
from signatures.freshness import pages_change
from signatures.services.own_page import signature_show, signature_withdraw
from signatures.views import page_cache
from tests.factories import SignatureFactory, TextFactory

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def page(client: Client) -> str:
    TextFactory.create(letter__slug="peace", title="A letter about peace")
    return "/letters/peace/"


def test_a_second_visitor_costs_no_query(client, page, django_assert_num_queries):
    client.get(page)

    with django_assert_num_queries(0):
        response = client.get(page)

    assert response.status_code == 200


def test_it_is_the_same_bytes_for_everybody(page):
    first, second = Client().get(page), Client(headers={"User-Agent": "another"}).get(page)

    assert first.content == second.content
    assert first["ETag"] == second["ETag"]


def test_it_comes_compressed_as_the_browser_asks(client, page):
    plain = client.get(page)
    small = client.get(page, headers={"Accept-Encoding": "gzip"})
    smaller = client.get(page, headers={"Accept-Encoding": "gzip, br"})

    assert gzip.decompress(small.content) == plain.content
    assert brotli.decompress(smaller.content) == plain.content
    assert smaller["Content-Encoding"] == "br"
    assert len({plain["ETag"], small["ETag"], smaller["ETag"]}) == 3


def test_a_browser_that_has_it_gets_304(client, page):
    tag = client.get(page)["ETag"]

    response = client.get(page, headers={"If-None-Match": tag})

    assert (response.status_code, response.content) == (304, b"")


def test_it_may_be_kept_by_any_proxy(client, page):
    response = client.get(page)

    assert response["Cache-Control"] == (
        "public, max-age=5, stale-while-revalidate=60, stale-if-error=86400"
    )
    assert response["Vary"] == "Accept-Encoding"
    assert response.cookies == {}


def test_a_withdrawn_name_is_gone_at_the_next_look(client, page, monkeypatch):
    monkeypatch.setattr(page_cache, "REST", 0)
    signature = SignatureFactory.create(text__letter__slug="other", name="Somebody Seen")
    page = "/letters/other/"
    assert b"Somebody Seen" in client.get(page).content

    signature_withdraw(signature_id=signature.id)

    assert b"Somebody Seen" not in client.get(page).content


def test_a_hidden_name_is_gone_at_the_next_look(client, monkeypatch):
    monkeypatch.setattr(page_cache, "REST", 0)
    signature = SignatureFactory.create(text__letter__slug="other", name="Somebody Seen")
    client.get("/letters/other/")

    signature_show(signature_id=signature.id, visibility=Visibility.RECIPIENT)

    assert b"Somebody Seen" not in client.get("/letters/other/").content


def test_while_one_visitor_renders_the_others_get_the_stale_page(client, page, monkeypatch):
    stale = client.get(page)
    monkeypatch.setattr(page_cache, "FRESH", -1)
    monkeypatch.setattr(page_cache, "_may_rebuild", lambda key: False)

    with mock.patch("signatures.views.letter.render_letter") as render:
        response = client.get(page)

    assert response.content == stale.content
    assert not render.called


def test_a_dead_database_leaves_the_letter_readable(client, page, monkeypatch):
    alive = client.get(page)
    monkeypatch.setattr(page_cache, "FRESH", -1)

    with mock.patch("signatures.views.letter.find_letter", side_effect=OperationalError):
        response = client.get(page)

    assert (response.status_code, response.content) == (200, alive.content)


def test_a_dead_cache_leaves_the_letter_readable(client, page):
    with mock.patch.object(page_cache, "cache") as dead:
        dead.get.side_effect = dead.set.side_effect = dead.add.side_effect = ConnectionError
        first, second = client.get(page), client.get(page)

    assert (first.status_code, second.status_code) == (200, 200)


def test_an_unknown_letter_is_not_kept(client, page):
    assert client.get("/letters/nowhere/").status_code == 404

    TextFactory.create(letter__slug="nowhere")

    assert client.get("/letters/nowhere/").status_code == 200


@pytest.mark.parametrize("address", ["", "statistics/", "share/", "signatures/"])
def test_a_letter_that_is_taken_down_is_gone_from_every_page(client, page, address, monkeypatch):
    monkeypatch.setattr(page_cache, "FRESH", -1)
    assert client.get(page + address).status_code == 200
    letter = Letter.objects.get(slug="peace")

    letter.is_published = False
    letter_save(letter=letter)

    answers = [client.get(page + address).status_code for _visit in range(3)]
    assert answers == [404, 404, 404]


def test_a_page_that_is_taken_down_while_the_cache_is_away_is_gone_here(client, page, monkeypatch):
    monkeypatch.setattr(page_cache, "REST", 0)
    client.get(page)
    Letter.objects.update(is_published=False)
    pages_change()

    with mock.patch("signatures.views.page_cache.cache.delete_many", side_effect=OSError):
        response = client.get(page)

    assert response.status_code == 404


def test_only_accepted_public_names_are_on_it(client):
    text = TextFactory.create(letter__slug="other")
    SignatureFactory.create(text=text, name="Shown Person")
    SignatureFactory.create(text=text, name="Delivered Only", visibility=Visibility.RECIPIENT)
    SignatureFactory.create(text=text, name="Still Waiting", state=State.PENDING, confirmed_at=None)

    content = client.get("/letters/other/").content

    assert b"Shown Person" in content
    assert b"Delivered Only" not in content
    assert b"Still Waiting" not in content
