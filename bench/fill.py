"""Filling the table of signatures to a size, by COPY, with the indexes built afterwards."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING

import psycopg2

from .people import COLUMNS, Under, copy_lines

if TYPE_CHECKING:
    from psycopg2.extensions import (
        connection as Connection,  # noqa: N812
    )

TABLE = "signatures_signature"
BATCH = 20_000


def fill(url: str, slug: str, rows: int) -> None:
    """Bring the table to `rows` rows under the letter `slug`; do nothing where it has as many."""
    database = psycopg2.connect(url)
    try:
        with database:
            there = _one(database, f"SELECT count(*) FROM {TABLE}")
            missing = rows - int(str(there))
            if missing > 0:
                with _without_indexes(database):
                    _copy(database, _under(database, slug), missing, seed=rows)
        database.autocommit = True
        database.cursor().execute(f"VACUUM (ANALYZE) {TABLE}")
        # What filling left to be written is not to be written while something is measured.
        database.cursor().execute("CHECKPOINT")
        os.sync()
    finally:
        database.close()


def _one(database: Connection, sql: str, *values: object) -> object:
    with database.cursor() as cursor:
        cursor.execute(sql, values)
        (value,) = cursor.fetchone() or (None,)
        return value


def _under(database: Connection, slug: str) -> Under:
    with database.cursor() as cursor:
        cursor.execute(
            "SELECT letter_id, digest FROM letters_lettertext t JOIN letters_letter l"
            " ON l.id = t.letter_id WHERE slug = %s AND NOT is_courtesy_translation",
            [slug],
        )
        return Under(*(cursor.fetchone() or (0, "")))


@contextmanager
def _without_indexes(database: Connection) -> Iterator[None]:
    """Drop every index but the primary key's for the time of a COPY: ten times faster.

    Nor is every row's letter looked up: it is the same one each time.
    """
    with database.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = %s"
            " AND indexname NOT IN (SELECT conname FROM pg_constraint)",
            [TABLE],
        )
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        yield
        cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
        for _name, definition in indexes:
            cursor.execute(definition)


def _copy(database: Connection, under: Under, number: int, seed: int) -> None:
    lines = copy_lines(under, number, seed)
    with database.cursor() as cursor:
        while batch := "".join(islice(lines, BATCH)):
            cursor.copy_expert(
                f"COPY {TABLE} ({', '.join(COLUMNS)}) FROM STDIN", io.StringIO(batch)
            )


def copy_out(url: str, slug: str) -> int:
    """Write what the export writes, by PostgreSQL's own COPY, to nowhere; return its bytes."""
    database = psycopg2.connect(url)
    sink = _Sink()
    with database, database.cursor() as cursor:
        chosen = cursor.mogrify(
            "SELECT row_number() OVER (ORDER BY s.id), name, residence, occupation, email_sealed,"
            " created_at::date, confirmed_at IS NOT NULL, source"
            f" FROM {TABLE} s JOIN letters_letter l ON l.id = letter_id"
            " WHERE slug = %s AND state = 'accepted' ORDER BY s.id",
            [slug],
        ).decode()
        cursor.copy_expert(f"COPY ({chosen}) TO STDOUT WITH (FORMAT csv, HEADER)", sink)
    database.close()
    return sink.size


class _Sink(io.RawIOBase):
    """Takes bytes and counts them."""

    def __init__(self) -> None:
        self.size = 0

    def writable(self) -> bool:
        return True

    def write(self, piece: bytes) -> int:  # type: ignore[override]
        self.size += len(piece)
        return len(piece)
