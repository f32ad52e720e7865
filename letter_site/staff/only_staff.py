"""Sessions, accounts and messages: for staff, under /admin/, and for nobody else.

Public pages use none of them, and each costs every visitor a little. They stand in MIDDLEWARE by
classes of their own, in which Django's system checks recognise what the admin needs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.messages.middleware import MessageMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django_otp.middleware import OTPMiddleware

ADMIN = "/admin/"
Handler = Callable[[HttpRequest], HttpResponse]

if TYPE_CHECKING:
    from django.utils.deprecation import MiddlewareMixin as Middleware
else:
    Middleware = object


def is_for_staff(request: HttpRequest) -> bool:
    """Whether the path belongs to the staff's pages; the cookies' path is the same."""
    return request.path_info.startswith(ADMIN)


def staff_cookies(get_response: Handler) -> Handler:
    """Let only the staff's pages see a cookie.

    Public pages need none, and a stray one could be answered with another: Django replaces a
    `csrftoken` that it cannot read.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        if not is_for_staff(request):
            request.META.pop("HTTP_COOKIE", None)
        return get_response(request)

    return middleware


class OnlyStaff(Middleware):
    """Steps aside for every path that is not the staff's."""

    def __call__(self, request: HttpRequest) -> Any:
        if is_for_staff(request):
            return super().__call__(request)
        return self.get_response(request)


class StaffSessions(OnlyStaff, SessionMiddleware):
    """Sessions, for staff only."""


class StaffAccounts(OnlyStaff, AuthenticationMiddleware):
    """request.user, for staff only."""


class StaffSecondFactor(OnlyStaff, OTPMiddleware):  # type: ignore[misc]
    """request.user.otp_device, for staff only."""


class StaffMessages(OnlyStaff, MessageMiddleware):
    """Messages, for staff only."""
