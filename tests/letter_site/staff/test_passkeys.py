"""A passkey opens the admin, answers to this site only, and nothing weaker stays beside it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django.core.management import call_command
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp_webauthn.models import WebAuthnCredential
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from letter_site.staff import passkeys
from tests.factories import SignatureFactory

from .authenticator import ORIGIN, SecurityKey, answer_to, question_on, read
from .door import (
    CODE,
    INDEX,
    LOGIN,
    PASSWORD,
    SET_UP,
    been_here,
    code_of,
    codes_on,
    give_code,
    give_password,
    logged,
    with_phone,
)

PASSKEYS = "/admin/passkeys/"
REFUSED = "That passkey was not accepted."
LIST = "/admin/signatures/signature/?state__exact=accepted"


@pytest.fixture(autouse=True)
def passkeys_are_bound_to_this_site(settings):
    settings.OTP_WEBAUTHN_RP_ID = "testserver"
    settings.OTP_WEBAUTHN_ALLOWED_ORIGINS = [ORIGIN]


@pytest.fixture
def key() -> SecurityKey:
    return SecurityKey()


def post(client: Client, address: str, **fields: object):
    return client.post(address, fields, secure=True)


def password_given() -> Client:
    client = Client()
    give_password(client, secure=True)
    return client


def set_up(key: SecurityKey) -> tuple[Client, list[str]]:
    """Jane's first login, with `key`; her browser, and the recovery codes."""
    client = password_given()
    answer = answer_to(key, read(client, SET_UP))
    return client, codes_on(post(client, SET_UP, passkey=answer).content.decode())


def log_in(key: SecurityKey):
    """A later login with `key`: the browser and what the second step answered."""
    client = password_given()
    return client, post(client, CODE, passkey=answer_to(key, read(client, CODE)))


class TestSettingUp:
    def test_the_first_passkey_lets_in_and_brings_recovery_codes(self, jane, key):
        client, codes = set_up(key)

        assert len(codes) == 10
        assert client.get(INDEX, secure=True).status_code == 200
        assert logged() == ["passkey added", "recovery codes renewed", "logged in"]

    def test_the_options_name_the_site_and_not_the_person(self, jane):
        kind, options = question_on(read(password_given(), SET_UP))

        assert kind == "create"
        assert options["rp"] == {"id": "testserver", "name": "testserver"}
        assert options["user"]["name"] == "jane"
        assert len(options["challenge"]) >= 43

    def test_the_slower_of_two_browsers_is_refused(self, jane, key):
        slower = password_given()
        answer = answer_to(SecurityKey(), read(slower, SET_UP))
        set_up(key)

        response = post(slower, SET_UP, passkey=answer)

        assert response.url == CODE
        assert WebAuthnCredential.objects.count() == 1

    def test_an_answer_made_for_another_address_is_refused(self, jane):
        false_site = SecurityKey(origin="https://testserver.example")
        client = password_given()

        response = post(client, SET_UP, passkey=answer_to(false_site, read(client, SET_UP)))

        assert REFUSED in response.content.decode()
        assert not WebAuthnCredential.objects.exists()

    def test_without_tls_only_a_phone_is_offered(self, client, jane):
        give_password(client)

        page = client.get(SET_UP).content.decode()

        assert "data-passkey" not in page
        assert 'class="secret"' in page


