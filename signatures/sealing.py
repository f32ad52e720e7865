"""E-mail addresses under lock: readable only with FIELD_KEYS from the environment."""

from __future__ import annotations

from functools import cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings

from .exceptions import SignatureError


class SealBroken(SignatureError):
    """None of FIELD_KEYS opens this address."""


@cache
def _box(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def _current() -> MultiFernet:
    return _box(tuple(settings.FIELD_KEYS))


def seal(email: str) -> str:
    """`email` as a Fernet token (ASCII) under the newest of FIELD_KEYS."""
    return _current().encrypt(email.encode()).decode()


def unseal(sealed: str) -> str:
    """The address in `sealed`; raises SealBroken when no key of FIELD_KEYS fits."""
    try:
        return _current().decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise SealBroken("A sealed address cannot be opened with FIELD_KEYS.") from None


def reseal(sealed: str) -> str:
    """`sealed` under the newest key; raises SealBroken when no key fits."""
    try:
        return _current().rotate(sealed.encode()).decode()
    except InvalidToken:
        raise SealBroken("A sealed address cannot be opened with FIELD_KEYS.") from None
