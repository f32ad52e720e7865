"""Places in a public list that say nothing about the signature they stand for.

A UUIDv7 tells to the millisecond when its signature was made, and that is nobody's business. So
the id travels encrypted: AES-SIV (RFC 5297), deterministic, hence the same page has one address.
"""

from __future__ import annotations

import base64
import re
from hashlib import sha512
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings

CURSOR = re.compile(r"[A-Za-z0-9_-]{43}")  # 16 bytes of tag and 16 of id


def _cipher() -> AESSIV:
    return AESSIV(sha512(b"list-cursor:" + settings.SECRET_KEY.encode()).digest())


def make_cursor(signature_id: UUID) -> str:
    """43 URL-safe characters that stand for the place of one signature."""
    sealed = _cipher().encrypt(signature_id.bytes, None)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def read_cursor(cursor: str) -> UUID | None:
    """The signature at `cursor`, or None when it is not one of ours."""
    if not CURSOR.fullmatch(cursor):
        return None
    try:
        place = UUID(bytes=_cipher().decrypt(base64.urlsafe_b64decode(cursor + "="), None))
    except InvalidTag:
        return None
    # 43 characters hold two bits more than 32 bytes; only one spelling is ours.
    return place if make_cursor(place) == cursor else None