class TestLoggingIn:
    def test_a_passkey_opens_the_admin(self, jane, key):
        set_up(key)

        client, response = log_in(key)

        assert response.url == INDEX
        assert client.get(INDEX, secure=True).status_code == 200

    def test_the_passkey_of_somebody_else_does_not(self, jane, key):
        set_up(key)

        _client, response = log_in(SecurityKey())

        assert REFUSED in response.content.decode()
        assert logged()[-1] == "second factor failed"

    def test_an_answer_counts_once(self, jane, key):
        set_up(key)
        first, second = password_given(), password_given()
        answer = answer_to(key, read(first, CODE))
        post(first, CODE, passkey=answer)
        read(second, CODE)

        response = post(second, CODE, passkey=answer)

        assert REFUSED in response.content.decode()

    def test_an_answer_to_no_question_is_refused(self, jane, key):
        set_up(key)
        client = password_given()
        answer = answer_to(key, read(client, CODE))
        post(client, CODE, passkey="{}")

        response = post(client, CODE, passkey=answer)

        assert REFUSED in response.content.decode()

    def test_a_copy_of_a_key_is_noticed(self, jane, key):
        set_up(key)
        log_in(key)
        key.count -= 1

        _client, response = log_in(key)

        assert REFUSED in response.content.decode()

    def test_a_recovery_code_opens_where_the_device_is_lost(self, jane, key):
        _browser, codes = set_up(key)
        client = password_given()

        response = post(client, CODE, code=codes[0])

        assert response.url == INDEX

    def test_at_another_address_the_page_asks_for_a_recovery_code(self, client, jane, key):
        _browser, codes = set_up(key)
        give_password(client)

        page = client.get(CODE).content.decode()

        assert "data-passkey" not in page
        assert "Passkeys work at the site's own address only." in page
        assert give_code(client, codes[0]).url == INDEX

    def test_the_fifth_wrong_answer_asks_for_the_password_again(self, jane, key):
        set_up(key)
        client = password_given()

        answers = [post(client, CODE, passkey="{}") for _attempt in range(5)]

        assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 302]
        assert answers[-1].url == LOGIN

    def test_saying_nothing_is_refused_and_delays_no_recovery_code(self, jane, key):
        _browser, codes = set_up(key)
        client = password_given()

        response = post(client, CODE, code="")

        assert "That recovery code was not accepted." in response.content.decode()
        assert post(client, CODE, code=codes[0]).url == INDEX


EACH_TIME_ANEW = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
FIELDS = st.sampled_from(["clientDataJSON", "authenticatorData", "signature"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "id": JSON,
        "rawId": JSON,
        "type": st.just("public-key") | JSON,
        "clientExtensionResults": JSON,
        "response": JSON
        | st.dictionaries(
            st.sampled_from(
                ["clientDataJSON", "attestationObject", "authenticatorData", "signature"]
            ),
            st.text(alphabet="AZaz09-_=", max_size=40) | JSON,
        ),
    },
)


def a_request() -> HttpRequest:
    request = RequestFactory().get("/", secure=True)
    request.session = SessionStore()
    return request


def options_of(question: passkeys.Question | None) -> dict[str, Any]:
    assert question is not None
    return dict(json.loads(question.options))


class TestMalformedAnswers:
    def test_one_that_nests_without_end_is_refused_and_used_up(self, jane):
        client = password_given()
        right = answer_to(SecurityKey(), read(client, SET_UP))

        response = post(client, SET_UP, passkey="[" * 15_000)

        assert REFUSED in response.content.decode()
        assert REFUSED in post(client, SET_UP, passkey=right).content.decode()

    @EACH_TIME_ANEW
    @given(answer=ANSWERS.map(json.dumps) | JSON.map(json.dumps) | st.text(max_size=30))
    def test_none_of_them_is_kept(self, jane, answer):
        request = a_request()
        passkeys.invitation(request, jane)

        assert passkeys.add(request=request, user=jane, answer=answer) is None

    @EACH_TIME_ANEW
    @given(change=st.dictionaries(FIELDS, JSON, min_size=1), kept=st.booleans())
    def test_a_changed_answer_opens_nothing(self, jane, change, kept):
        key, request = SecurityKey(), a_request()
        made = key.create(options_of(passkeys.invitation(request, jane)))
        assert passkeys.add(request=request, user=jane, answer=made)
        answer = json.loads(key.get(options_of(passkeys.question(request, jane))))
        response = {**answer["response"], **change} if kept else change

        answer = json.dumps({**answer, "response": response})

        assert passkeys.verify(request=request, user=jane, answer=answer) is None


