"""Links that act for one signature, derived from its id and never stored.

A token is `base64url(id || version || mac)` without padding: the 16 bytes of the id, one byte of
link version, and the first 16 bytes of an HMAC-SHA-256 over both, keyed by SECRET_KEY and by the
token's purpose (RFC 2104; 128 bits cannot be guessed online). Raising a signature's
`link_version` revokes every page link that was given out before.
"""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterator
from enum import StrEnum
from hashlib import sha256
from typing import NamedTuple
from uuid import UUID

from django.conf import settings

MAC_BYTES = 16
TOKEN = re.compile(r"[A-Za-z0-9_-]{44}")  # 16 + 1 + MAC_BYTES bytes, no bit to spare


class Purpose(StrEnum):
    """What a token may be used for; one salt each, so that none can stand in for another."""

    PAGE = "page"
    CONFIRM = "confirm"
    NOT_ME = "not-me"
    UNSUBSCRIBE = "unsubscribe"


class Claim(NamedTuple):
    """What an authentic token says."""

    signature_id: UUID
    version: int


def _secrets() -> Iterator[bytes]:
    yield settings.SECRET_KEY.encode()
    for old in settings.SECRET_KEY_FALLBACKS:
        yield old.encode()


def _mac(secret: bytes, purpose: Purpose, payload: bytes) -> bytes:
    key = sha256(b"signature-link:" + purpose.encode() + b":" + secret).digest()
    return hmac.digest(key, payload, "sha256")[:MAC_BYTES]


def make_token(purpose: Purpose, signature_id: UUID, version: int = 0) -> str:
    """The token (44 URL-safe characters) that lets its holder do `purpose` for one signature."""
    payload = signature_id.bytes + bytes([version % 256])
    mac = _mac(settings.SECRET_KEY.encode(), purpose, payload)
    return base64.urlsafe_b64encode(payload + mac).decode().rstrip("=")


def read_token(purpose: Purpose, token: str) -> Claim | None:
    """What `token` says, or None when it is not one of ours for `purpose`."""
    if not TOKEN.fullmatch(token):  # base64 knows several spellings, a token has one
        return None
    raw = base64.urlsafe_b64decode(token)
    payload, mac = raw[:17], raw[17:]
    if not any(hmac.compare_digest(mac, _mac(s, purpose, payload)) for s in _secrets()):
        return None
    return Claim(UUID(bytes=payload[:16]), payload[16])


STAMP_SECONDS = 300


def make_stamp(text_digest: str, now: float) -> str:
    """A proof that a page with this text was rendered around `now` (seconds since the epoch).

    The same for every visitor within STAMP_SECONDS, so that the page stays cacheable.
    """
    bucket = str(int(now) // STAMP_SECONDS)
    mac = _stamp_mac(settings.SECRET_KEY.encode(), bucket, text_digest)
    return f"{bucket}.{text_digest}.{mac}"


def read_stamp(stamp: str) -> tuple[int, str] | None:
    """When (seconds since the epoch, rounded down) and under which text a form was rendered.

    None for a stamp that we did not make.
    """
    bucket, _, rest = stamp.partition(".")
    text_digest, _, mac = rest.partition(".")
    if not bucket.isascii() or not bucket.isdigit() or not mac.isascii():
        return None
    if not any(hmac.compare_digest(mac, _stamp_mac(s, bucket, text_digest)) for s in _secrets()):
        return None
    return int(bucket) * STAMP_SECONDS, text_digest


def _stamp_mac(secret: bytes, bucket: str, text_digest: str) -> str:
    key = sha256(b"page-stamp:" + secret).digest()
    mac = hmac.digest(key, f"{bucket}.{text_digest}".encode("utf-8", "replace"), "sha256")
    return base64.urlsafe_b64encode(mac[:MAC_BYTES]).decode().rstrip("=")
