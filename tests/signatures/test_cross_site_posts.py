"""Posts that another site makes a visitor's browser send are refused; everybody else's are not."""

from __future__ import annotations

import pytest

from signatures.models import Signature
from signatures.tokens import Purpose, make_token
from tests.factories import SignatureFactory

FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
    {"Sec-Fetch-Site": "nonsense"},
    {"Origin": "https://elsewhere.example"},
    {"Origin": "http://testserver.elsewhere.example"},
    {"Origin": "http://testserver:8080"},
    {"Origin": "http://["},
    {"Origin": "not an origin"},
]
OWN = [
    {},
    {"Origin": "null"},
    {"Origin": "http://testserver"},
    {"Sec-Fetch-Site": "same-origin"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
    {"Referer": "https://elsewhere.example/"},
]
OWN_POSTS = [
    ("page", "withdraw/"),
    ("page", "erase/"),
    ("page", "change/"),
    ("confirm", "confirm/"),
    ("not-me", "not-me/"),
    ("unsubscribe", "unsubscribe/"),
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_a_post_from_another_site_signs_nothing(post, headers):
    response = post(headers=headers)

    assert response.status_code == 403
    assert "Please use the form on this site" in response.content.decode()
    assert not Signature.objects.exists()


@pytest.mark.parametrize("headers", OWN, ids=str)
def test_a_post_from_this_site_or_from_a_shy_browser_signs(post, headers):
    assert post(headers=headers).status_code == 303


@pytest.mark.parametrize(("purpose", "path"), OWN_POSTS)
@pytest.mark.parametrize("headers", FOREIGN[:5], ids=str)
def test_a_signers_links_cannot_be_posted_to_from_another_site(
    client, text, purpose, path, headers
):
    row = SignatureFactory.create(text=text, state="unconfirmed", sealed=True)
    token = make_token(Purpose(purpose), row.id)

    response = client.post(f"/s/{token}/{path}", headers=headers)

    row.refresh_from_db()
    assert response.status_code == 403
    assert row.state == "unconfirmed"


def test_reading_from_another_site_is_welcome(client, text):
    response = client.get("/letters/peace/", headers={"Sec-Fetch-Site": "cross-site"})

    assert response.status_code == 200
