"""A member of staff at the door, with a password and a phone."""

from __future__ import annotations

import re
from base64 import b32decode
from typing import Any

from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase
from django.test import Client
from django.utils import timezone
from django_otp.oath import TOTP

from letter_site.staff import second_factor
from letter_site.staff.models import Phone, new_seed, secret_of
from signatures.models import AuditEntry

PASSWORD = "seven quiet herons at dawn"
INDEX = "/admin/"
LOGIN = "/admin/login/"
CODE = "/admin/login/code/"
SET_UP = "/admin/login/set-up/"
LOGOUT = "/admin/logout/"


def organiser(username: str = "jane") -> User:
    return User.objects.create_superuser(username, password=PASSWORD)


def code_of(key: str, steps_ahead: int = 0) -> str:
    """What a phone with `key` shows, now or that many times 30 seconds later."""
    return f"{TOTP(bytes.fromhex(key), drift=steps_ahead).token():06d}"


def wrong_code(key: str) -> str:
    """Six digits that the phone does not show about now."""
    shown = {code_of(key, steps) for steps in range(-3, 4)}
    return next(code for digit in range(10) if (code := str(digit) * 6) not in shown)


def with_phone(user: User) -> tuple[str, list[str]]:
    """Set up a second factor yesterday; the key in the phone, and the recovery codes."""
    seed = new_seed()
    key = secret_of(seed).hex()
    enrolled = second_factor.enrol(user=user, seed=seed, code=code_of(key))
    assert enrolled is not None
    Phone.objects.filter(user=user).update(last_t=0)
    return key, enrolled[1]


def give_password(client: Client, username: str = "jane", password: str = PASSWORD, **more: Any):
    return client.post(LOGIN, {"username": username, "password": password}, **more)


def give_code(client: Client, code: str):
    return client.post(CODE, {"code": code})


def key_on(page: str) -> str:
    """The secret on the set-up page."""
    found = re.search(r'class="secret">([A-Z2-7 ]+)<', page)
    assert found is not None
    return key_in(found[1])


def key_in(secret: str) -> str:
    """The key that a phone makes of `secret` when somebody types it."""
    return b32decode(secret.replace(" ", "")).hex()


def codes_on(page: str) -> list[str]:
    return re.findall(r"<code>([a-z2-7-]{27})</code>", page)


def logged() -> list[str]:
    """The words of the audit log, oldest first."""
    return list(AuditEntry.objects.order_by("id").values_list("action", flat=True))


def been_here(client: Client, minutes: float) -> None:
    """Let the session have begun that long ago."""
    age_session(client.session, minutes)


def age_session(session: SessionBase, minutes: float) -> None:
    """Let a session have begun that long ago."""
    session["started_at"] = timezone.now().timestamp() - minutes * 60
    session.save()
