"""How often one network address may sign, without keeping the address."""

from __future__ import annotations

import hmac
import ipaddress
import logging
import re
import secrets
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
# Some proxies write the port too: 192.0.2.1:443 or [2001:db8::1]:443 (RFC 7239, section 6).
WITH_PORT = re.compile(r"(?:\[(?P<v6>[^\]]+)\]|(?P<v4>[\d.]+))(?::\d+)?")


class Verdict(Enum):
    """What to do with one more signature from an address."""

    FREE = "free"
    HOLD = "hold"
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
    """Today's random salt; it lives in the cache only and is gone after 25 hours."""
    name = f"ratelimit-salt:{timezone.now():%Y-%m-%d}"
    salt = cache.get(name)
    if salt is None:
        cache.add(name, secrets.token_bytes(32), SALT_SECONDS)
        salt = cache.get(name)
    if salt is None:
        raise ConnectionError("the cache keeps nothing")
    return bytes(salt)


def _key(group: str, request: HttpRequest) -> str:
    return hmac.new(_salt(), network_of(client_address(request)).encode(), "sha256").hexdigest()


def signing_usage(request: HttpRequest) -> Usage:
    """Count one more signature from this address.

    A cache that does not answer means HOLD: never lost, never waved through.
    """
    try:
        refused = _count(request, "sign-refuse", settings.SIGN_RATE_REFUSE)
        held = _count(request, "sign-hold", settings.SIGN_RATE_HOLD)
    except (OSError, RedisError) as error:
        logger.warning("rate limits are away", extra={"error": type(error).__name__})
        return Usage(Verdict.HOLD)
    if refused is not None:
        return Usage(Verdict.REFUSE, refused)
    return Usage(Verdict.FREE if held is None else Verdict.HOLD)


def _count(request: HttpRequest, group: str, rate: str | None) -> int | None:
    """Seconds until the limit is over where this request is above it, None where it is not."""
    if rate is None:
        return None
    usage = get_usage(request, group=group, key=_key, rate=rate, method="POST", increment=True)
    if not usage or not usage["should_limit"]:
        return None
    return max(1, int(usage["time_left"]))
