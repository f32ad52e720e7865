"""A session ends, by itself and when asked to, and its key is never one that was known before."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.test import Client

from tests.factories import TextFactory

from .door import CODE, INDEX, LOGIN, LOGOUT, code_of, give_code, give_password, with_phone


def cookie_of(client: Client, settings):
    return client.cookies[settings.SESSION_COOKIE_NAME]


@pytest.fixture
def inside(client, jane) -> Client:
    key, _codes = with_phone(jane)
    give_password(client)
    give_code(client, code_of(key))
    return client


class TestTheEnd:
    def test_it_comes_after_half_an_hour_of_nothing(self, inside, later):
        later(minutes=31)

        assert inside.get(INDEX).status_code == 302

    def test_work_puts_it_off(self, inside, later):
        for _time in range(4):
            later(minutes=25)
            assert inside.get(INDEX).status_code == 200

    def test_it_comes_after_eight_hours_however_busy(self, inside, later):
        for _time in range(19):
            later(minutes=25)
            inside.get(INDEX)
        assert inside.get(INDEX).status_code == 200

        later(minutes=6)

        assert inside.get(INDEX).status_code == 302

    def test_a_session_that_nobody_dated_is_dated_at_first_sight(self, client, jane, later):
        client.force_login(jane)
        client.get(CODE)
        for _time in range(19):
            later(minutes=25)
            client.get(CODE)

        later(minutes=6)
        client.get(CODE)

        assert not get_user(client).is_authenticated

    def test_logging_out_leaves_nothing(self, inside, settings):
        key = cookie_of(inside, settings).value

        inside.post(LOGOUT)

        assert not Session.objects.filter(session_key=key).exists()
        assert cookie_of(inside, settings).value == ""
        assert inside.get(INDEX).status_code == 302

    def test_a_link_cannot_log_out(self, inside):
        assert inside.get(LOGOUT).status_code == 405
        assert inside.get(INDEX).status_code == 200


class TestTheKey:
    def test_each_step_brings_a_new_one(self, client, jane, settings):
        key, _codes = with_phone(jane)
        client.get(LOGIN)
        give_password(client)
        after_password = cookie_of(client, settings).value
        give_code(client, code_of(key))
        after_code = cookie_of(client, settings).value

        assert after_password != after_code
        assert [s.session_key for s in Session.objects.all()] == [after_code]

    def test_one_that_a_stranger_planted_is_not_taken(self, client, jane, settings):
        client.cookies[settings.SESSION_COOKIE_NAME] = "planted" * 4

        give_password(client)

        assert cookie_of(client, settings).value != "planted" * 4

    def test_between_the_steps_nobody_is_logged_in(self, client, jane):
        give_password(client)

        assert not get_user(client).is_authenticated


class TestTheCookie:
    def test_it_is_out_of_reach_of_scripts_other_sites_and_public_pages(self, inside, settings):
        cookies = [inside.cookies[name] for name in
                   (settings.SESSION_COOKIE_NAME, settings.STAFF_BROWSER_COOKIE)]  # fmt: skip

        assert [(c["path"], c["httponly"]) for c in cookies] == [("/admin/", True)] * 2
        assert [c["samesite"] for c in cookies] == ["Lax", "Strict"]

    def test_what_the_desk_says_once_is_in_no_cookie_of_every_page(self, inside):
        inside.post("/admin/auth/group/add/", {"name": "Helpers"})

        assert {cookie["path"] for cookie in inside.cookies.values()} == {"/admin/"}
        assert "Helpers" in inside.get("/admin/").content.decode()

    def test_it_goes_with_the_browser(self, inside, settings):
        assert cookie_of(inside, settings)["max-age"] == ""

    def test_it_is_secure_by_name_and_flag_on_an_https_site(self):
        assert settings_of("https://letter.example") == (
            "('__Secure-sessionid', '__Secure-csrftoken', '__Secure-browser', True, True)"
        )

    def test_public_pages_have_none(self, client, letter_page):
        response = client.get(letter_page)

        assert response.cookies == {}
        assert "Cookie" not in response.get("Vary", "")


@pytest.fixture
def letter_page(db) -> str:
    return f"/letters/{TextFactory.create().letter.slug}/"


def settings_of(site_url: str) -> str:
    """What a fresh start with `site_url` calls its cookies, and whether they are secure."""
    names = ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "STAFF_BROWSER_COOKIE"]
    names += ["SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE"]
    show = f"import letter_site.settings as s; print(({', '.join('s.' + n for n in names)}))"
    env = os.environ | {"SITE_URL": site_url}
    done = subprocess.run([sys.executable, "-c", show], env=env, capture_output=True, text=True)
    return done.stdout.strip()
