"""A connection that the server has ended is noticed before it is used, without asking each time."""

from __future__ import annotations

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="needs DATABASE_URL"),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture(autouse=True)
def as_at_the_start_of_a_request():
    connection.ensure_connection()
    vars(connections[connection.alias])["health_check_enabled"] = True
    vars(connections[connection.alias])["health_check_done"] = False


def process_id() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return int(cursor.fetchone()[0])


def end_it_from_the_servers_side() -> None:
    """What a restart of PostgreSQL, or a failover, does to the connection."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [process_id()])
    other.close()
    vars(connections[connection.alias])["health_check_done"] = False


def test_a_healthy_connection_is_not_asked(monkeypatch):
    wrapper = connections[connection.alias]
    monkeypatch.setattr(wrapper, "is_usable", lambda: pytest.fail("it was asked"))

    assert process_id() == process_id()


def test_a_connection_that_was_ended_is_replaced_before_it_is_used():
    before = process_id()
    end_it_from_the_servers_side()

    after = process_id()

    assert after != before


def test_a_connection_on_which_something_came_is_asked_and_kept():
    before = process_id()
    with connection.cursor() as cursor:
        cursor.execute("LISTEN something")
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("NOTIFY something")
    other.close()
    vars(connections[connection.alias])["health_check_done"] = False

    with CaptureQueriesContext(connection) as asked:
        after = process_id()

    assert after == before
    assert len(asked) == 1
