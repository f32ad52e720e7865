"""Keyed digests: the same person can be recognised, and nobody can be read out of them."""

from __future__ import annotations

import base64
import hmac

from django.conf import settings

from .normalise import canonical, canonical_email

KEY_LENGTH = 43


def _mac(purpose: str, *parts: str) -> bytes:
    """HMAC-SHA-256 (RFC 2104) under PEPPER.

    Every part is preceded by its length, so that no two lists of parts read the same.
    """
    message = b"".join(
        len(raw).to_bytes(4, "big") + raw
        for raw in (part.encode("utf-8") for part in (purpose, *parts))
    )
    return hmac.digest(settings.PEPPER.encode(), message, "sha256")


def _digest(purpose: str, *parts: str) -> str:
    """The whole of it as 43 URL-safe characters."""
    return base64.urlsafe_b64encode(_mac(purpose, *parts)).decode().rstrip("=")


def email_key(letter_id: int, email: str, name: str) -> str:
    """One person at one mailbox: a family may share a mailbox, so the name is in the key."""
    return _digest("email", str(letter_id), canonical_email(email), canonical(name))


def person_key(letter_id: int, name: str, residence: str, occupation: str) -> str:
    """One person without a mailbox, as described by the three lines."""
    return _digest(
        "person", str(letter_id), canonical(name), canonical(residence), canonical(occupation)
    )


def mailbox_key(letter_id: int, email: str) -> str:
    """One mailbox, whoever writes its address into the form: for counting mails sent to it."""
    return _digest("mailbox", str(letter_id), canonical_email(email))


def name_key(letter_id: int, blocking_key: str) -> int:
    """One of the keys that likely duplicates share, as a signed 64-bit number.

    Keyed like the others, so that a table of them tells nobody who has signed; short, because a
    signature has about seven.
    """
    return int.from_bytes(_mac("name", str(letter_id), blocking_key)[:8], "big", signed=True)
