"""A packet appears whole or not at all, whatever happens to the disk or the process meanwhile."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.utils.translation import gettext as _

from .exceptions import PacketExists

ZIP_DATE = (1980, 1, 1, 0, 0, 0)
PIECE = 1 << 20


@contextmanager
def staged(target: Path) -> Iterator[Path]:
    """A folder to fill, which becomes `target` in one step when the block ends well.

    Until then it is a hidden sibling of `target`, and it is removed when the block fails. What a
    killed process left behind is removed by the next try. Raises PacketExists when `target` is
    there or somebody is making it.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    folder = target.with_name(f".{target.name}.partial")
    with alone(target):
        if target.exists():
            refused = _("%(file)s is there already; a delivery never changes.")
            raise PacketExists(refused % {"file": target.name})
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        try:
            yield folder
            _flush(folder)
            folder.rename(target)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        _sync(target.parent)


def zip_folder(folder: Path, target: Path) -> None:
    """Pack the files of `folder`, under its name, into `target`: the same files, the same bytes.

    `target` appears whole or not at all.
    """
    partial = target.with_name(f".{target.name}.partial")
    try:
        with ZipFile(partial, "w", ZIP_DEFLATED) as archive:
            for file in sorted(folder.iterdir()):
                _add(archive, file, f"{folder.name}/{file.name}")
        _sync(partial)
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _add(archive: ZipFile, file: Path, name: str) -> None:
    entry = ZipInfo(name, ZIP_DATE)
    entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o644 << 16
    entry.file_size = file.stat().st_size
    with file.open("rb") as source, archive.open(entry, "w") as member:
        shutil.copyfileobj(source, member, PIECE)


@contextmanager
def alone(target: Path) -> Iterator[None]:
    """Nobody else makes `target` meanwhile; the system lets go of the lock if the process dies.

    Raises PacketExists when somebody does.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with target.with_name(f".{target.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            refused = _("%(file)s is being made at this moment.") % {"file": target.name}
            raise PacketExists(refused) from None
        yield


def is_being_made(target: Path) -> bool:
    """Whether a process of this machine is making `target` now."""
    try:
        with alone(target):
            return False
    except PacketExists:
        return True


def _flush(folder: Path) -> None:
    for file in folder.iterdir():
        _sync(file)
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
