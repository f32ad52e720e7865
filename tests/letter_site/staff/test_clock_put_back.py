"""A clock that was a day ahead, and was put back, leaves no door open and none shut."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from letter_site.staff import second_factor
from letter_site.staff.lockout import attempt_take, is_used_up
from letter_site.staff.reauth import CONFIRMED
from letter_site.staff.sessions import is_within
from tests.factories import SignatureFactory

from .door import INDEX, code_of, give_code, give_password, with_phone, wrong_code

EXPORT = "/admin/signatures/signature/"


@pytest.mark.parametrize(
    ("seconds_ago", "within"),
    [(0, True), (600, True), (601, False), (-60, True), (-61, False), (-90_000, False)],
)
def test_what_was_noted_in_the_future_was_not_noted_lately(seconds_ago, within, monkeypatch):
    now = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: now)

    assert is_within(timedelta(minutes=10), now.timestamp() - seconds_ago) is within


def test_a_session_of_the_future_is_over(client, jane, later):
    key, _codes = with_phone(jane)
    later(hours=25)
    give_password(client)
    give_code(client, code_of(key))
    assert client.get(INDEX).status_code == 200

    later(hours=-25)

    assert client.get(INDEX).status_code == 302


def test_a_password_of_the_future_has_to_be_given_again(client, jane, later):
    key, _codes = with_phone(jane)
    later(hours=25)
    give_password(client)

    later(hours=-25)
    give_code(client, code_of(key))

    assert client.get(INDEX).status_code == 302


def test_an_identity_confirmed_in_the_future_is_asked_for(client, jane, later):
    key, _codes = with_phone(jane)
    give_password(client)
    give_code(client, code_of(key))
    session = client.session
    session[CONFIRMED] = timezone.now().timestamp() + 25 * 3600
    session.save()

    later(minutes=11)
    chosen = [str(SignatureFactory.create().pk)]
    response = client.post(EXPORT, {"action": "export_csv", "_selected_action": chosen})

    assert "Confirm that it is you" in response.content.decode()


def test_attempts_of_the_future_lock_nobody_out(db, later):
    later(hours=25)
    assert [attempt_take("key") for _time in range(6)] == [True] * 5 + [False]
    assert is_used_up("key")

    later(hours=-25)

    assert not is_used_up("key")
    assert attempt_take("key")


def test_a_wrong_code_of_the_future_makes_nobody_wait(jane, later):
    key, _codes = with_phone(jane)
    later(hours=25)
    assert second_factor.verify(user=jane, code=wrong_code(key)) is None

    later(hours=-25)

    assert second_factor.verify(user=jane, code=code_of(key))
