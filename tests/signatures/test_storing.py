"""The one statement that stores a signature, and where PostgreSQL keeps its plan."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from signatures.enums import Source
from signatures.models import Signature
from signatures.queue import enqueue
from signatures.services.signing import Arrival, Signatory, signature_sign
from signatures.services.storing import signature_store

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

    assert kinds_of(asked) == ["INSERT"]


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


@pytest.mark.postgres
@on_postgresql
def test_what_was_prepared_before_a_migration_is_good_after_it(post):
    wider = "ALTER TABLE signatures_signature ALTER COLUMN state TYPE varchar({})"
    post(name="Before")

    with connection.cursor() as cursor:
        cursor.execute(wider.format(20))
        try:
            post(name="After")
        finally:
            cursor.execute(wider.format(11))

    assert Signature.objects.count() == 2


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


def test_the_work_for_a_signature_is_what_the_queue_itself_would_store(text):
    signature = signature_sign(text=text, signatory=Signatory(name="Amal", email="a@example.org"))

    stored = DBTaskResult.objects.get()
    assert stored.args_kwargs == {"args": [], "kwargs": {"signature_id": str(signature.id)}}
    assert stored.enqueued_at >= signature.created_at
    DBTaskResult.objects.all().delete()
    enqueue("send_confirmation", signature_id=str(signature.id))
    queued = DBTaskResult.objects.values().get()
    differs = {"id", "enqueued_at"}
    assert {name for name, value in queued.items() if value != getattr(stored, name)} == differs


def test_the_work_and_the_signature_are_kept_together_or_not_at_all(text, monkeypatch):
    refused: DBTaskResult[..., object] = DBTaskResult(
        args_kwargs={}, enqueued_at=timezone.now(), run_after=timezone.now(), priority=1_000
    )
    monkeypatch.setattr("signatures.queue.work_row", lambda *_, **__: refused)
    monkeypatch.setattr("signatures.queue.enqueue", lambda *_, **__: refused.save())
    signature = Signature(
        letter=text.letter,
        name="Amal",
        person_key="key",
        state="pending",
        created_at=timezone.now(),
    )

    with pytest.raises(IntegrityError):
        signature_store(signature, text, "work_that_the_database_refuses")

    assert not Signature.objects.exists()
    assert not DBTaskResult.objects.exists()


def test_a_source_that_was_read_before_is_refused(text):
    mail = Arrival(source=Source.EMAIL, source_ref="<1@example.org>#1")
    signature_sign(text=text, signatory=Signatory(name="Amal"), arrival=mail)

    with pytest.raises(IntegrityError, match="of the same source"):
        signature_sign(text=text, signatory=Signatory(name="Somebody Else"), arrival=mail)

    assert [row.name for row in Signature.objects.all()] == ["Amal"]


def test_an_id_that_another_signature_has_is_refused_as_that(text, monkeypatch):
    first = signature_sign(text=text, signatory=Signatory(name="Amal"))
    monkeypatch.setattr("signatures.models.signature.uuid7", lambda **_: first.id)

    with pytest.raises(IntegrityError, match="has this id"):
        signature_sign(text=text, signatory=Signatory(name="Somebody Else"))

    assert [row.name for row in Signature.objects.all()] == ["Amal"]
