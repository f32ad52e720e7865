"""The database goes away while somebody signs: no false success, and nothing typed is lost."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from django.db import InterfaceError, OperationalError, ProgrammingError

from signatures.models import Signature
from signatures.views import signing
from tests.factories import TextFactory
from tests.signatures.posting import form_data

pytestmark = pytest.mark.django_db

HIDDEN = re.compile(r'<input type="hidden" name="([^"]*)" value="([^"]*)">')


@pytest.fixture
def text() -> Any:
    return TextFactory(letter__slug="un-2011")


@pytest.fixture(params=[OperationalError, InterfaceError])
def away(request: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(**_arguments: Any) -> None:
        raise request.param("terminating connection; DETAIL: Amal Haddad")

    monkeypatch.setattr(signing, "signature_sign", fail)


def post(client: Any, data: dict[str, Any]) -> Any:
    return client.post("/letters/un-2011/sign/", data)


@pytest.mark.usefixtures("away")
def test_it_says_so_and_when_to_come_back(client, text):
    response = post(client, form_data(text))

    assert response.status_code == 503
    assert response["Retry-After"] == "5"
    assert "no-store" in response["Cache-Control"]
    assert "We are not available just now" in response.content.decode()


@pytest.mark.usefixtures("away")
def test_what_was_typed_stands_on_the_page_and_is_escaped(client, text):
    response = post(client, form_data(text, name="O’Connor & Sons", residence="Kyiv <3"))

    page = response.content.decode()
    assert "<dd><bdi>O’Connor &amp; Sons</bdi></dd>" in page
    assert "<dd><bdi>Kyiv &lt;3</bdi></dd>" in page


def test_sending_it_again_from_that_page_signs(client, text, monkeypatch):
    def fail(**_arguments: Any) -> None:
        raise OperationalError

    with monkeypatch.context() as outage:
        outage.setattr(signing, "signature_sign", fail)
        page = post(client, form_data(text, occupation="a & b")).content.decode()

    response = post(client, {name: unescape(value) for name, value in HIDDEN.findall(page)})

    assert response.status_code == 303
    assert Signature.objects.get().occupation == "a & b"


@pytest.mark.usefixtures("away")
def test_only_fields_of_the_form_are_given_back(client, text):
    page = post(client, form_data(text, nonsense="canary")).content.decode()

    assert "canary" not in page


@pytest.mark.usefixtures("away")
def test_no_name_reaches_the_log(client, text, caplog):
    post(client, form_data(text))

    assert "the database is away" in caplog.text
    assert "Haddad" not in caplog.text


def test_a_fault_of_our_own_is_not_taken_for_an_absence(client, text, monkeypatch):
    def fail(**_arguments: Any) -> None:
        raise ProgrammingError

    monkeypatch.setattr(signing, "signature_sign", fail)

    with pytest.raises(ProgrammingError):
        post(client, form_data(text))
