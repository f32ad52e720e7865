"""With the second factor on, a password alone opens nothing."""

from __future__ import annotations

import re
from urllib.parse import unquote
from uuid import UUID

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from letter_site.staff import second_factor

from .door import (
    CODE,
    INDEX,
    LOGIN,
    LOGOUT,
    PASSWORD,
    SET_UP,
    been_here,
    code_of,
    codes_on,
    give_code,
    give_password,
    key_on,
    with_phone,
    wrong_code,
)

RENEW = "/admin/recovery-codes/"
DOORS = {LOGIN, CODE, SET_UP}
SAMPLES = {"int": "1", "uuid": str(UUID(int=1)), "path": "1", "str": "1", "slug": "1"}


def admin_addresses() -> list[str]:
    """One address for each pattern under /admin/, from the resolver itself."""
    [admin] = [p for p in get_resolver().url_patterns if str(p.pattern) == "admin/"]
    return sorted(set(addresses_under(admin, "/")))


def addresses_under(node: URLPattern | URLResolver, above: str):
    here = above + sample(str(node.pattern))
    if isinstance(node, URLPattern):
        yield here
    else:
        for child in node.url_patterns:
            yield from addresses_under(child, here)


def sample(pattern: str) -> str:
    """An address that `pattern` matches: `<int:id>/` gives `1/`, `(?P<a>x|y)` gives `x`."""
    named = re.sub(r"<(\w+):\w+>", lambda found: SAMPLES[found[1]], pattern)
    chosen = re.sub(r"\(\?P<\w+>(\w+)[^)]*\)", r"\1", named)
    return re.sub(r"\(\?P<\w+>\.\*\)", "anything", chosen).strip("^$")


def enrolled_page(client: Client) -> str:
    key = key_on(client.get(SET_UP).content.decode())
    return client.post(SET_UP, {"code": code_of(key)}).content.decode()


class TestWithoutTheSecondFactor:
    @pytest.mark.parametrize("who", ["nobody", "password given", "session of before"])
    def test_no_page_of_the_admin_opens(self, client, jane, who):
        if who == "password given":
            give_password(client)
        elif who == "session of before":
            client.force_login(jane)
        addresses = [address for address in admin_addresses() if address not in DOORS]

        answers = [client.get(a) for a in addresses] + [client.post(a) for a in addresses]

        assert len(addresses) > 40
        assert {answer.status_code for answer in answers} == {302}
        assert {unquote(a.url).split("?")[0] for a in answers} <= {LOGIN, INDEX}

    def test_the_same_pages_open_with_it(self, client, jane):
        give_password(client)
        enrolled_page(client)

        statuses = {client.get(a).status_code for a in ("/admin/", "/admin/auth/user/")}

        assert statuses == {200}

    def test_the_next_step_asks_for_the_password_first(self, client, jane):
        answers = [client.get(CODE), client.post(CODE), client.get(SET_UP), client.post(SET_UP)]

        assert [answer.url for answer in answers] == [LOGIN] * 4

    def test_a_phone_cannot_be_set_up_in_place_of_another(self, client, jane):
        with_phone(jane)
        give_password(client)

        answers = [client.get(SET_UP), client.post(SET_UP, {"code": "123456"})]

        assert [answer.url for answer in answers] == [CODE, CODE]
        assert TOTPDevice.objects.count() == 1

    def test_in_development_the_password_is_enough(self, client, jane, settings):
        settings.STAFF_SECOND_FACTOR = False

        response = give_password(client)

        assert response.url == INDEX
        assert client.get(INDEX).status_code == 200

    def test_what_was_opened_in_development_is_shut_in_production(self, client, jane, settings):
        settings.STAFF_SECOND_FACTOR = False
        give_password(client)

        settings.STAFF_SECOND_FACTOR = True

        assert client.get(INDEX).status_code == 302

    @pytest.mark.parametrize("secret", ["totpdevice", "phone", "staticdevice", "webauthn"])
    def test_nobody_reads_secrets_in_the_admin(self, client, jane, secret):
        give_password(client)
        enrolled_page(client)

        assert not [address for address in admin_addresses() if secret in address]


class TestSettingItUp:
    def test_the_first_login_leads_there(self, client, jane):
        give_password(client)

        assert client.get(CODE).url == SET_UP

    def test_the_secret_is_a_picture_and_text(self, client, jane):
        give_password(client)

        page = client.get(SET_UP).content.decode()

        assert 'src="data:image/svg+xml' in page
        assert len(key_on(page)) == 40

    def test_the_secret_stays_the_same_while_one_tries(self, client, jane):
        give_password(client)
        first = key_on(client.get(SET_UP).content.decode())

        again = client.post(SET_UP, {"code": wrong_code(first)})

        assert key_on(again.content.decode()) == first
        assert not TOTPDevice.objects.exists()

    def test_two_browsers_never_see_the_same_secret(self, client, jane):
        other = Client()
        give_password(client)
        give_password(other)

        pages = [browser.get(SET_UP).content.decode() for browser in (client, other)]

        assert key_on(pages[0]) != key_on(pages[1])

    def test_the_slower_of_two_browsers_is_refused(self, client, jane):
        other = Client()
        give_password(client)
        give_password(other)
        code = code_of(key_on(other.get(SET_UP).content.decode()))
        seed = other.session["enrolment_seed"]
        enrolled_page(client)

        enrolled = second_factor.enrol(user=jane, seed=seed, code=code)

        assert enrolled is None
        assert TOTPDevice.objects.count() == 1

    def test_ten_recovery_codes_are_shown_once_and_kept_as_digests(self, client, jane):
        give_password(client)

        codes = codes_on(enrolled_page(client))

        kept = set(StaticToken.objects.values_list("token", flat=True))
        assert (len(set(codes)), len(kept)) == (10, 10)
        assert kept.isdisjoint(codes)
        assert kept == {second_factor.stored(jane, code) for code in codes}

    def test_the_page_is_never_stored(self, client, jane):
        give_password(client)
        key = key_on(client.get(SET_UP).content.decode())

        response = client.post(SET_UP, {"code": code_of(key)})

        assert "no-store" in response["Cache-Control"]

    def test_the_code_of_setting_up_opens_nothing_else(self, client, jane):
        give_password(client)
        key = key_on(client.get(SET_UP).content.decode())
        code = code_of(key)
        client.post(SET_UP, {"code": code})
        client.post(LOGOUT)
        give_password(client)

        response = give_code(client, code)

        assert "was not accepted" in response.content.decode()


