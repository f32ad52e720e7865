"""What an account's second factor is kept as."""

from __future__ import annotations

import secrets

from django.conf import settings
from django.utils.crypto import salted_hmac
from django_otp.plugins.otp_totp.models import TOTPDevice

SECRET_BYTES = 20  # RFC 4226, section 4, R6
SEED_BYTES = 32  # longer than a secret, which tells the two apart


def new_seed() -> str:
    """What the site remembers of a phone to come: 64 hex digits."""
    return secrets.token_hex(SEED_BYTES)


def secret_of(seed: str) -> bytes:
    """The 20 bytes that a phone and the site share. Whoever has `seed` needs PEPPER as well."""
    digest = salted_hmac(
        "letter_site.staff.phone", seed, secret=settings.PEPPER, algorithm="sha256"
    )
    return digest.digest()[:SECRET_BYTES]


class Phone(TOTPDevice):  # type: ignore[misc]
    """A phone that shows codes; a stolen database does not tell which.

    `key` is a seed. Devices of before, or made with django-otp's own commands, keep their secret
    itself there, and go on working until somebody sets up a new one.
    """

    class Meta:
        proxy = True

    @property
    def bin_key(self) -> bytes:
        if len(self.key) == 2 * SEED_BYTES:
            return secret_of(self.key)
        return bytes(super().bin_key)
