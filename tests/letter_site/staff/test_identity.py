"""Before the list of signers leaves the house, the site asks once more who is there."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from letter_site.staff.reauth import recently_authenticated
from tests.factories import SignatureFactory

from .door import (
    PASSWORD,
    been_here,
    code_of,
    give_code,
    give_password,
    logged,
    with_phone,
    wrong_code,
)

LIST = "/admin/signatures/signature/?state__exact=accepted"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


@pytest.fixture
def phone(jane) -> tuple[str, list[str]]:
    return with_phone(jane)


@pytest.fixture
def inside(client, phone) -> Client:
    give_password(client)
    give_code(client, code_of(phone[0]))
    been_here(client, minutes=11)
    return client


@pytest.fixture
def export(db) -> dict[str, object]:
    chosen = [str(SignatureFactory.create().pk) for _number in range(3)]
    return {"action": "export_csv", "index": "0", "reason": 'a "b" <c>', "_selected_action": chosen}


def carried(response) -> dict[str, list[str]]:
    """The hidden fields of the page, as a browser would send them."""
    fields: dict[str, list[str]] = {}
    for name, value in HIDDEN.findall(response.content.decode()):
        fields.setdefault(unescape(name), []).append(unescape(value))
    return fields


def answer(client: Client, page, code: str, password: str = PASSWORD, address: str = LIST):
    own = {"identity-password": password, "identity-code": code}
    return client.post(address, carried(page) | own)


def is_csv(response) -> bool:
    return response["Content-Type"].startswith("text/csv")


class TestAnExport:
    def test_a_login_of_just_now_is_proof_enough(self, client, phone, export):
        give_password(client)
        give_code(client, code_of(phone[0]))

        assert is_csv(client.post(LIST, export))

    def test_it_asks_when_the_login_is_ten_minutes_old(self, inside, export):
        response = inside.post(LIST, export)

        assert not is_csv(response)
        assert "Confirm that it is you" in response.content.decode()

    def test_the_page_carries_what_was_asked_for(self, inside, export):
        fields = carried(inside.post(LIST, export))

        assert len(fields.pop("csrfmiddlewaretoken")) == 1
        assert fields.pop("identity-asked-by") == ["POST"]
        assert fields == {
            "action": ["export_csv"],
            "index": ["0"],
            "reason": ['a "b" <c>'],
            "_selected_action": export["_selected_action"],
        }

    def test_password_and_code_bring_it(self, inside, export, phone):
        page = inside.post(LIST, export)

        response = answer(inside, page, code_of(phone[0], 1))

        assert is_csv(response)
        assert len(b"".join(response).splitlines()) == 1 + 3

    def test_for_ten_minutes_it_does_not_ask_again(self, inside, export, phone, later):
        answer(inside, inside.post(LIST, export), phone[1][0])

        later(minutes=9)
        soon = inside.post(LIST, export)
        later(minutes=2)
        late = inside.post(LIST, export)

        assert (is_csv(soon), is_csv(late)) == (True, False)

    def test_a_wrong_password_is_asked_for_again(self, inside, export, phone):
        page = inside.post(LIST, export)

        again = answer(inside, page, code_of(phone[0], 1), password="not this one")
        response = answer(inside, again, code_of(phone[0], 1))

        assert "That was not accepted" in again.content.decode()
        assert is_csv(response)

    @pytest.mark.parametrize("password", ["", PASSWORD])
    def test_a_wrong_code_brings_nothing(self, inside, export, phone, password):
        page = inside.post(LIST, export)

        response = answer(inside, page, wrong_code(phone[0]), password)

        assert not is_csv(response)

    def test_wrong_passwords_are_counted(self, inside, export, phone):
        page = inside.post(LIST, export)
        for _number in range(5):
            page = answer(inside, page, code_of(phone[0], 1), password="not this one")

        response = answer(inside, page, code_of(phone[0], 1))

        assert not is_csv(response)

    def test_right_ones_are_not(self, inside, export, phone, later):
        for number in range(7):
            response = answer(inside, inside.post(LIST, export), phone[1][number])
            assert is_csv(response)
            later(minutes=11)

    def test_the_password_is_not_put_into_the_page(self, inside, export, phone):
        page = inside.post(LIST, export)

        again = answer(inside, page, wrong_code(phone[0]))

        assert PASSWORD not in again.content.decode()
        assert "no-store" in again["Cache-Control"]

    def test_the_session_gets_a_new_key(self, inside, export, phone, settings):
        before = inside.cookies[settings.SESSION_COOKIE_NAME].value

        answer(inside, inside.post(LIST, export), code_of(phone[0], 1))

        assert inside.cookies[settings.SESSION_COOKIE_NAME].value != before

    def test_both_outcomes_are_logged(self, inside, export, phone):
        page = inside.post(LIST, export)
        answer(inside, page, code_of(phone[0], 1), password="not this one")
        response = answer(inside, page, code_of(phone[0], 1))
        b"".join(response)

        assert logged()[-3:] == ["identity not confirmed", "identity confirmed", "exported"]

    def test_in_development_the_password_is_enough(self, client, jane, export, settings):
        settings.STAFF_SECOND_FACTOR = False
        client.force_login(jane)
        client.get("/admin/")
        been_here(client, minutes=11)
        page = client.post(LIST, export)

        response = answer(client, page, "")

        assert "identity-code" not in page.content.decode()
        assert is_csv(response)


class TestAPageThatIsOnlyLookedAt:
    """A view behind `recently_authenticated`, called as a site would."""

    @pytest.fixture
    def visit(self, jane, client, settings):
        settings.STAFF_SECOND_FACTOR = False
        client.force_login(jane)
        session = client.session
        view = recently_authenticated(lambda request: HttpResponse("the list"))

        def visit(method: str, **data: str):
            request = getattr(RequestFactory(), method)("/list/?page=2", data)
            request.user, request.session = jane, session
            response = view(request)
            return response.render() if hasattr(response, "render") else response

        return visit

    def test_it_is_asked_for_again_after_the_answer(self, visit):
        asked = visit("get")
        answered = visit("post", **{"identity-asked-by": "GET", "identity-password": PASSWORD})
        seen = visit("get")

        assert b"Confirm that it is you" in asked.content
        assert (answered.status_code, answered.url) == (302, "/list/?page=2")
        assert seen.content == b"the list"
