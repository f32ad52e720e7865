"""`check --deploy` says what is wrong with a production machine, by id and with a hint."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.core.checks import CheckMessage, run_checks
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from letter_site import checks
from letter_site.env import fernet_keys

pytestmark = pytest.mark.django_db

SERVER_SETTINGS = checks.postgresql_settings
STRONG = {
    "SECRET_KEY": "h0Zq_8sKc1vUyT5nRw2LxPdE7aJmG4bFiQo9NtVXkYzCSuA3reB6DHpW",
    "PEPPER": "Vq3mX9TzL0pKdY7wEfR2sNbG5hJcUa8oQi4MvPxSt6k",
    "FIELD_KEYS": ["t5Gx0mYbN1v9rQeKfZ7cHj3sWd8uPaLi6oTzXyVnBkM="],
}


@pytest.fixture(autouse=True)
def well_set(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A production machine with nothing to complain about."""
    for name, value in STRONG.items():
        setattr(settings, name, value)
    settings.DEBUG = False
    settings.DATA_DIR = tmp_path
    settings.SITE_URL = "https://letter.example"
    settings.TRUSTED_PROXIES = 1
    settings.REDIS_URL = "redis://redis.example:6379/0"
    settings.EMAIL_URL = "smtp://mail.example:587/?tls=1"
    settings.BACKUP_RECIPIENT = str(pyrage.x25519.Identity.generate().to_public())
    settings.BACKUP_DIR = tmp_path / "backups"
    quiet = {name: values[0] for name, values in checks.QUIET.items()}
    monkeypatch.setattr(checks, "postgresql_settings", lambda _names: quiet)
    monkeypatch.delenv("WEB_CONCURRENCY", raising=False)
    monkeypatch.delenv("GUNICORN_CMD_ARGS", raising=False)


def found() -> Iterator[CheckMessage]:
    messages = run_checks(include_deployment_checks=True)
    return (message for message in messages if str(message.id).startswith("letter_site."))


def ids() -> list[str | None]:
    return [message.id for message in found()]


def queue_work(*, minutes_ago: float, **fields: Any) -> DBTaskResult:
    row = DBTaskResult.objects.create(
        task_path="signatures.tasks.send_confirmation",
        backend_name="default",
        args_kwargs={"args": [], "kwargs": {}},
        exception_class_path="",
        traceback="",
        **{"run_after": timezone.now() - timedelta(minutes=minutes_ago), **fields},
    )
    DBTaskResult.objects.filter(id=row.id).update(
        enqueued_at=timezone.now() - timedelta(minutes=minutes_ago)
    )
    return row


def test_a_well_set_machine_has_nothing_to_hear():
    assert ids() == []


def test_every_message_says_what_to_do(settings, monkeypatch):
    settings.PEPPER = settings.SECRET_KEY = "short"
    settings.TRUSTED_PROXIES = 0
    settings.REDIS_URL = settings.EMAIL_URL = ""
    monkeypatch.setenv("WEB_CONCURRENCY", "4")
    queue_work(minutes_ago=11)

    messages = list(found())

    assert len(messages) >= 6
    assert all(message.hint for message in messages)


@pytest.mark.parametrize("name", ["SECRET_KEY", "PEPPER"])
@pytest.mark.parametrize(
    "key", ["k" * 31, "0123456789" * 6, "abcdefghijk" * 5, STRONG["PEPPER"][:31]]
)
def test_a_key_that_could_be_guessed_is_an_error(settings, name, key):
    setattr(settings, name, key)

    assert ids() == ["letter_site.E001"]


def test_a_sealing_key_of_one_byte_repeated_is_an_error(settings):
    settings.FIELD_KEYS = [*STRONG["FIELD_KEYS"], "A" * 43 + "="]

    [message] = found()

    assert message.id == "letter_site.E001"
    assert message.msg.startswith("key 2 of FIELD_KEYS is weak")


