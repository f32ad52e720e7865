"""What no browser of a person sends is refused, or read plainly: it breaks nothing."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from itertools import product
from urllib.parse import quote, urlencode

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from letter_site.wsgi import application
from letters.models import LetterText
from signatures.models import AuditEntry
from tests.factories import SignatureFactory, TextFactory
from tests.signatures.posting import form_data

PLAIN_FORM = "application/x-www-form-urlencoded"
CODECS_OF_NO_TEXT = ["hex", "base64", "rot13", "zlib", "undefined"]
CODECS_OF_TEXT = ["utf-16", "utf-7", "idna", "punycode", "latin-1", "x"]
NO_KEYS = ["x", "1.5", "\x00", "-1", "9" * 30, "a" * 300, "_5F", "../1", "٣"]
Ask = Callable[..., tuple[int, str]]


@pytest.fixture
def ask(db) -> Ask:
    """Ask as a server does, of the WSGI application; the status and the page.

    It is asked past the signals around a request, which would close the test's connection.
    """

    def send(path: str, body: bytes = b"", **changes: str) -> tuple[int, str]:
        path, _, query = path.partition("?")
        environ = {
            "REQUEST_METHOD": "POST" if body else "GET",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "CONTENT_LENGTH": str(len(body)),
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
            **changes,
        }
        response = application.get_response(application.request_class(environ))
        assert isinstance(response, HttpResponse)
        return response.status_code, response.content.decode()

    return send


@pytest.fixture
def organiser(db) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("organiser"))
    return client


def lists() -> list[str]:
    """The names of every list in the admin."""
    models = [model._meta for model in admin.site._registry]
    return [f"admin:{meta.app_label}_{meta.model_name}_changelist" for meta in models]


# A NUL, which PostgreSQL keeps in no text


@pytest.mark.parametrize("route", lists())
def test_no_list_of_the_staff_breaks_on_a_nul(organiser, route):
    for name in ("q", "o", "p", "all", "_facets", "e", "state__exact", "no_such_filter"):
        response = organiser.get(f"{reverse(route)}?{name}=a%00")

        assert response.status_code == 400
        assert "This request could not be read" in response.content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "state__exact=%00", "state__exact=pen%00ding", "source__exact=%00", "letter__id__exact=%00",
        "visibility__exact=%00", "day=%00", "queue=%00", "%00=x", "%%00", "state__exact=\x00",
    ],
)  # fmt: skip
def test_no_filter_of_signatures_breaks_on_a_nul(organiser, query):
    SignatureFactory.create()

    response = organiser.get(f"{reverse('admin:signatures_signature_changelist')}?{query}")

    assert response.status_code == 400


@pytest.mark.parametrize("path", ["/", "/letters/peace/signatures/", "/deliveries/", "/healthz"])
def test_no_public_page_is_asked_for_a_nul(client, db, path):
    TextFactory.create(letter__slug="peace")

    assert client.get(f"{path}?before=%00").status_code == 400


def test_a_percent_sign_that_only_looks_like_a_nul_is_read(organiser):
    address = reverse("admin:signatures_signature_changelist")

    response = organiser.get(address, {"q": "%00"})

    assert response.status_code == 200
    assert 'value="%00"' in response.content.decode()


@pytest.mark.parametrize("route", lists())
def test_no_page_of_the_staff_breaks_on_a_key_that_is_none(organiser, route):
    found = {}

    for key, page in product(NO_KEYS, ["change/", "history/", "delete/", ""]):
        address = f"{reverse(route)}{quote(key)}/{page}"
        found[address] = organiser.get(address, follow=True).status_code

    assert {each: status for each, status in found.items() if status not in {200, 403, 404}} == {}


@pytest.mark.parametrize("reason", ["\x00", "a\x00b"])
def test_a_nul_in_a_moderators_reason_is_not_kept(organiser, reason):
    row = SignatureFactory.create(state="pending", email="")
    address = reverse("admin:signature_decide", args=[row.id])

    response = organiser.post(address, {"decision": "reject", "reason": f"no {reason}"})

    assert response.status_code == 302
    assert "\x00" not in AuditEntry.objects.latest("id").reason


# A charset that is none


@pytest.mark.parametrize("charset", [*CODECS_OF_NO_TEXT, *CODECS_OF_TEXT])
@pytest.mark.parametrize("path", ["/letters/peace/?a=é", "/letters/peace/", "/admin/?q=1"])
def test_no_charset_of_a_question_breaks_the_site(ask, charset, path):
    TextFactory.create(letter__slug="peace")

    status, _page = ask(path, CONTENT_TYPE=f"text/plain; charset={charset}")

    assert status == (302 if path.startswith("/admin/") else 200)


@pytest.mark.parametrize("charset", [*CODECS_OF_NO_TEXT, *CODECS_OF_TEXT])
@pytest.mark.parametrize("query", ["", "?a=1"])
def test_no_charset_of_a_form_changes_what_was_typed(ask, charset, query):
    text = TextFactory.create(letter__slug="peace")
    body = urlencode(form_data(text, name="Nguyễn", consent=None)).encode()

    kind = f"{PLAIN_FORM}; charset={charset}"
    status, page = ask(f"/letters/peace/sign/{query}", body, CONTENT_TYPE=kind)

    assert status == 422
    assert 'value="Nguyễn"' in page


@pytest.mark.parametrize("charset", [*CODECS_OF_NO_TEXT, *CODECS_OF_TEXT])
def test_no_charset_of_a_form_in_parts_changes_what_was_typed(ask, charset):
    TextFactory.create(letter__slug="peace")
    body = '--x\r\nContent-Disposition: form-data; name="name"\r\n\r\nNguyễn\r\n--x--\r\n'

    kind = f"multipart/form-data; boundary=x; charset={charset}"
    status, page = ask("/letters/peace/sign/", body.encode(), CONTENT_TYPE=kind)

    assert status == 422
    assert 'value="Nguyễn"' in page


@pytest.fixture
def peace(db) -> LetterText:
    return TextFactory.create(letter__slug="peace")


@pytest.mark.parametrize("debug", [True, False])
def test_what_is_posted_to_an_address_without_its_slash_is_not_lost(client, peace, settings, debug):
    settings.DEBUG = debug

    response = client.post("/letters/peace/sign?from=share", {"name": "Amal"})

    assert response.status_code == 308
    assert response["Location"] == "/letters/peace/sign/?from=share"


@pytest.mark.parametrize("address", ["/letters/peace", "//example.org/letters/peace"])
def test_a_reader_is_led_to_the_slash_on_this_site(client, peace, address):
    response = client.get(address)

    assert response.get("Location", "/letters/peace/") == "/letters/peace/"
