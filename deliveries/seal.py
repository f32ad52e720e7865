"""Encryption for the road: only its recipient can open it (age, age-encryption.org/v1)."""

from __future__ import annotations

from pathlib import Path

import pyrage
from django.utils.translation import gettext as _

from .exceptions import SealingFailed


def check_recipient(recipient: str) -> pyrage.x25519.Recipient:
    """The age public key ("age1…") in `recipient`; raises SealingFailed when it is none."""
    try:
        return pyrage.x25519.Recipient.from_str(recipient)
    except pyrage.RecipientError as error:
        refused = _("That is not an age public key; one starts with “age1”.")
        raise SealingFailed(refused) from error


def encrypt_file(path: Path, recipient: str) -> Path:
    """Encrypt `path` to an age public key ("age1…") beside it, in a stream; the new path.

    Raises SealingFailed when the key is none or nothing could be written; nothing half is left.
    """
    key = check_recipient(recipient)
    target = path.with_name(f"{path.name}.age")
    partial = target.with_name(f".{target.name}.partial")
    try:
        with path.open("rb") as clear, partial.open("wb") as sealed:
            pyrage.encrypt_io(clear, sealed, [key])
        partial.replace(target)
    except (OSError, pyrage.EncryptError) as error:
        refused = _("%(file)s could not be encrypted.") % {"file": path.name}
        raise SealingFailed(refused) from error
    finally:
        partial.unlink(missing_ok=True)
    return target
