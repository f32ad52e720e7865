"""How many passwords anybody may try, counted before each is checked, without keeping who tried."""

from __future__ import annotations

import logging
import secrets
from datetime import datetime, timedelta
from typing import Any

from axes.handlers.base import AxesHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.core import signing
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

from signatures.ratelimit import client_address, network_of

logger = logging.getLogger(__name__)

BROWSER_SALT = "letter_site.staff.browser"
BROWSER_KNOWN_FOR = timedelta(days=90)
CLOCKS_DIFFER = timedelta(minutes=1)  # at most, between two machines


def keyed(kind: str, value: str) -> str:
    """What is stored in place of `value`: 64 hex digits that only the holder of PEPPER can make."""
    salt = f"letter_site.staff.{kind}"
    return salted_hmac(salt, value, secret=settings.PEPPER, algorithm="sha256").hexdigest()


def sender(request: HttpRequest) -> str:
    """The keyed digest of the network address that `request` comes from."""
    return keyed("address", network_of(client_address(request)))


class AttemptHandler(AxesHandler):  # type: ignore[misc]
    """Counts attempts for django-axes in its own table, exactly, and keeps digests only.

    The handlers that come with it check first and count afterwards, so parallel requests pass
    together; their tables hold addresses and user agents; and a count in local memory is one per
    process. Here an attempt is taken from a locked row before the password is looked at.
    """

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        """Take an attempt from each key; True when one of them has none left."""
        username = str((credentials or {}).get("username") or "")
        keys = keys_of(request, username)
        # A flood of refused attempts only reads.
        return any(map(is_used_up, keys)) or not all(map(attempt_take, keys))

    def user_login_failed(
        self, _sender: object, credentials: dict[str, Any], request: Any = None, **_kwargs: Any
    ) -> None:
        # The words of both are for the log only; the page that answers is one and the same.
        refused = getattr(request, "axes_locked_out", False)
        logger.warning("login refused, too many attempts" if refused else "login failed")

    def post_save_access_attempt(self, instance: AccessAttempt, **_kwargs: Any) -> None:
        """Nothing follows from a row; django-axes calls this for each."""

    post_delete_access_attempt = post_save_access_attempt

    def reset_attempts(
        self,
        *,
        ip_address: str | None = None,
        username: str | None = None,
        ip_or_username: bool = False,
    ) -> int:
        """Unlock `username`, or everybody: for `axes_reset_username NAME` and `axes_reset`."""
        rows = AccessAttempt.objects.all()
        if username:
            rows = rows.filter(username=keyed("account", username))
        return int(rows.delete()[0])


def keys_of(request: HttpRequest, username: str) -> list[str]:
    """Which counts an attempt goes on: the browser's own where it is known, else address and name.

    The address stands first: once it has no attempts left, it can use up nobody's name.
    """
    account = keyed("account", username)
    browser = known_browser(request, account)
    return [keyed("browser", browser)] if browser else [sender(request), account]


def is_used_up(key: str) -> bool:
    """Whether `key` has no attempt left in this hour."""
    counted = AccessAttempt.objects.filter(username=key, attempt_time__range=_this_hour())
    return bool(counted.filter(failures_since_start__gte=settings.AXES_FAILURE_LIMIT).exists())


def _this_hour() -> tuple[datetime, datetime]:
    """Which attempts count. Those of the future were made before the clock was put back."""
    now = timezone.now()
    return now - settings.AXES_COOLOFF_TIME, now + CLOCKS_DIFFER


@transaction.atomic
def attempt_take(key: str) -> bool:
    """Count one more attempt on `key`; False, uncounted, where the hour's attempts are used up."""
    AccessAttempt.objects.exclude(attempt_time__range=_this_hour()).delete()
    row, _new = AccessAttempt.objects.select_for_update().get_or_create(
        username=key, ip_address="::", user_agent="", defaults={"failures_since_start": 0}
    )
    if row.failures_since_start >= settings.AXES_FAILURE_LIMIT:
        return False
    row.failures_since_start += 1
    row.save(update_fields=["failures_since_start"])
    return True


def attempts_forget(request: HttpRequest, username: str) -> None:
    """Give back what was counted: whoever tried has shown who they are."""
    AccessAttempt.objects.filter(username__in=keys_of(request, username)).delete()


def known_browser(request: HttpRequest, account: str) -> str | None:
    """The random id of a browser in which `account` has logged in before, or None."""
    try:
        cookie = request.COOKIES.get(settings.STAFF_BROWSER_COOKIE, "")
        owner, browser = signing.loads(cookie, salt=BROWSER_SALT, max_age=BROWSER_KNOWN_FOR)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return str(browser) if constant_time_compare(owner, account) else None


def browser_remember(response: HttpResponse, username: str) -> None:
    """Let the browser that gets `response` be known: strangers cannot use up its attempts.

    The idea is OWASP's "device cookies". It opens nothing; it only counts apart.
    """
    value = signing.dumps([keyed("account", username), secrets.token_hex(16)], salt=BROWSER_SALT)
    response.set_cookie(
        settings.STAFF_BROWSER_COOKIE,
        value,
        max_age=BROWSER_KNOWN_FOR,
        path=settings.SESSION_COOKIE_PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