@pytest.mark.parametrize(
    ("name", "weak", "fits"),
    [
        ("PEPPER", "short", lambda made: len(made) >= checks.SHORTEST_KEY),
        ("FIELD_KEYS", ["A" * 43 + "="], lambda made: fernet_keys(made) == [made]),
    ],
)
def test_the_hint_makes_a_key_that_fits_its_place(settings, name, weak, fits):
    setattr(settings, name, weak)

    [message] = found()

    command = str(message.hint).removeprefix("Make one with: ")
    made = subprocess.run(shlex.split(command), capture_output=True, text=True, check=True)
    assert fits(made.stdout.strip())


@pytest.mark.parametrize(
    ("name", "other"),
    [("SECRET_KEY", "PEPPER"), ("FIELD_KEYS", "PEPPER"), ("FIELD_KEYS", "SECRET_KEY")],
)
def test_two_keys_that_are_one_are_an_error(settings, name, other):
    value = STRONG[other]
    setattr(settings, name, [value] if name == "FIELD_KEYS" else value)

    assert ids() == ["letter_site.E002"]


def test_no_message_repeats_a_key(settings):
    settings.PEPPER = settings.SECRET_KEY = "kept-to-itself"

    said = " ".join(f"{message.msg} {message.hint}" for message in found())

    assert "kept-to-itself" not in said


@pytest.mark.parametrize("name", list(STRONG))
def test_a_key_made_for_development_is_an_error_in_production(settings, tmp_path, name):
    value = STRONG[name]
    made = {name: value[0] if isinstance(value, list) else value}
    (tmp_path / "development-keys.json").write_text(json.dumps(made))

    assert ids() == ["letter_site.E003"]


def test_development_may_use_its_keys_and_files(settings, tmp_path):
    settings.DEBUG = True
    settings.EMAIL_URL = ""
    (tmp_path / "development-keys.json").write_text(json.dumps({"PEPPER": STRONG["PEPPER"]}))

    assert ids() == []


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("WEB_CONCURRENCY", "2"),
        ("GUNICORN_CMD_ARGS", "--bind :8000 --workers 3"),
        ("GUNICORN_CMD_ARGS", "--workers=3"),
        ("GUNICORN_CMD_ARGS", "-w 3"),
    ],
)
@pytest.mark.usefixtures("on_postgresql")
def test_several_processes_without_redis_are_a_warning(settings, monkeypatch, variable, value):
    settings.REDIS_URL = ""
    monkeypatch.setenv(variable, value)

    assert ids() == ["letter_site.W001"]


@pytest.mark.parametrize("value", ["auto", "abc", "0"])
def test_a_number_of_processes_that_is_none_is_named(monkeypatch, value):
    monkeypatch.setenv("WEB_CONCURRENCY", value)

    with pytest.raises(ImproperlyConfigured, match=r"^WEB_CONCURRENCY must be a whole number"):
        ids()


def test_one_process_needs_no_redis(settings, monkeypatch):
    settings.REDIS_URL = ""
    monkeypatch.setenv("WEB_CONCURRENCY", "1")

    assert ids() == []


def test_https_without_a_counted_proxy_is_a_warning(settings):
    settings.TRUSTED_PROXIES = 0

    assert ids() == ["letter_site.W002"]


def test_an_onion_site_has_no_proxy_to_count(settings):
    settings.SITE_URL = "http://letterletter.onion"
    settings.TRUSTED_PROXIES = 0

    assert ids() == []


def test_mail_that_goes_to_files_is_a_warning(settings):
    settings.EMAIL_URL = ""

    assert ids() == ["letter_site.W003"]


def test_work_that_waits_for_eleven_minutes_is_a_warning():
    queue_work(minutes_ago=11)

    [message] = found()

    assert message.id == "letter_site.W004"
    assert message.msg.startswith("Work has waited for 11 minutes")


def test_work_that_is_not_put_off_waits_since_it_was_handed_over():
    queue_work(minutes_ago=11, run_after=get_date_max())

    assert ids() == ["letter_site.W004"]