class TestTheCode:
    @pytest.fixture
    def phone(self, client, jane) -> tuple[str, list[str]]:
        phone = with_phone(jane)
        give_password(client)
        return phone

    def test_the_one_on_the_phone_opens(self, client, phone):
        response = give_code(client, code_of(phone[0]))

        assert response.url == INDEX
        assert client.get(INDEX).status_code == 200

    def test_it_leads_where_one_wanted_to_go(self, client, jane):
        key, _codes = with_phone(jane)
        wanted = "/admin/letters/letter/?is_published__exact=1"
        client.post(LOGIN, {"username": "jane", "password": PASSWORD, "next": wanted})

        assert give_code(client, code_of(key)).url == wanted

    def test_it_never_leads_elsewhere(self, client, jane):
        key, _codes = with_phone(jane)
        elsewhere = "https://elsewhere.example/"
        client.post(LOGIN, {"username": "jane", "password": PASSWORD, "next": elsewhere})

        assert give_code(client, code_of(key)).url == INDEX

    def test_a_space_in_the_middle_does_not_matter(self, client, phone):
        code = code_of(phone[0])

        assert give_code(client, f"{code[:3]} {code[3:]}").url == INDEX

    def test_it_works_once(self, client, phone):
        code = code_of(phone[0])
        give_code(client, code)
        other = Client()
        give_password(other)

        assert give_code(other, code).status_code == 200

    @pytest.mark.parametrize("code", ["", "12345", "1234567", "nonsense", "١٢٣", "000 000 0", "-1"])
    def test_nonsense_is_refused_calmly(self, client, phone, code):
        response = give_code(client, code)

        assert response.status_code == 200
        assert client.get(INDEX).status_code == 302

    def test_after_a_wrong_one_even_the_right_one_has_to_wait(self, client, phone):
        give_code(client, wrong_code(phone[0]))

        response = give_code(client, code_of(phone[0]))

        assert "was not accepted" in response.content.decode()

    def test_after_five_wrong_ones_the_password_is_asked_again(self, client, phone):
        answers = [give_code(client, wrong_code(phone[0])) for _number in range(5)]

        assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 302]
        assert answers[-1].url == client.get(CODE).url == LOGIN

    def test_what_was_typed_is_not_shown_again(self, client, phone):
        response = give_code(client, "abcdef")

        assert "abcdef" not in response.content.decode()

    def test_it_waits_ten_minutes_for_it(self, client, phone, later):
        later(minutes=11)

        assert give_code(client, code_of(phone[0])).url == LOGIN

    @pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}])
    def test_an_account_that_was_closed_meanwhile_stays_out(self, client, phone, change):
        User.objects.update(**change)

        assert give_code(client, code_of(phone[0])).url == LOGIN

    def test_a_password_that_was_changed_meanwhile_has_to_be_given(self, client, phone, jane):
        jane.set_password("another long passphrase")
        jane.save()

        assert give_code(client, code_of(phone[0])).url == LOGIN

    def test_another_persons_code_is_refused(self, client, phone):
        john = User.objects.create_superuser("john", password=PASSWORD)
        _key, codes = with_phone(john)

        assert give_code(client, codes[0]).status_code == 200
        assert client.get(INDEX).status_code == 302


class TestARecoveryCode:
    @pytest.mark.parametrize("spelled", [str, str.upper, lambda code: code.replace("-", " ")])
    def test_it_opens_in_place_of_the_phone(self, client, jane, spelled):
        _key, codes = with_phone(jane)
        give_password(client)

        assert give_code(client, spelled(codes[3])).url == INDEX
        assert client.get(INDEX).status_code == 200

    def test_it_works_once(self, client, jane):
        _key, codes = with_phone(jane)
        give_password(client)
        give_code(client, codes[3])
        other = Client()
        give_password(other)

        assert give_code(other, codes[3]).status_code == 200
        assert StaticToken.objects.count() == 9

    def test_new_ones_replace_the_old_without_ending_the_session(self, client, jane):
        _key, codes = with_phone(jane)
        give_password(client)
        give_code(client, codes[0])
        been_here(client, minutes=11)
        own = {"identity-password": PASSWORD, "identity-code": codes[1]}

        told = client.get(RENEW).content.decode()
        asked = client.post(RENEW)
        new = codes_on(client.post(RENEW, own).content.decode())

        assert "9 recovery codes left" in told
        assert "Confirm that it is you" in asked.content.decode()
        assert len(set(new) - set(codes)) == 10
        assert set(StaticToken.objects.values_list("token", flat=True)) == {
            second_factor.stored(jane, code) for code in new
        }
        assert client.get(INDEX).status_code == 200

    def test_there_are_none_without_a_phone(self, client, jane, settings):
        settings.STAFF_SECOND_FACTOR = False
        client.force_login(jane)

        assert client.post(RENEW).url == INDEX
        assert not StaticToken.objects.exists()
