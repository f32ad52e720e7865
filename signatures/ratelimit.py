"""How often one network address may sign, without keeping the address."""

from __future__ import annotations

import hmac
import ipaddress
import logging
import re
import secrets
import time
from enum import Enum
from typing import NamedTuple

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django_ratelimit.core import get_usage
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

SALT_SECONDS = 25 * 3600
REMEMBERED = 60  # seconds

_remembered: dict[str, tuple[float, bytes]] = {}
# Some proxies write the port too: 192.0.2.1:443 or [2001:db8::1]:443 (RFC 7239, section 6).
WITH_PORT = re.compile(r"(?:\[(?P<v6>[^\]]+)\]|(?P<v4>[\d.]+))(?::\d+)?")


class Verdict(Enum):
    """What to do with one more signature from an address; one that is UNKNOWN is held as well."""

    FREE = "free"
    HOLD = "hold"
    UNKNOWN = "unknown"
    REFUSE = "refuse"


class Usage(NamedTuple):
    """A verdict, and for a refusal after how many seconds to come back."""

    verdict: Verdict
    retry_after: int = 0


def client_address(request: HttpRequest) -> str:
    """The address that the outermost trusted proxy saw.

    Each of TRUSTED_PROXIES appends one entry to X-Forwarded-For (RFC 7239 tells the same of its
    successor), so the right one is counted from the right; whatever stands further left was
    written by the client and is not believed.
    """
    proxies = settings.TRUSTED_PROXIES
    direct = str(request.META.get("REMOTE_ADDR", ""))
    if not proxies:
        return direct
    header = str(request.META.get("HTTP_X_FORWARDED_FOR", ""))
    forwarded = [entry.strip() for entry in header.split(",")]
    return forwarded[-proxies] if len(forwarded) >= proxies and forwarded[-proxies] else direct


def network_of(address: str) -> str:
    """What counts as one sender: an IPv4 address, or the /64 that one IPv6 customer has."""
    if found := WITH_PORT.fullmatch(address):
        address = found["v6"] or found["v4"]
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped:
            return str(ip.ipv4_mapped)
        return str(ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)


def _salt() -> bytes:
    """Today's random salt; it lives in the cache only and is gone after 25 hours.

    A process remembers it for a minute, so that not every signature asks for it.
    """
    name = f"ratelimit-salt:{timezone.now():%Y-%m-%d}"
    until, salt = _remembered.get(name, (0.0, b""))
    if until > time.monotonic():
        return salt
    kept = cache.get(name)
    if kept is None:
        cache.add(name, secrets.token_bytes(32), SALT_SECONDS)
        kept = cache.get(name)
    if kept is None:
        raise ConnectionError("the cache keeps nothing")
    _remembered.clear()
    _remembered[name] = (time.monotonic() + REMEMBERED, bytes(kept))
    return bytes(kept)


def forget_salt() -> None:
    """Ask the cache again."""
    _remembered.clear()


def _key(group: str, request: HttpRequest) -> str:
    return hmac.new(_salt(), network_of(client_address(request)).encode(), "sha256").hexdigest()


def signing_usage(request: HttpRequest) -> Usage:
    """Count one more signature from this address.

    A cache that does not answer means UNKNOWN: never lost, never waved through.
    """
    try:
        return _usage(request, settings.SIGN_RATE_HOLD, settings.SIGN_RATE_REFUSE)
    except (OSError, RedisError) as error:
        logger.warning("rate limits are away", extra={"error": type(error).__name__})
        return Usage(Verdict.UNKNOWN)


def _usage(request: HttpRequest, hold: str | None, refuse: str | None) -> Usage:
    if hold and refuse and _period(hold) == _period(refuse):
        # One count answers both questions.
        count, left = _count(request, "sign", refuse)
        held, refused = count > _number(hold), count > _number(refuse)
    else:
        count, left = _count(request, "sign-refuse", refuse)
        refused = refuse is not None and count > _number(refuse)
        held = hold is not None and _count(request, "sign-hold", hold)[0] > _number(hold)
    if refused:
        return Usage(Verdict.REFUSE, max(1, left))
    return Usage(Verdict.HOLD if held else Verdict.FREE)


def _number(rate: str) -> int:
    return int(rate.partition("/")[0])


def _period(rate: str) -> str:
    return rate.partition("/")[2]


def _count(request: HttpRequest, group: str, rate: str | None) -> tuple[int, int]:
    """How many there were with this one, and the seconds until the count begins anew."""
    if rate is None:
        return 0, 0
    usage = get_usage(request, group=group, key=_key, rate=rate, method="POST", increment=True)
    if usage and usage["count"] == 1:
        _take_as_long()
    return (int(usage["count"]), int(usage["time_left"])) if usage else (0, 0)


def _take_as_long() -> None:
    """Count on something of no interest: to count on costs more than to begin a count.

    Else a watch would tell from which addresses somebody has signed before.
    """
    nothing = "ratelimit-nothing"
    try:
        cache.incr(nothing)
    except ValueError:
        cache.set(nothing, 0, SALT_SECONDS)
