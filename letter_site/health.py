"""Is the process alive, and is it ready for visitors."""

from __future__ import annotations

from collections.abc import Callable

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from redis.exceptions import RedisError


def healthz(_request: HttpRequest) -> HttpResponse:
    """200 as long as this process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


def readyz(_request: HttpRequest) -> JsonResponse:
    """200 when database, migrations and cache are in order, 503 otherwise, saying which."""
    parts = {"database": _database, "migrations": _migrations, "cache": _cache}
    state = {name: _answers(check) for name, check in parts.items()}
    ready = all(state.values())
    words = {name: "ok" if fine else "away" for name, fine in state.items()}
    return JsonResponse({"ready": ready, **words}, status=200 if ready else 503)


def _answers(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except (DatabaseError, RedisError, OSError):
        return False


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _migrations() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _cache() -> bool:
    cache.set("readyz", 1, 10)
    return bool(cache.get("readyz") == 1)
