"""The way in, step by step, and how long one stays: 30 minutes idle, 8 hours in all."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import django_otp
from django.conf import settings
from django.contrib.auth import SESSION_KEY, login
from django.contrib.auth.models import User
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django_otp.models import Device

from signatures.services.staff import StaffAction, staff_log

from .lockout import attempts_forget, browser_remember

Handler = Callable[[HttpRequest], HttpResponse]

BACKEND = "django.contrib.auth.backends.ModelBackend"
STARTED = "started_at"
PENDING = "second_factor_pending"
PENDING_FOR = timedelta(minutes=10)
CODES_PER_PASSWORD = 5
CLOCKS_DIFFER = 60  # seconds, at most, between two machines


def session_limits(get_response: Handler) -> Handler:
    """End a session that is older than STAFF_SESSION_HOURS, however busy it was.

    Idle ones end by SESSION_COOKIE_AGE. Requests without the cookie are left alone: touching
    their session would make every page vary by cookie.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        has_session = settings.SESSION_COOKIE_NAME in request.COOKIES
        if has_session and _is_over(request.session):
            request.session.flush()
        return get_response(request)

    return middleware


def _is_over(session: SessionBase) -> bool:
    if SESSION_KEY not in session:
        return False
    started = session.setdefault(STARTED, timezone.now().timestamp())
    return not is_within(timedelta(hours=settings.STAFF_SESSION_HOURS), started)


def is_within(span: timedelta, moment: float) -> bool:
    """Whether `moment` (seconds since the epoch) was not longer than `span` ago.

    One of the future was noted before the clock was put back, and would stay good for too long.
    """
    ago = timezone.now().timestamp() - moment
    return -CLOCKS_DIFFER <= ago <= span.total_seconds()


# Between password and second factor nobody is logged in: request.user stays anonymous.


def pending_start(request: HttpRequest, user: User, following: str) -> None:
    """Note in a new session that `user` has given the password and wants to go to `following`."""
    request.session.flush()
    request.session[PENDING] = {
        "user": user.pk,
        "hash": user.get_session_auth_hash(),
        "at": timezone.now().timestamp(),
        "next": following,
        "failed": 0,
    }


def pending_user(request: HttpRequest) -> User | None:
    """Who has given the password in the last ten minutes, and has not changed it since."""
    noted = request.session.get(PENDING)
    if not noted or not is_within(PENDING_FOR, noted["at"]):
        return None
    user = User.objects.filter(pk=noted["user"], is_active=True, is_staff=True).first()
    if user is None or not constant_time_compare(user.get_session_auth_hash(), noted["hash"]):
        return None
    return user


def pending_failed(request: HttpRequest) -> bool:
    """Count a wrong code. False after the fifth: the password has to be given again."""
    noted = request.session[PENDING]
    noted["failed"] += 1
    if noted["failed"] >= CODES_PER_PASSWORD:
        request.session.flush()
        return False
    request.session[PENDING] = noted
    return True


def pending_next(request: HttpRequest) -> str:
    """Where the one who gave the password wanted to go."""
    return str(request.session[PENDING]["next"])


# Logged in


def staff_enter(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """Log `user` in, in a new session, and have the browser that gets `response` known."""
    request.session.flush()
    attempts_forget(request, user.username)
    login(request, user, backend=BACKEND)
    request.session[STARTED] = timezone.now().timestamp()
    browser_remember(response, user.username)
    staff_log(actor=user, action=StaffAction.LOGGED_IN)


def staff_enter_verified(
    request: HttpRequest, response: HttpResponse, user: User, device: Device
) -> None:
    """The same, for who has shown the second factor `device` as well."""
    staff_enter(request, response, user)
    django_otp.login(request, device)
