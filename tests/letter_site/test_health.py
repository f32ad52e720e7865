"""Alive and ready are two questions."""

from __future__ import annotations

from collections import namedtuple
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import InternalError, OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from letter_site import health
from letter_site.operating.work_queue import work_is_abandoned

MINUTE = timedelta(minutes=1)
Usage = namedtuple("Usage", "total used free")


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path) -> Path:
    settings.DATA_DIR = tmp_path
    return tmp_path


@pytest.fixture
def free(monkeypatch):
    """Lets every volume have so many bytes left."""

    def leave(number: int) -> None:
        monkeypatch.setattr("shutil.disk_usage", lambda _folder: Usage(10**9, 0, number))

    return leave


def refuse_writing(monkeypatch, error: Exception) -> None:
    def write() -> None:
        raise error

    monkeypatch.setattr(health, "_write", write)
    monkeypatch.setattr(health, "_write_to_sqlite", write)


def work(waited: timedelta, **fields) -> DBTaskResult:
    now = timezone.now()
    row = DBTaskResult.objects.create(
        args_kwargs={"args": [], "kwargs": {}},
        task_path="signatures.tasks.fold_counts",
        backend_name="default",
        run_after=fields.pop("run_after", get_date_max()),
        exception_class_path="",
        traceback="",
        **fields,
    )
    DBTaskResult.objects.filter(id=row.id).update(enqueued_at=now - waited)
    return row


def test_alive_needs_no_database(client):
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")


def test_ready_names_each_part(client, db):
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {
        "ready": True,
        "database": "ok",
        "migrations": "ok",
        "cache": "ok",
        "worker": "ok",
        "disk": "ok",
    }


def test_a_cache_that_is_away_is_named(client, db, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }

    response = client.get("/readyz")

    assert response.status_code == 503
    assert (response.json()["cache"], response.json()["database"]) == ("away", "ok")


def test_a_database_that_is_away_is_named(client, db, monkeypatch):
    def away():
        raise OperationalError("canary")

    monkeypatch.setattr(health, "_database", away)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["database"] == "away"
    assert "canary" not in response.content.decode()


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("could not extend file: No space left on device"),
        InternalError("cannot execute CREATE TABLE in a read-only transaction"),
    ],
)
def test_a_database_that_answers_and_takes_nothing_is_named(client, db, monkeypatch, error):
    refuse_writing(monkeypatch, error)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert (response.json()["ready"], response.json()["database"]) == (False, "cannot write")


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL is asked to write")
def test_sqlite_needs_room_beside_its_file(client, db, free):
    free(health.SQLITE_NEEDS - 1)
    before = client.get("/readyz")
    free(health.SQLITE_NEEDS)
    after = client.get("/readyz")

    assert (before.status_code, before.json()["database"]) == (503, "cannot write")
    assert (after.status_code, after.json()["database"]) == (200, "ok")


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs DATABASE_URL")
@pytest.mark.django_db(transaction=True)
class TestOnPostgreSQL:
    def test_asking_leaves_nothing_behind(self, client):
        for _time in range(2):
            assert client.get("/readyz").json()["database"] == "ok"

        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM readyz")
            assert cursor.fetchone() == (0,)

    def test_a_standby_that_confirms_nothing_any_more_is_named(self, client, monkeypatch):
        monkeypatch.setattr(health, "UNCONFIRMED", "SELECT 1")

        response = client.get("/readyz")

        assert (response.status_code, response.json()["database"]) == (503, "cannot write")

    def test_a_server_that_lets_only_read_is_named(self, client):
        with connection.cursor() as cursor:
            cursor.execute("SET default_transaction_read_only = on")
        try:
            response = client.get("/readyz")
        finally:
            connection.close()

        assert (response.status_code, response.json()["database"]) == (503, "cannot write")


def test_a_migration_that_has_not_run_is_named(client, db):
    latest = MigrationRecorder.Migration.objects.filter(app="signatures").latest("name")
    latest.delete()

    response = client.get("/readyz")

    assert (response.status_code, response.json()["migrations"]) == (503, "away")


# What is said although people can sign


def test_a_disk_that_is_nearly_full_is_named(client, db, free):
    free(health.ENOUGH - 1)

    response = client.get("/readyz")

    assert (response.status_code, response.json()["disk"]) == (200, "full")


def test_a_folder_that_is_not_there_is_named(client, db, settings):
    settings.DATA_DIR = settings.DATA_DIR / "unmounted"

    response = client.get("/readyz")

    assert (response.status_code, response.json()["disk"]) == (200, "away")


def worker(client) -> str:
    response = client.get("/readyz")
    assert (response.status_code, response.json()["ready"]) == (200, True)
    return str(response.json()["worker"])


def test_a_worker_is_away_when_work_has_been_due_for_ten_minutes(client, db):
    work(9 * MINUTE)
    before = worker(client)
    work(11 * MINUTE)

    assert [before, worker(client)] == ["ok", "away"]


@pytest.mark.parametrize("seen", ["started_at", "finished_at"])
def test_a_worker_that_began_or_ended_something_lately_is_there(client, db, seen):
    work(11 * MINUTE)
    work(30 * MINUTE, status=TaskResultStatus.RUNNING, **{seen: timezone.now() - 9 * MINUTE})

    assert worker(client) == "ok"


@pytest.mark.parametrize("minutes", [11, -90])
def test_a_worker_that_was_seen_long_ago_or_in_the_future_is_away(client, db, minutes):
    work(12 * MINUTE)
    seen = timezone.now() - minutes * MINUTE
    work(30 * MINUTE, status=TaskResultStatus.SUCCESSFUL, started_at=seen, finished_at=seen)

    assert worker(client) == "away"


@pytest.mark.parametrize(("due_in_minutes", "word"), [(5, "ok"), (-5, "ok"), (-11, "away")])
def test_work_that_was_put_off_is_due_when_its_time_has_come(client, db, due_in_minutes, word):
    work(60 * MINUTE, run_after=timezone.now() + due_in_minutes * MINUTE)

    assert worker(client) == word


def test_the_queue_is_not_read_to_find_the_oldest(db, django_assert_num_queries):
    for _time in range(3):
        work(MINUTE)

    with django_assert_num_queries(2):
        assert not work_is_abandoned()
