"""Hostile input gets a clear answer: never a 5xx, never back unescaped."""

from __future__ import annotations

import random
import re

import pytest
from django.test import Client

from bench.trust.naughty import SEEDS
from signatures.models import Signature

from .posting import form_data

FIELDS = ["name", "residence", "occupation", "email", "visibility", "wants_updates", "consent",
          "website", "rendered"]  # fmt: skip
MARKUP = ["<script>alert", "<img src=x", "<svg/onload", "<b>bold"]
ANSWERS = {200, 303, 400, 413, 422}


def mixed(number: int) -> list[str]:
    """Two seeds put together, the same ones in every run."""
    chance = random.Random(1989)
    return ["".join(chance.sample(SEEDS, 2))[:4000] for _ in range(number)]


HOSTILE = [*SEEDS, *mixed(300)]


def assert_harmless(response) -> None:
    assert response.status_code in ANSWERS
    page = response.content.decode()
    assert [markup for markup in MARKUP if markup in page] == []


@pytest.mark.parametrize("field", FIELDS)
def test_no_value_of_any_field_breaks_the_form(client, text, field):
    for value in HOSTILE:
        response = client.post("/letters/peace/sign/", form_data(text, **{field: value}))

        assert_harmless(response)


def test_what_was_accepted_is_escaped_on_every_page(client, text):
    for value in HOSTILE:
        client.post(
            "/letters/peace/sign/",
            form_data(text, name=value, residence=value, occupation=value),
        )
    Signature.objects.filter(state="pending").update(state="accepted")

    assert Signature.objects.count() > 50
    for path in ("/", "/letters/peace/signatures/"):
        assert_harmless(client.get(path))


def test_what_was_accepted_shows_on_its_own_page_escaped(client, text):
    for value in SEEDS:
        response = client.post("/letters/peace/sign/", form_data(text, name=value))
        if response.status_code == 303:
            assert_harmless(client.get(response["Location"]))


@pytest.mark.parametrize(
    "path",
    ["/s/{}/", "/s/{}/confirm/", "/letters/{}/", "/{}/", "/letters/peace/signatures/?before={}"],
)
def test_no_address_breaks_the_site(client, text, path):
    for value in HOSTILE:
        safe = value.replace("%", "%25").replace("?", "%3F").replace("#", "%23")[:500]

        assert client.get(path.format(safe)).status_code in {200, 301, 302, 400, 404}


# Bodies that are no form


def send(body: bytes, kind: str = "application/x-www-form-urlencoded"):
    return Client().generic("POST", "/letters/peace/sign/", body, content_type=kind)


def said(response) -> str:
    page = response.content.decode()
    assert "<main" in page
    (headline,) = re.findall(r"<h1[^>]*>(.*?)</h1>", page, re.DOTALL)
    return headline


def test_ten_megabytes_are_too_much_to_read(text):
    response = send(b"name=" + b"x" * 10_000_000)

    assert response.status_code == 413
    assert said(response) == "That was too much to read"
    assert response["Content-Security-Policy"].startswith("default-src 'none'")


def test_ten_megabytes_of_a_multipart_field_are_too_much_to_read(text):
    body = b'--x\r\nContent-Disposition: form-data; name="name"\r\n\r\n'

    response = send(body + b"x" * 10_000_000 + b"\r\n--x--\r\n", "multipart/form-data; boundary=x")

    assert (response.status_code, said(response)) == (413, "That was too much to read")


def test_a_file_of_ten_megabytes_is_too_much_to_read(text):
    body = b'--x\r\nContent-Disposition: form-data; name="f"; filename="f"\r\n\r\n'

    response = send(body + b"x" * 10_000_000 + b"\r\n--x--\r\n", "multipart/form-data; boundary=x")

    assert (response.status_code, said(response)) == (413, "That was too much to read")


def test_ten_thousand_fields_cannot_be_read(text):
    response = send(b"&".join(b"f%d=1" % number for number in range(10_000)))

    assert response.status_code == 400
    assert said(response) == "This request could not be read"


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"not multipart at all", "multipart/form-data; boundary=x", 422),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x", 422),
        (b"--x\r\n", "multipart/form-data", 400),
        (b"--x", "multipart/form-data; boundary=" + "x" * 500, 400),
        (b"--x", "multipart/form-data; boundary=\xff", 400),
        (b"{}", "application/json", 422),
        (b"", "text/plain", 422),
        (b"name=x", "", 422),
        (b"name=\xff\xfe\xed\xa0\x80", "application/x-www-form-urlencoded", 422),
        (b"name=%ED%A0%80%FF&consent=%00", "application/x-www-form-urlencoded", 422),
        (b"%=%&=&&&;;;", "application/x-www-form-urlencoded", 422),
        (b"\x00" * 1000, "application/x-www-form-urlencoded", 422),
    ],
)
def test_a_body_that_is_no_form_gets_a_plain_answer(text, body, kind, status):
    response = send(body, kind)

    assert response.status_code == status
    assert said(response)
    assert not Signature.objects.exists()


@pytest.mark.parametrize("host", ["elsewhere.example", "a b", "[", "<script>", "x" * 300])
def test_a_host_that_is_not_ours_is_refused_plainly(text, host):
    response = Client().get("/", headers={"Host": host})

    assert response.status_code == 400
    assert said(response) == "This request could not be read"
    assert "<script>" not in response.content.decode()
