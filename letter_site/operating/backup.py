"""Keeping: database and packets, encrypted on their way to the disk, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import NamedTuple

from django.conf import settings
from django.db import connection
from django.utils import timezone

from .database_copy import database_dump
from .exceptions import BackupError
from .programs import output_of
from .sealing import Recipients, seal_stream
from .shelf import backup_name

FORMAT = "open-letter-backup/1"
FACTS = "backup.json"
DATABASE = "database.age"
FILES = "files.age"
# What lies in DATA_DIR and cannot be made again.
KEPT = ("deliveries", "acknowledgements", "erasures.txt")


class Facts(NamedTuple):
    """What `backup.json` says; nothing in it is secret or personal."""

    engine: str
    made_at: str
    software: str
    signatures: int
    digests: dict[str, str]


def backup_make(*, shelf: Path, recipients: Recipients) -> Path:
    """Put a new backup on `shelf` and return its folder; raises BackupError, leaving nothing half.

    The database comes first: the packets of a delivery are on the disk before it is ready.
    """
    made_at = timezone.now()
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with _staged(shelf / backup_name(made_at)) as folder:
        with database_dump() as dump:
            seal_stream(dump.stream, folder / DATABASE, recipients)
        with output_of(_tar(settings.DATA_DIR)) as stream:
            seal_stream(stream, folder / FILES, recipients)
        facts = Facts(
            engine=connection.vendor,
            made_at=made_at.isoformat(timespec="seconds"),
            software=settings.SOFTWARE,
            signatures=dump.signatures,
            digests={name: file_digest(folder / name) for name in (DATABASE, FILES)},
        )
        written = {"format": FORMAT, **facts._asdict()}
        (folder / FACTS).write_text(json.dumps(written, indent=2) + "\n")
    return shelf / backup_name(made_at)


def backup_check(folder: Path) -> Facts:
    """What the backup in `folder` says about itself, its checksums verified; raises BackupError.

    Needs no key, so a machine that only stores backups can do it.
    """
    try:
        written = json.loads((folder / FACTS).read_text())
        if written.pop("format") != FORMAT:
            raise BackupError(f"{folder.name} is of a format that this version does not know.")
        facts = Facts(**written)
        found = {name: file_digest(folder / name) for name in facts.digests}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise BackupError(f"{folder} is not a whole backup.") from None
    wrong = [name for name, digest in facts.digests.items() if found[name] != digest]
    if wrong:
        raise BackupError(f"{folder.name} is damaged: the checksum of {wrong[0]} is wrong.")
    return facts


def file_digest(path: Path) -> str:
    """SHA-256 of a file in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _tar(data: Path) -> list[str]:
    present = [name for name in KEPT if (data / name).exists()]
    # Hidden files are locks and packets that are being made.
    names = ["--exclude=.*", *present] if present else ["--files-from=/dev/null"]
    return ["tar", "--create", "--file=-", f"--directory={data}", *names]


@contextmanager
def _staged(target: Path) -> Iterator[Path]:
    """A folder for its owner's eyes only, which becomes `target` when the block ends well."""
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder = Path(mkdtemp(prefix=".unfinished-", dir=target.parent))
    except OSError as error:
        raise BackupError(f"Cannot write to {target.parent}: {error.strerror}.") from None
    try:
        yield folder
        for path in [*folder.iterdir(), folder]:
            _to_disk(path)
        folder.rename(target)
        _to_disk(target.parent)
    except OSError as error:
        raise BackupError(f"Cannot write {target}: {error.strerror}.") from None
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _to_disk(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
