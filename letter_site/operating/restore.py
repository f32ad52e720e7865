"""Bringing a backup back, without bringing back anybody who has left since."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection

from deliveries.enums import DeliveryState
from deliveries.models import Packet
from deliveries.verify import verify
from letters.models import Letter
from signatures.journal import Act, Entry, journal_entries, journal_path
from signatures.models import Signature
from signatures.services.replay import erasures_replay

from .backup import DATABASE, FILES, Facts, backup_check, file_digest
from .database_copy import database_load
from .exceptions import BackupError
from .programs import input_of
from .sealing import Identities, open_stream


class Restored(NamedTuple):
    """What a restore did, and which promises of the deliveries do not hold."""

    facts: Facts
    replayed: Counter[Act]
    packets: int
    wrong: list[str]


def backup_try(*, folder: Path, identities: Identities, journals: Iterable[Path] = ()) -> Facts:
    """Read a backup to its end, checksums and encryption both, and `journals`; change nothing."""
    _journals(journals)
    facts = backup_check(folder)
    with Path(os.devnull).open("wb") as nowhere:
        for name in (DATABASE, FILES):
            open_stream(folder / name, nowhere, identities)
    return facts


def backup_restore(
    *, folder: Path, identities: Identities, journals: Iterable[Path] = (), force: bool = False
) -> Restored:
    """Put database and packets back, then do again what signers did since.

    `journals` are read beside this machine's own and the one in the backup. Raises BackupError:
    before anything is changed where the backup is damaged, is for another kind of database, or
    would replace one that holds letters and `force` is not given, and where a journal cannot be
    read, which would bring back those who left.
    """
    since = _journals(journals)
    facts = backup_try(folder=folder, identities=identities)
    _may_be_replaced(facts, force=force)
    with database_load() as stream:
        open_stream(folder / DATABASE, stream, identities)
    call_command("migrate", verbosity=0)
    found = Signature.objects.count()
    if found != facts.signatures:
        raise BackupError(f"{found:,} signatures came back, the backup says {facts.signatures:,}.")
    with _files_of(folder, identities) as files:
        before = _entries(files / journal_path().name)
        _put_back(files)
    replayed = erasures_replay(entries=[*before, *since])
    packets = list(Packet.objects.filter(delivery__state=DeliveryState.READY).order_by("id"))
    wrong = [sentence for packet in packets for sentence in packet_faults(packet)]
    return Restored(facts, replayed, len(packets), wrong)


def packet_faults(packet: Packet) -> Iterator[str]:
    """What does not hold of `packet` as it lies on the disk, each in one sentence.

    An encrypted packet cannot be read here: its public manifest is held against the record.
    """
    name = f"Delivery {packet.delivery.number}, {packet.name}"
    if packet.is_sealed:
        manifest = packet.folder / "manifest.json"
        if not manifest.is_file() or file_digest(manifest) != packet.manifest_digest:
            yield f"{name}: the manifest is not the one that was published."
        return
    for path in (packet.folder, packet.file):
        for check in verify(path, packet.manifest_digest):
            if not check.ok:
                yield f"{name}: {check.sentence}"


def _may_be_replaced(facts: Facts, *, force: bool) -> None:
    if facts.engine != connection.vendor:
        raise BackupError(f"This backup is of {facts.engine}, the database is {connection.vendor}.")
    if not force and _holds_letters():
        raise BackupError("The database is not empty. --force replaces what it holds.")


def _holds_letters() -> bool:
    try:
        return Letter.objects.exists()
    except DatabaseError:
        return False  # no tables yet


def _journals(named: Iterable[Path]) -> list[Entry]:
    """What this machine's journal says, then each of those `named`, which must be journals."""
    entries = _entries(journal_path())
    for path in named:
        found = _entries(path)
        if not found and not (path.is_file() and path.stat().st_size == 0):
            raise BackupError(f"{path} is no journal of erasures, or is not there.")
        entries += found
    return entries


def _entries(path: Path) -> list[Entry]:
    """What the journal `path` says; nothing where there is none. Raises BackupError."""
    try:
        with path.open(encoding="ascii", errors="replace") as lines:
            return list(journal_entries(lines))
    except FileNotFoundError:
        return []
    except OSError as error:
        raise BackupError(f"{path} cannot be read: {error.strerror}.") from None


@contextmanager
def _files_of(folder: Path, identities: Identities) -> Iterator[Path]:
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=settings.DATA_DIR, prefix=".restoring-") as place:
        with input_of(["tar", "--extract", "--file=-", f"--directory={place}"]) as stream:
            open_stream(folder / FILES, stream, identities)
        yield Path(place)


def _put_back(files: Path) -> None:
    """Copy what was kept over what is there; this machine's journal is newer than the backup's."""
    for path in files.iterdir():
        target = settings.DATA_DIR / path.name
        if path.is_dir():
            shutil.copytree(path, target, dirs_exist_ok=True)
        elif not target.exists():
            shutil.copy2(path, target)
