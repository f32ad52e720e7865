"""Sessions, accounts and messages: for staff, under /admin/, and for nobody else.

Public pages use none of them, and each would cost every visitor a little: for them all of it is one
step. They see no cookie either. They need none, and a stray one could be answered with another.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django_otp.middleware import OTPMiddleware

from .sessions import session_limits

ADMIN = "/admin/"
Handler = Callable[[HttpRequest], HttpResponse]

STEPS = (
    SessionMiddleware,
    session_limits,
    AuthenticationMiddleware,
    OTPMiddleware,
    MessageMiddleware,
)


def is_for_staff(request: HttpRequest) -> bool:
    """Whether the path belongs to the staff's pages; the cookies' path is the same."""
    return request.path_info.startswith(ADMIN)


class OnlyStaff(SessionMiddleware, AuthenticationMiddleware, MessageMiddleware):
    """Leads a request for staff through STEPS and every other one past them.

    It is a kind of three of them only for Django's system checks, which look for what the admin
    needs.
    """

    async_capable = False  # not all of STEPS are

    def __init__(self, get_response: Handler) -> None:
        super().__init__(get_response)
        self.public = self.staff = get_response
        for step in reversed(STEPS):
            self.staff = cast(Handler, step(self.staff))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_for_staff(request):
            return self.staff(request)
        request.META.pop("HTTP_COOKIE", None)
        return self.public(request)
