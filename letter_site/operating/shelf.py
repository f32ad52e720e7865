"""Where backups stand: one folder each, named by the moment it was begun, whole or not at all."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path

from .exceptions import BackupError

NAME = "letter-%Y%m%dT%H%M%SZ"


def backup_name(moment: datetime) -> str:
    """The folder's name for a backup begun at `moment` (aware), to the second, in UTC."""
    return moment.astimezone(UTC).strftime(NAME)


def backup_time(folder: Path) -> datetime | None:
    """When the backup in `folder` was begun, by its name; None where it is no backup."""
    try:
        return datetime.strptime(folder.name, NAME).replace(tzinfo=UTC)
    except ValueError:
        return None


def backups_in(shelf: Path) -> list[Path]:
    """Every finished backup on `shelf`, oldest first; none where there is no such folder.

    Raises BackupError where nobody may look into it, which is not the same as none.
    """
    try:
        found = list(shelf.iterdir()) if shelf.is_dir() else []
    except OSError as error:
        raise BackupError(f"{shelf} cannot be read: {error.strerror}.") from None
    return sorted(folder for folder in found if backup_time(folder))


def latest_backup(shelf: Path) -> datetime | None:
    """When the newest backup on `shelf` was begun, UTC; raises BackupError as `backups_in`."""
    found = backups_in(shelf)
    return backup_time(found[-1]) if found else None


def backups_rotate(shelf: Path, *, keep: int) -> list[Path]:
    """Remove all but the newest `keep` (1 or more) backups; return what was removed."""
    too_many = backups_in(shelf)[: -max(1, keep)]
    for folder in too_many:
        shutil.rmtree(folder)
    return too_many
