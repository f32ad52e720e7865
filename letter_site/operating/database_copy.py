"""A whole database as one stream of bytes, and back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, NamedTuple

from django.conf import settings
from django.db import connection

from signatures.models import Signature
from signatures.snapshot import snapshot

from .exceptions import BackupError
from .programs import input_of, output_of

LIBPQ = {
    "NAME": "PGDATABASE",
    "USER": "PGUSER",
    "PASSWORD": "PGPASSWORD",
    "HOST": "PGHOST",
    "PORT": "PGPORT",
}


class Dump(NamedTuple):
    """The database as it was at one moment: its bytes, to be read once, and how much it holds."""

    stream: IO[bytes]
    signatures: int


@contextmanager
def database_dump() -> Iterator[Dump]:
    """The database while signing goes on: pg_dump's custom format, or a copy of the SQLite file.

    Raises BackupError inside a transaction, whose changes SQLite would wait for without end.
    """
    if connection.in_atomic_block:
        raise BackupError("A backup cannot be made inside a transaction.")
    dump = _sqlite_dump if connection.vendor == "sqlite" else _postgresql_dump
    with dump() as found:
        yield found


@contextmanager
def database_load() -> Iterator[IO[bytes]]:
    """Takes the bytes of a dump; the database holds them, and nothing else, when the block ends.

    Raises BackupError, after which the database is as it was.
    """
    load = _sqlite_load if connection.vendor == "sqlite" else _postgresql_load
    with load() as stream:
        yield stream


@contextmanager
def _postgresql_dump() -> Iterator[Dump]:
    with snapshot():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot()")
            moment = cursor.fetchone()[0]
        flags = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={moment}"]
        with output_of(["pg_dump", *flags], _postgresql_environment()) as stream:
            yield Dump(stream, Signature.objects.count())


@contextmanager
def _postgresql_load() -> Iterator[IO[bytes]]:
    connection.close()
    environment = _postgresql_environment()
    # A site that still runs holds locks: better to say so than to wait for ever.
    environment["PGOPTIONS"] = "-c lock_timeout=10s"
    flags = ["--clean", "--if-exists", "--no-owner", "--no-privileges", "--no-comments"]
    target = ["--single-transaction", "--exit-on-error", f"--dbname={environment['PGDATABASE']}"]
    with input_of(["pg_restore", *flags, *target], environment) as stream:
        yield stream


def _postgresql_environment() -> dict[str, str]:
    """Django's connection in the words of libpq, so that no password stands on a command line."""
    config = connection.settings_dict
    environment = {word: str(config[name]) for name, word in LIBPQ.items() if config.get(name)}
    session = config.get("OPTIONS", {}).get("target_session_attrs")
    return environment | ({"PGTARGETSESSIONATTRS": session} if session else {})


@contextmanager
def _sqlite_dump() -> Iterator[Dump]:
    with _beside_the_data() as path:
        connection.ensure_connection()
        with closing(sqlite3.connect(path)) as copy:
            connection.connection.backup(copy)
            table = connection.ops.quote_name(Signature._meta.db_table)
            [signatures] = copy.execute(f"SELECT COUNT(*) FROM {table}").fetchone()  # noqa: S608
        with path.open("rb") as stream:
            yield Dump(stream, signatures)


@contextmanager
def _sqlite_load() -> Iterator[IO[bytes]]:
    with _beside_the_data() as path:
        with path.open("wb") as stream:
            yield stream
        try:
            with closing(sqlite3.connect(path)) as copy:
                if copy.execute("PRAGMA quick_check").fetchone() != ("ok",):
                    raise BackupError("The database in this backup is damaged.")
                connection.ensure_connection()
                copy.backup(connection.connection)
        except sqlite3.Error as error:
            raise BackupError(f"The database could not be written: {error}.") from error


@contextmanager
def _beside_the_data() -> Iterator[Path]:
    """A file that only its owner can read, where the database itself lies, gone afterwards."""
    settings.DATA_DIR.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=settings.DATA_DIR, prefix=".copy-") as folder:
        yield Path(folder) / "db.sqlite3"
