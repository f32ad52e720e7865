"""A page that was just handed out is handed out again before anything else is asked."""

from __future__ import annotations

from unittest import mock

import pytest
from django.test import Client, override_settings

from signatures.views import page_cache, ready_pages
from tests.factories import TextFactory

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = "/letters/peace/"


@pytest.fixture(autouse=True)
def letter() -> None:
    ready_pages._ready.clear()
    TextFactory(letter__slug="peace")


def asked(client: Client, path: str = PAGE, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    response = client.get(path, headers=headers)
    return response.status_code, response.content, dict(response.headers)


def test_the_second_answer_is_the_first_one_to_the_last_header(client):
    assert asked(client) == asked(client)


def test_it_never_reaches_a_view_again(client):
    client.get(PAGE)

    with mock.patch.object(page_cache, "_respond") as respond:
        response = client.get(PAGE)

    assert response.status_code == 200
    assert not respond.called


def test_each_encoding_has_its_own_answer(client):
    for _time in range(2):
        plain = client.get(PAGE)
        small = client.get(PAGE, headers={"Accept-Encoding": "br"})

        assert "Content-Encoding" not in plain.headers
        assert small["Content-Encoding"] == "br"


@override_settings(ALLOWED_HOSTS=["letter.example"])
def test_another_host_is_asked_for_anew(client):
    assert client.get(PAGE, headers={"Host": "letter.example"}).status_code == 200

    assert client.get(PAGE, headers={"Host": "evil.example"}).status_code == 400


@override_settings(SECURE_SSL_REDIRECT=True)
def test_an_answer_over_https_is_no_answer_over_http(client):
    assert client.get(PAGE, secure=True).status_code == 200

    assert client.get(PAGE).status_code == 301


@pytest.mark.parametrize(
    "ask",
    [
        lambda client: client.post(PAGE),
        lambda client: client.head(PAGE),
        lambda client: client.get(f"{PAGE}?x=1"),
        lambda client: client.get(PAGE, headers={"If-None-Match": '"x"'}),
    ],
)
def test_anything_but_a_plain_get_goes_its_way(client, ask):
    client.get(PAGE)

    with mock.patch.object(ready_pages, "is_current") as is_current:
        ask(client)

    assert not is_current.called


def test_what_is_not_a_kept_page_is_not_kept(client):
    client.get("/letters/nowhere/")
    client.get("/healthz")

    assert ready_pages._ready == {}


def test_it_is_counted_under_its_route(client):
    client.get(PAGE)

    response = client.get(PAGE)

    assert response.resolver_match.view_name == "letter"


def test_a_page_that_is_no_longer_current_is_asked_for_anew(client, monkeypatch):
    client.get(PAGE)
    monkeypatch.setattr(page_cache, "FRESH", -1)

    with mock.patch.object(page_cache, "_respond", wraps=page_cache._respond) as respond:
        client.get(PAGE)

    assert respond.called


def test_no_visitor_can_make_the_memory_grow(client, monkeypatch):
    monkeypatch.setattr(ready_pages, "MOST", 3)

    for number in range(10):
        client.get(PAGE, headers={"Accept-Encoding": f"br;q=0.{number}"})

    assert len(ready_pages._ready) <= 3
