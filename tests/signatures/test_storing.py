"""The one statement that stores a signature, and where PostgreSQL keeps its plan."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from signatures.models import Signature

pytestmark = pytest.mark.django_db(transaction=True)

on_postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="needs DATABASE_URL")


def kinds_of(queries: CaptureQueriesContext) -> list[str]:
    return [query["sql"].split()[0] for query in queries.captured_queries]


@pytest.mark.postgres
@on_postgresql
def test_a_connection_prepares_it_once(post):
    post(name="First of all")
    connection.close()

    with CaptureQueriesContext(connection) as first:
        post(name="On a new connection")
    with CaptureQueriesContext(connection) as second:
        post(name="And again")

    assert kinds_of(first) == ["PREPARE", "EXECUTE"]
    assert kinds_of(second) == ["EXECUTE"]


@pytest.mark.postgres
@on_postgresql
def test_behind_a_pool_nothing_is_prepared(post, monkeypatch):
    monkeypatch.setitem(connection.settings_dict, "DISABLE_SERVER_SIDE_CURSORS", True)
    post(name="First of all")

    with CaptureQueriesContext(connection) as asked:
        post(name="And again")

    assert kinds_of(asked) == ["WITH"]


@pytest.mark.postgres
@on_postgresql
def test_the_plan_that_is_kept_never_looks_through_the_signatures(post):
    for number in range(8):  # after five, PostgreSQL may keep one plan for all values
        post(name=f"Person {number}")
    with connection.cursor() as cursor:
        cursor.execute("SELECT parameter_types FROM pg_prepared_statements WHERE name = 'sign'")
        values = ", ".join(["NULL"] * len(cursor.fetchone()[0].strip("{}").split(",")))
        cursor.execute(f"EXPLAIN EXECUTE sign({values})")
        plan = [line for (line,) in cursor.fetchall()]

    assert any("Insert on signatures_signature" in line for line in plan)
    assert not [line for line in plan if "Scan" in line and "signatures_signature" in line]


def test_every_kind_is_stored_whole(post):
    post(name="Without", email="")
    post(name="With", email="with@example.org", wants_updates="on")
    post(name="Held", email="held@example.org", website="x")

    rows = list(Signature.objects.order_by("id").values_list("name", "state", "hold_reasons"))
    assert rows == [
        ("Without", "pending", []),
        ("With", "unconfirmed", []),
        ("Held", "pending", ["honeypot"]),
    ]
