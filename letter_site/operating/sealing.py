"""Streams under age (age-encryption.org/v1): what is kept can be opened by its custodians only."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import pyrage

from deliveries.exceptions import SealingFailed
from deliveries.seal import check_recipient

from .exceptions import BackupError

Recipients = list[pyrage.x25519.Recipient]
Identities = list[pyrage.x25519.Identity]


def recipients_in(words: str) -> Recipients:
    """The comma-separated age public keys in `words`; raises BackupError where there is none."""
    keys = [word.strip() for word in words.split(",") if word.strip()]
    if not keys:
        raise BackupError(
            "BACKUP_RECIPIENT is not set: a backup is only made for somebody's age public key. "
            "See docs/operating.md, section Backups."
        )
    try:
        return [check_recipient(key) for key in keys]
    except SealingFailed as error:
        raise BackupError(f"BACKUP_RECIPIENT: {error}") from None


def identities_in(path: Path) -> Identities:
    """The age secret keys in the file `path`, as age-keygen writes it; raises BackupError."""
    try:
        lines = path.read_text("ascii").split()
        return [
            pyrage.x25519.Identity.from_str(line)
            for line in lines
            if line.startswith("AGE-SECRET-KEY-")
        ]
    except (OSError, UnicodeDecodeError, pyrage.IdentityError):
        raise BackupError(f"{path} cannot be read as a file of age secret keys.") from None


def seal_stream(clear: IO[bytes], target: Path, recipients: Recipients) -> None:
    """Write all of `clear` to the new file `target`, encrypted, without holding it in memory."""
    try:
        with target.open("xb") as sealed:
            pyrage.encrypt_io(clear, sealed, recipients)
    except (OSError, pyrage.EncryptError) as error:
        raise BackupError(f"{target.name} could not be written: {error}") from error


def open_stream(source: Path, clear: IO[bytes], identities: Identities) -> None:
    """Write what `source` holds to `clear`; raises BackupError where no key fits or it is torn."""
    try:
        with source.open("rb") as sealed:
            pyrage.decrypt_io(sealed, clear, identities)
    except (OSError, pyrage.DecryptError) as error:
        raise BackupError(f"{source.name} could not be opened with this key: {error}") from error
