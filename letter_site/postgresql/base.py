"""The database wrapper that settings.DATABASES names as its ENGINE."""

from __future__ import annotations

import select

import psycopg2
from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Spares a healthy connection the question `SELECT 1` before its first use in a request.

    A server that has gone, been restarted or thrown this connection out has closed its end, and
    then there is something to read: the end, or the reason for it. A connection on which nothing
    has come is as healthy as one that answered a moment ago; of any other, Django asks.
    """

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
