"""Logs that a thief may read: nobody's name, address or link is in them."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from letter_site.logs import PrivateJsonFormatter
from signatures.tokens import Purpose, make_token
from tests.factories import SignatureFactory, TextFactory
from tests.signatures.posting import form_data

CANARY = {
    "name": "Canaryname",
    "residence": "Canaryplace",
    "occupation": "Canarywork",
    "email": "canary@canary.example",
}
HEADERS = {
    "User-Agent": "canary-agent",
    "Referer": "https://canary.example/",
    "Cookie": "canary=cookie",
}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged, as production writes it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(PrivateJsonFormatter())
    loggers = [logging.getLogger(), logging.getLogger("django")]
    for logger in loggers:
        logger.addHandler(handler)
    yield stream
    for logger in loggers:
        logger.removeHandler(handler)


def entries(log: io.StringIO) -> list[dict]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_a_failure_while_signing_is_logged_without_the_signer(db, log, monkeypatch):
    text = TextFactory.create(letter__slug="peace")

    def fail(*_args, **kwargs):
        raise RuntimeError(f"cannot store {kwargs['signatory']}")

    monkeypatch.setattr("signatures.views.signing.signature_sign", fail)
    client = Client(raise_request_exception=False)

    response = client.post(
        "/letters/peace/sign/",
        form_data(text, **CANARY),
        headers=HEADERS,
        REMOTE_ADDR="203.0.113.77",
    )

    written = log.getvalue()
    assert response.status_code == 500
    assert "canary" not in (written + response.content.decode()).lower()
    assert "203.0.113.77" not in written
    (entry,) = entries(log)
    assert entry["levelname"] == "ERROR"
    assert entry["exc_info"].startswith("RuntimeError < ")
    assert "signing.py:" in entry["exc_info"]


def test_a_failing_page_of_a_signer_is_logged_without_the_link(db, log, monkeypatch):
    row = SignatureFactory.create()
    token = make_token(Purpose.PAGE, row.id)
    monkeypatch.setattr("signatures.views.own_page._words", lambda _row: 1 / 0)

    response = Client(raise_request_exception=False).get(f"/s/{token}/")

    assert response.status_code == 500
    assert token not in log.getvalue()
    assert entries(log)[0]["message"] == "Internal Server Error: /s/…/"


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("/s/{token}/", "/s/…/"),
        ("/fr/s/{token}/confirm/", "/fr/s/…/confirm/"),
        ('/s/{token}"quoted/', "/s/…/"),
        ("/s/{token}/nothing", "an address of no page"),
        ("/s//{token}/", "an address of no page"),
        ("/s/%20{token}/", "/s/…/"),
        ("/S/{token}/", "an address of no page"),
        ("/s{token}/", "an address of no page"),
        ("/Amal Haddad/{token}", "an address of no page"),
        ("/عمل/{token}", "an address of no page"),
    ],
)
def test_an_address_is_not_written_but_its_route(db, log, path, shown):
    Client().get(path.format(token="A" * 44))

    assert [entry["message"] for entry in entries(log)] == [f"Not Found: {shown}"]


def test_a_link_in_any_other_line_is_shortened(log):
    logging.getLogger("letter").warning("no answer from /fr/s/%s/confirm/ today", "A" * 44)

    assert [entry["message"] for entry in entries(log)] == ["no answer from /fr/s/…/confirm/ today"]


def test_the_values_of_an_exception_are_left_out(log):
    try:
        raise ValueError("canary")
    except ValueError:
        logging.getLogger("letter").exception("it failed")

    (entry,) = entries(log)
    assert entry["message"] == "it failed"
    assert entry["exc_info"].startswith("ValueError < ")
    assert "canary" not in json.dumps(entry)


def test_what_another_formatter_kept_is_not_written(log):
    record = logging.LogRecord("letter", logging.ERROR, "", 0, "it failed", (), None)
    record.exc_text = "ValueError: canary"

    logging.getLogger().handle(record)

    assert "canary" not in log.getvalue()


def test_an_ordinary_line_says_when_where_and_what(log):
    logging.getLogger("letter").warning("rate limits are away", extra={"error": "OSError"})

    (entry,) = entries(log)
    assert {**entry, "asctime": ""} == {
        "asctime": "",
        "levelname": "WARNING",
        "name": "letter",
        "message": "rate limits are away",
        "error": "OSError",
    }


def test_a_visit_leaves_no_line(db, log):
    TextFactory.create(letter__slug="peace")

    Client().get(reverse("letter", args=["peace"]))

    assert log.getvalue() == ""
