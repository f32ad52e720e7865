"""Five guesses an hour, and no stranger can use up those of an organiser."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.auth.models import User
from django.core.management import call_command
from django.db import connection
from django.test import Client

from .door import CODE, PASSWORD, code_of, give_code, give_password, with_phone

WRONG = "wrong horse battery"


@pytest.fixture
def checked(monkeypatch) -> list[str]:
    """The passwords that reach the checker."""
    seen = []
    check = User.check_password

    def check_password(user: User, raw: str) -> bool:
        seen.append(raw)
        return check(user, raw)

    monkeypatch.setattr(User, "check_password", check_password)
    return seen


def address(number: int) -> str:
    return f"10.0.{number // 250}.{number % 250 + 1}"


def use_up(client: Client, times: int = 5, username: str = "jane") -> None:
    """Wrong passwords, each from another address."""
    for number in range(times):
        give_password(client, username, WRONG, REMOTE_ADDR=address(number))


def guess_and_hang_up(number: int) -> None:
    try:
        give_password(Client(), password=WRONG, REMOTE_ADDR=address(number))
    finally:
        connection.close()


def page_without_token(response) -> str:
    token = str(response.context["csrf_token"])
    return response.content.decode().replace(token, "")


class TestGuessing:
    def test_five_of_a_thousand_passwords_from_a_thousand_addresses_are_checked(
        self, client, jane, checked
    ):
        for number in range(1_000):
            give_password(client, password=f"guess {number}", REMOTE_ADDR=address(number))

        assert checked == [f"guess {number}" for number in range(5)]

    def test_one_address_has_five_attempts_whatever_the_names(self, client, jane, checked):
        for number in range(5):
            give_password(client, f"name-{number}", WRONG)

        response = give_password(client)

        assert response.status_code == 200
        assert checked == []

    def test_a_client_that_invents_addresses_stays_one_sender(self, client, jane, checked):
        for number in range(6):
            give_password(client, f"n{number}", WRONG, HTTP_X_FORWARDED_FOR=address(number))

        give_password(client, HTTP_X_FORWARDED_FOR=address(7))

        assert checked == []

    def test_an_address_without_attempts_uses_up_no_names(self, client, jane):
        for _number in range(10):
            give_password(client, "somebody", WRONG)
        for _number in range(10):
            give_password(client, password=WRONG)

        response = give_password(client, REMOTE_ADDR="192.0.2.9")

        assert response.url == CODE

    @pytest.mark.parametrize("spelling", ["jane ", "ｊａｎｅ"])
    def test_another_spelling_of_a_name_is_no_way_round(self, client, jane, checked, spelling):
        use_up(client)

        give_password(client, spelling, REMOTE_ADDR="192.0.2.9")

        assert len(checked) == 5

    def test_the_right_password_is_not_looked_at_either(self, client, jane, checked):
        use_up(client)

        response = give_password(client, REMOTE_ADDR="192.0.2.9")

        assert response.status_code == 200
        assert PASSWORD not in checked

    def test_a_password_without_the_code_gives_no_attempt_back(self, client, jane, checked):
        with_phone(jane)
        for number in range(6):
            give_password(client, REMOTE_ADDR=address(number))

        assert len(checked) == 5

    def test_an_hour_later_there_are_five_more(self, client, jane, checked, later):
        use_up(client, times=10)

        later(minutes=61)
        use_up(client, times=10)

        assert len(checked) == 10

    def test_going_on_does_not_make_it_longer(self, client, jane, later):
        use_up(client, times=5)
        later(minutes=59)
        use_up(client, times=5)
        later(minutes=2)

        response = give_password(client, REMOTE_ADDR="192.0.2.9")

        assert response.url == CODE

    @pytest.mark.postgres
    @pytest.mark.django_db(transaction=True)
    def test_guesses_at_the_same_moment_are_counted_one_by_one(self, jane, checked):
        if connection.vendor != "postgresql":
            pytest.skip("this database lets one writer in at a time")

        with ThreadPoolExecutor(20) as guessers:
            list(guessers.map(guess_and_hang_up, range(60)))

        assert len(checked) == 5


class TestTheAnswer:
    def test_a_wrong_password_and_a_refusal_look_the_same(self, client, jane):
        wrong = give_password(client, password=WRONG)
        use_up(client)

        refused = give_password(client, REMOTE_ADDR="192.0.2.9")

        assert (wrong.status_code, refused.status_code) == (200, 200)
        assert page_without_token(wrong) == page_without_token(refused)

    @pytest.mark.parametrize("trait", ["unknown", "inactive", "no staff"])
    def test_nobody_learns_which_names_exist(self, client, jane, trait):
        if trait == "inactive":
            User.objects.create_user("other", password=PASSWORD, is_staff=True, is_active=False)
        elif trait == "no staff":
            User.objects.create_user("other", password=PASSWORD)

        known = give_password(client, "jane", WRONG)
        other = give_password(client, "other", PASSWORD)

        assert page_without_token(known).replace("jane", "other") == page_without_token(other)

    @pytest.mark.parametrize("username", ["jane", "nobody"])
    def test_a_name_costs_one_hashing_whether_known_or_not(
        self, client, jane, username, monkeypatch
    ):
        hashed = []
        encode = MD5PasswordHasher.encode

        def counted(hasher: MD5PasswordHasher, password: str, salt: str) -> str:
            hashed.append(password)
            return str(encode(hasher, password, salt))

        monkeypatch.setattr(MD5PasswordHasher, "encode", counted)

        give_password(client, username, WRONG)

        assert hashed == [WRONG]


class TestAKnownBrowser:
    def test_a_stranger_cannot_lock_it_out(self, client, jane):
        key, _codes = with_phone(jane)
        give_password(client)
        give_code(client, code_of(key))
        client.post("/admin/logout/")

        use_up(Client(), times=50)
        response = give_password(client)

        assert response.url == CODE

    def test_it_has_five_attempts_too(self, client, jane, checked):
        key, _codes = with_phone(jane)
        give_password(client)
        give_code(client, code_of(key))
        client.post("/admin/logout/")
        checked.clear()

        for number in range(10):
            give_password(client, password=f"guess {number}", REMOTE_ADDR=address(number))

        assert len(checked) == 5

    def test_it_is_known_for_its_own_name_only(self, client, jane, checked):
        User.objects.create_superuser("john", password="a long enough passphrase")
        key, _codes = with_phone(jane)
        give_password(client)
        give_code(client, code_of(key))
        client.post("/admin/logout/")
        use_up(Client(), username="john")
        checked.clear()

        give_password(client, "john", WRONG, REMOTE_ADDR="192.0.2.9")

        assert checked == []

    @pytest.mark.parametrize("cookie", ["", "x", "jane", "WyJhIiwiYiJd:1:forged"])
    def test_a_forged_cookie_makes_nobody_known(self, client, jane, checked, settings, cookie):
        use_up(client)
        client.cookies[settings.STAFF_BROWSER_COOKIE] = cookie

        give_password(client, REMOTE_ADDR="192.0.2.9")

        assert len(checked) == 5


class TestWhatIsKept:
    def test_no_name_address_or_browser(self, client, jane, settings):
        give_password(client, password=WRONG, REMOTE_ADDR="192.0.2.9", HTTP_USER_AGENT="Browser/1")

        kept = str(list(AccessAttempt.objects.values()))

        assert AccessAttempt.objects.count() == 2
        assert not [word for word in ("jane", "192.0.2.9", "Browser", WRONG) if word in kept]

    def test_nothing_after_the_hour(self, client, jane, later):
        use_up(client)

        later(minutes=61)
        give_password(client, "somebody", WRONG)

        assert AccessAttempt.objects.count() == 2

    def test_nothing_more_of_those_who_are_refused(self, client, jane):
        use_up(client, times=5)
        before = AccessAttempt.objects.count()

        use_up(client, times=50)

        assert AccessAttempt.objects.count() == before

    def test_nothing_of_who_came_in(self, client, jane):
        key, _codes = with_phone(jane)
        give_password(client)

        give_code(client, code_of(key))

        assert not AccessAttempt.objects.exists()

    def test_the_log_has_the_event_and_no_name(self, client, jane, caplog):
        with caplog.at_level(logging.INFO):
            use_up(client, times=6)

        messages = [r.getMessage() for r in caplog.records if r.name.startswith("letter_site")]
        assert messages == ["login failed"] * 5 + ["login refused, too many attempts"]


class TestUnlocking:
    @pytest.mark.parametrize("command", [("axes_reset_username", "jane"), ("axes_reset",)])
    def test_whoever_holds_the_server_can(self, client, jane, command, capsys):
        use_up(client)

        call_command(*command)

        assert give_password(client, REMOTE_ADDR="192.0.2.9").url == CODE

    def test_another_name_stays_locked(self, client, jane, checked):
        use_up(client)

        call_command("axes_reset_username", "john", verbosity=0)
        give_password(client, REMOTE_ADDR="192.0.2.9")

        assert len(checked) == 5
