"""Is the process alive, and is it ready for visitors."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from redis.exceptions import RedisError

from .operating.work_queue import work_is_abandoned

MEGABYTE = 1024 * 1024
ENOUGH = 50 * MEGABYTE  # of DATA_DIR's volume: a delivery's packet, some thousand mails as files
SQLITE_NEEDS = MEGABYTE
# A row in a table of this connection's own has to find room on the volume, and is refused by a
# standby and wherever else nothing may be written; it leaves nothing behind. It waits for no disk
# and no standby: this answers soon, or it says nothing.
WRITE = (
    "SET LOCAL synchronous_commit = off",
    "CREATE TEMPORARY TABLE IF NOT EXISTS readyz (one integer) ON COMMIT DELETE ROWS",
    "INSERT INTO readyz VALUES (1)",
)
# Whoever signs does wait for a synchronous standby.
UNCONFIRMED = (
    "SELECT count(*) FROM pg_stat_activity"
    " WHERE wait_event = 'SyncRep' AND state_change < now() - interval '2 seconds'"
)
FINE = "ok"


def healthz(_request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(_request: HttpRequest) -> JsonResponse:
    """200 when this process can take signatures, 503 when not, with a word about each part.

    Database, migrations and cache it cannot do without. `worker` and `disk` (DATA_DIR's) are said
    for whoever watches: people can sign while they are out of order.
    """
    needed = {"database": _database, "migrations": _migrations, "cache": _cache}
    state = {name: _word(check) for name, check in needed.items()}
    ready = all(word == FINE for word in state.values())
    state |= {"worker": _word(_worker), "disk": _word(_disk)}
    return JsonResponse({"ready": ready, **state}, status=200 if ready else 503)


def _word(check: Callable[[], str]) -> str:
    try:
        return check()
    except (DatabaseError, RedisError, OSError):
        return "away"


def _database() -> str:
    write = _write_to_sqlite if connection.vendor == "sqlite" else _write
    try:
        write()
    except (DatabaseError, OSError):
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return "cannot write"
    return FINE


def _write() -> None:
    """Raises DatabaseError where nothing can be written, or a standby confirms nothing any more."""
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in WRITE:
            cursor.execute(statement)
        cursor.execute(UNCONFIRMED)
        if cursor.fetchone() != (0,):
            raise DatabaseError("the synchronous standby does not answer")


def _write_to_sqlite() -> None:
    """A file that is written to would be locked for signers, so only the room for it is asked."""
    volume = Path(connection.settings_dict["NAME"]).parent
    if _free(volume) < SQLITE_NEEDS:
        raise OSError("no room for the database")


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return "away" if plan else FINE


def _cache() -> str:
    cache.set("readyz", 1, 10)
    return FINE if cache.get("readyz") == 1 else "away"


def _worker() -> str:
    return "away" if work_is_abandoned() else FINE


def _disk() -> str:
    return "full" if _free(settings.DATA_DIR) < ENOUGH else FINE


def _free(folder: Path) -> int:
    """Bytes on the volume of `folder`, as far as it may be used without being root."""
    return shutil.disk_usage(folder).free
