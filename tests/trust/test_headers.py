"""The headers that issue 3 asks for, exactly, on everything that a visitor can be sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import OperationalError
from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from signatures.tokens import Purpose, make_token
from tests.factories import SignatureFactory
from tests.signatures.posting import form_data

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
EXACTLY = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
EMBED = "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors *"
STRAY = "sessionid=stray; csrftoken=stray; messages=stray; django_language=fr; other=stray"

PLAIN = [
    "/", "/letters/", "/letters/peace/", "/letters/peace/signatures/", "/letters/peace/statistics/",
    "/letters/peace/updates/", "/letters/peace/updates.atom", "/letters/peace/share/",
    "/privacy/", "/deliveries/", "/healthz", "/readyz", "/robots.txt", "/sitemap.xml",
    "/ar/", "/zh-hans/letters/peace/",
]  # fmt: skip
OPEN = ["/letters/peace/count.json", "/letters/peace/signatures.json", "/letters.json"]
OWN = ["", "change/", "withdraw/", "erase/"]


@pytest.fixture
def visit(text) -> Callable[..., HttpResponse]:
    """Ask as a visitor whose browser sends whatever cookies it has from elsewhere."""
    client = Client(raise_request_exception=False, headers={"Cookie": STRAY})

    def ask(path: str, method: str = "get", **options: object) -> HttpResponse:
        response: HttpResponse = getattr(client, method)(path, **options)
        return response

    return ask


def assert_headers(response: HttpResponse, status: int, **but: str) -> None:
    wanted = {**EXACTLY, **{name.replace("_", "-"): value for name, value in but.items()}}
    assert response.status_code == status
    assert {name: response.headers.get(name) for name in wanted} == wanted
    assert "Set-Cookie" not in str(response.serialize_headers())
    assert not response.cookies


@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize("path", PLAIN)
def test_a_page_has_them_when_it_is_made_and_when_it_is_kept(visit, path, method):
    for _time in range(3):
        assert_headers(visit(path, method), 200)


@pytest.mark.parametrize("path", OPEN)
def test_open_data_may_be_read_by_other_sites(visit, path):
    response = visit(path)

    assert_headers(response, 200, Cross_Origin_Resource_Policy="cross-origin")
    assert response["Access-Control-Allow-Origin"] == "*"


def test_only_the_embed_may_be_framed(visit):
    response = visit("/letters/peace/embed/")

    assert_headers(
        response, 200, Content_Security_Policy=EMBED, Cross_Origin_Resource_Policy="cross-origin"
    )
    assert "X-Frame-Options" not in response.headers
    assert visit("/letters/peace/")["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("ending", OWN)
def test_a_signers_own_page_is_stored_by_nobody_too(visit, text, ending):
    row = SignatureFactory.create(text=text)

    response = visit(f"/s/{make_token(Purpose.PAGE, row.id)}/{ending}")

    assert_headers(response, 200)
    assert "no-store" in response["Cache-Control"]
    assert response["X-Robots-Tag"] == "noindex, nofollow"


@pytest.mark.parametrize(
    ("purpose", "route"),
    [
        (Purpose.CONFIRM, "signature_confirm"),
        (Purpose.NOT_ME, "signature_not_me"),
        (Purpose.UNSUBSCRIBE, "unsubscribe"),
    ],
)
def test_a_mailed_link_is_stored_by_nobody_too(visit, text, purpose, route):
    row = SignatureFactory.create(text=text, state="unconfirmed", created_at=timezone.now())
    path = reverse(route, args=[make_token(purpose, row.id)])

    for response in (visit(path), visit(path, "head")):
        assert_headers(response, 200)
        assert "no-store" in response["Cache-Control"]


def test_a_signature_that_is_taken_sends_no_cookie(visit, text):
    assert_headers(visit("/letters/peace/sign/", "post", data=form_data(text)), 303)


# Errors


def test_a_page_that_is_not_there(visit):
    assert_headers(visit("/nothing/"), 404)


def test_a_link_that_is_not_good(visit):
    response = visit("/s/nothing/")

    assert_headers(response, 404)
    assert "no-store" in response["Cache-Control"]


def test_a_method_that_is_not_taken(visit):
    assert_headers(visit("/letters/peace/", "post"), 405)


def test_a_form_with_mistakes(visit, text):
    assert_headers(visit("/letters/peace/sign/", "post", data=form_data(text, name="")), 422)


def test_too_many_signatures(visit, text, settings):
    settings.SIGN_RATE_REFUSE = "1/10m"
    visit("/letters/peace/sign/", "post", data=form_data(text))

    assert_headers(visit("/letters/peace/sign/", "post", data=form_data(text)), 429)


def test_a_post_from_another_site(visit, text):
    headers = {"Sec-Fetch-Site": "cross-site"}

    response = visit("/letters/peace/sign/", "post", data=form_data(text), headers=headers)

    assert_headers(response, 403)


def test_a_form_that_is_too_large(visit, text):
    data = form_data(text, name="n" * 300_000)

    assert_headers(visit("/letters/peace/sign/", "post", data=data), 413)


def test_a_request_for_another_host(visit):
    assert_headers(visit("/letters/peace/signatures/", headers={"Host": "elsewhere.example"}), 400)


@pytest.mark.parametrize(("error", "status"), [(ValueError, 500), (OperationalError, 503)])
def test_a_failure(visit, text, monkeypatch, error, status):
    def fail(**_arguments):
        raise error("canary")

    monkeypatch.setattr("signatures.views.signing.signature_sign", fail)

    response = visit("/letters/peace/sign/", "post", data=form_data(text))

    assert_headers(response, status)
    assert b"canary" not in response.content


# TLS


def test_only_tls_is_told_to_stay_tls(visit, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    for path in PLAIN:
        secure = visit(path, headers={"X-Forwarded-Proto": "https"})

        assert "max-age=63072000" in secure["Strict-Transport-Security"]
        assert "Strict-Transport-Security" not in visit(path).headers


# Nothing forgotten


def public_routes(resolver: URLResolver) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield str(pattern.callback.__module__)
        elif "admin" not in str(pattern.pattern):
            yield from public_routes(pattern)


def test_no_public_view_sets_a_policy_of_its_own_but_the_embed():
    root = Path(__file__).resolve().parents[2]
    modules = {f"{module.replace('.', '/')}.py" for module in public_routes(get_resolver())}
    files = [root / module for module in modules if (root / module).is_file()]

    own = [path.stem for path in files if "Content-Security-Policy" in path.read_text()]

    assert len(files) > 8
    assert len(own) <= 1
