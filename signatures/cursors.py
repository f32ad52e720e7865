"""Places in a public list that say nothing about the signature they stand for.

A UUIDv7 tells to the millisecond when its signature was made, and that is nobody's business. So
the id travels encrypted: AES-SIV (RFC 5297), deterministic, hence the same page has one address.
"""

from __future__ import annotations

import base64
import binascii
from hashlib import sha512
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.conf import settings


def _cipher() -> AESSIV:
    return AESSIV(sha512(b"list-cursor:" + settings.SECRET_KEY.encode()).digest())


def make_cursor(signature_id: UUID) -> str:
    """43 URL-safe characters that stand for the place of one signature."""
    sealed = _cipher().encrypt(signature_id.bytes, None)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def read_cursor(cursor: str) -> UUID | None:
    """The signature at `cursor`, or None when it is not one of ours."""
    try:
        sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        return UUID(bytes=_cipher().decrypt(sealed, None))
    except (binascii.Error, ValueError, InvalidTag):
        return None