class TestThePageOfPasskeys:
    def test_adding_one_ends_the_codes_of_the_phone(self, jane, key):
        phone, _codes = with_phone(jane)
        client = password_given()
        post(client, CODE, code=code_of(phone))

        response = post(
            client, PASSKEYS, name="blue key", passkey=answer_to(key, read(client, PASSKEYS))
        )

        assert response.url == PASSKEYS
        assert "blue key" in read(client, PASSKEYS)
        assert not TOTPDevice.objects.exists()

    def test_the_last_one_cannot_be_removed(self, jane, key):
        client, _codes = set_up(key)
        [only] = WebAuthnCredential.objects.all()

        post(client, PASSKEYS, remove=only.credential_id_sha256)

        assert "It is the only one" in read(client, PASSKEYS)
        assert WebAuthnCredential.objects.count() == 1

    def test_one_of_two_can(self, jane, key):
        client, _codes = set_up(key)
        first = WebAuthnCredential.objects.get()
        post(client, PASSKEYS, passkey=answer_to(SecurityKey(), read(client, PASSKEYS)))
        elsewhere, _response = log_in(key)

        post(client, PASSKEYS, remove=first.credential_id_sha256)

        assert not WebAuthnCredential.objects.filter(pk=first.pk).exists()
        assert "opens your account no longer" in read(client, PASSKEYS)
        assert elsewhere.get(INDEX, secure=True).status_code == 302
        assert REFUSED in log_in(key)[1].content.decode()
        assert logged().count("passkey removed") == 1

    def test_nobody_removes_that_of_another(self, jane, key):
        set_up(key)
        [of_jane] = WebAuthnCredential.objects.all()
        User.objects.create_superuser("joe", password=PASSWORD)
        client = Client()
        give_password(client, "joe", secure=True)
        post(client, SET_UP, passkey=answer_to(SecurityKey(), read(client, SET_UP)))
        post(client, PASSKEYS, passkey=answer_to(SecurityKey(), read(client, PASSKEYS)))

        post(client, PASSKEYS, remove=of_jane.credential_id_sha256)

        assert "not there any more" in read(client, PASSKEYS)
        assert WebAuthnCredential.objects.filter(user=jane).exists()

    @pytest.mark.parametrize("chosen", ["9" * 5000, "", "x\0"])
    def test_one_that_cannot_be_is_not_removed(self, jane, key, chosen):
        client, _codes = set_up(key)

        response = post(client, PASSKEYS, remove=chosen)

        assert response.url == PASSKEYS
        assert WebAuthnCredential.objects.count() == 1

    def test_the_same_device_is_not_kept_twice(self, jane, key):
        client, _codes = set_up(key)

        response = post(client, PASSKEYS, passkey=answer_to(key, read(client, PASSKEYS)))

        assert REFUSED in response.content.decode()
        assert WebAuthnCredential.objects.count() == 1

    def test_it_asks_who_is_there_after_ten_minutes(self, jane, key):
        client, _codes = set_up(key)
        been_here(client, minutes=11)

        page = read(client, PASSKEYS)

        assert "Confirm that it is you" in page
        assert question_on(page)[0] == "get"

    def test_a_lost_device_is_forgotten_with_the_rest(self, jane, key):
        set_up(key)

        call_command("reset_second_factor", "jane")

        assert not WebAuthnCredential.objects.exists()
        assert password_given().get(CODE, secure=True)["Location"] == SET_UP


class TestBeforeAnExport:
    @pytest.fixture
    def export(self, db) -> dict[str, object]:
        chosen = [str(SignatureFactory.create().pk)]
        return {"action": "export_csv", "index": "0", "_selected_action": chosen}

    @pytest.fixture
    def inside(self, jane, key) -> Client:
        client, _codes = set_up(key)
        been_here(client, minutes=11)
        return client

    def test_password_and_passkey_let_it_go_on(self, inside, key, export):
        page = post(inside, LIST, **export).content.decode()
        shown = {"identity-password": PASSWORD, "identity-passkey": answer_to(key, page)}

        response = post(inside, LIST, **export, **shown)

        assert response["Content-Type"].startswith("text/csv")

    @pytest.mark.parametrize("wrong", ["identity-password", "identity-passkey"])
    def test_one_of_them_is_not_enough(self, inside, key, export, wrong):
        page = post(inside, LIST, **export).content.decode()
        shown = {"identity-password": PASSWORD, "identity-passkey": answer_to(key, page)}

        response = post(inside, LIST, **export, **(shown | {wrong: "{}"}))

        assert "That was not accepted." in response.content.decode()