@pytest.mark.parametrize("minutes_ago", [9, 0, -60])
def test_work_that_is_fresh_or_put_off_alarms_nobody(minutes_ago):
    queue_work(minutes_ago=minutes_ago)

    assert ids() == []


def test_a_worker_that_ended_something_lately_is_seen():
    queue_work(minutes_ago=30)
    queue_work(
        minutes_ago=40,
        status=TaskResultStatus.SUCCESSFUL,
        started_at=timezone.now() - timedelta(minutes=12),
        finished_at=timezone.now() - timedelta(minutes=2),
    )

    assert ids() == []


def test_a_database_without_tables_is_told_by_migrations_not_here(monkeypatch):
    def no_table(_now: object) -> None:
        raise DatabaseError("no such table")

    monkeypatch.setattr(checks, "work_queue", no_table)

    assert ids() == []


@pytest.fixture
def on_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "vendor", "postgresql", raising=False)


@pytest.fixture
def on_sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "vendor", "sqlite", raising=False)


@pytest.mark.usefixtures("on_sqlite")
def test_several_processes_on_one_sqlite_file_are_a_warning(monkeypatch):
    monkeypatch.setenv("WEB_CONCURRENCY", "4")

    assert ids() == ["letter_site.W005"]


@pytest.mark.usefixtures("on_postgresql")
def test_several_processes_on_postgresql_are_as_it_should_be(monkeypatch):
    monkeypatch.setenv("WEB_CONCURRENCY", "4")

    assert ids() == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("log_min_error_statement", "error"),
        ("log_error_verbosity", "default"),
        ("log_statement", "all"),
        ("log_statement", "mod"),
        ("log_min_duration_statement", "0"),
        ("log_min_duration_statement", "250"),
    ],
)
def test_a_database_server_that_writes_names_down_is_a_warning(monkeypatch, name, value):
    quiet = {each: values[0] for each, values in checks.QUIET.items()}
    monkeypatch.setattr(checks, "postgresql_settings", lambda _names: {**quiet, name: value})

    (message,) = found()

    assert message.id == "letter_site.W006"
    assert f"{name} is {value}" in message.msg


def test_a_database_that_is_no_postgresql_or_is_away_is_not_asked(settings, monkeypatch):
    monkeypatch.setattr(checks, "postgresql_settings", lambda _names: {})

    assert ids() == []


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="DATABASE_URL names no PostgreSQL")
def test_postgresql_tells_what_it_is_set_to():
    assert set(SERVER_SETTINGS(checks.QUIET)) == set(checks.QUIET)


def test_backups_for_nobody_are_a_warning(settings):
    settings.BACKUP_RECIPIENT = "age1nonsense"

    [message] = found()

    assert message.id == "letter_site.W008"
    assert message.msg.startswith("BACKUP_RECIPIENT")


def test_backups_that_have_no_place_are_a_warning(settings, tmp_path):
    (tmp_path / "disk").write_text("not mounted")
    settings.BACKUP_DIR = tmp_path / "disk" / "backups"

    [message] = found()

    assert message.id == "letter_site.W009"
    assert message.msg.endswith(f"{tmp_path / 'disk'} takes no files from this user.")


def test_a_place_that_belongs_to_somebody_else_is_a_warning(settings, tmp_path, monkeypatch):
    """Told by os.access, because root, who may run this test, may write everywhere."""
    settings.BACKUP_DIR = tmp_path
    monkeypatch.setattr(os, "access", lambda _path, mode: mode == os.F_OK)

    assert ids() == ["letter_site.W009"]


@pytest.mark.parametrize(("debug", "recipient"), [(True, "age1nonsense"), (False, "")])
def test_who_asks_for_no_backups_hears_nothing_of_them(settings, tmp_path, debug, recipient):
    settings.DEBUG = debug
    settings.BACKUP_RECIPIENT = recipient
    settings.BACKUP_DIR = tmp_path / "development-keys.json" / "nowhere"

    assert ids() == []
