"""The database wrapper that settings.DATABASES names as its ENGINE."""

from __future__ import annotations

import select
import time
from typing import Any

import psycopg2
from django.db.backends.postgresql import base

REST = 0.5  # seconds after an attempt in vain in which nobody makes another
ONE_TRIES = 5.0  # seconds that one attempt may take while all others are spared theirs

# For each database that is away, by its address: until when nobody tries to connect to it.
_away: dict[tuple[Any, ...], float] = {}


class DatabaseWrapper(base.DatabaseWrapper):
    """Spares a healthy connection the question `SELECT 1` before its first use in a request.

    A server that has gone, been restarted or thrown this connection out has closed its end, and
    then there is something to read: the end, or the reason for it. A connection on which nothing
    has come is as healthy as one that answered a moment ago; of any other, Django asks.

    While the server does not even answer that, one thread of a process tries to connect and the
    others fail at once: were each to wait for its own attempt, whoever waits for a thread would
    wait for all attempts before.
    """

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        server = tuple(conn_params.get(word) for word in ("host", "port", "dbname"))
        until = _away.get(server)
        if until is not None:
            if time.monotonic() < until:
                raise psycopg2.OperationalError("the database was away a moment ago")
            _away[server] = time.monotonic() + ONE_TRIES
        try:
            connection = super().get_new_connection(conn_params)
        except psycopg2.OperationalError:
            _away[server] = time.monotonic() + REST
            raise
        _away.pop(server, None)
        return connection

    def close_if_health_check_failed(self) -> None:
        if self.connection is not None and not self._has_news():
            self.health_check_done = True
        super().close_if_health_check_failed()

    def _has_news(self) -> bool:
        poll = select.poll()
        try:
            poll.register(self.connection.fileno(), select.POLLIN | select.POLLHUP)
        except psycopg2.InterfaceError:  # closed on our side
            return True
        return bool(poll.poll(0))
