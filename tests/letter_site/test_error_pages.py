"""Every error has a page in the site's look and the visitor's language that says what to do."""

from __future__ import annotations

import logging

import pytest
from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.test import Client

from tests.factories import TextFactory

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def calm_client() -> Client:
    """A client that shows what a browser gets where a view breaks."""
    return Client(raise_request_exception=False)


@pytest.fixture
def breaking(monkeypatch):
    """Let the list of letters raise."""

    def break_with(error: Exception) -> None:
        def fail(*_args: object) -> HttpResponse:
            raise error

        monkeypatch.setattr("signatures.views.letter._list", fail)

    return break_with


def said(response: HttpResponse, status: int) -> str:
    assert response.status_code == status
    page = response.content.decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert '<meta name="robots" content="noindex">' in page
    assert 'class="button" href=' in page
    return page.partition("<h1>")[2].partition("</h1>")[0]


def test_what_does_not_exist(client, db):
    assert said(client.get("/ar/letters/nowhere/"), 404)


def test_what_is_not_allowed(client, db, breaking):
    breaking(PermissionDenied())

    assert said(client.get("/ar/letters/"), 403)


def test_what_is_too_large(client, db):
    response = client.post("/ar/letters/x/sign/", "a" * 300_000, content_type=FORM)

    assert said(response, 413)


def test_what_cannot_be_read(client, db):
    TextFactory(letter__slug="peace")

    response = client.post("/ar/letters/peace/sign/", "a=1&" * 3_000, content_type=FORM)

    assert said(response, 400)


def test_what_breaks_is_our_fault(calm_client, db, breaking, caplog):
    breaking(RuntimeError("broken"))

    with caplog.at_level(logging.ERROR, "django.request"):
        assert said(calm_client.get("/ar/letters/"), 500)

    assert "broken" in caplog.text


@pytest.mark.parametrize("error", [OperationalError, InterfaceError])
def test_while_the_database_is_away_one_is_asked_to_come_back(calm_client, db, breaking, error):
    breaking(error("away"))

    response = calm_client.get("/ar/letters/")

    assert said(response, 503)
    assert response["Retry-After"] == "60"


def test_pages_for_our_own_faults_ask_the_database_nothing(
    calm_client, db, breaking, django_assert_num_queries
):
    breaking(OperationalError("away"))

    with django_assert_num_queries(0):
        calm_client.get("/ar/letters/")
