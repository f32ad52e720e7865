"""Reading the database as it was at one moment, while signers go on."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def snapshot(*, may_write: bool = False) -> Iterator[None]:
    """Let every statement inside see the same moment.

    PostgreSQL: a REPEATABLE READ transaction. SQLite: a transaction takes the one write lock, so
    it is only taken with `may_write`; a reader there must put its question into one statement,
    which sees one moment by itself. Inside another transaction it does nothing of its own.
    """
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
            yield
    elif may_write:
        with transaction.atomic():
            yield
    else:
        yield
