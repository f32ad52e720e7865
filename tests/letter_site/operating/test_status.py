"""What an operator sees: numbers about the site, nothing about a person."""

from __future__ import annotations

import errno
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.registry import Collector
from uuid_utils.compat import uuid7

from letter_site.management.commands import status
from letter_site.operating.figures import Figures, figures, first_id_at, kept_figures
from letter_site.operating.metrics import FigureCollector, RequestTimes
from letter_site.operating.work_queue import WorkQueue
from signatures.enums import HoldReason, State
from signatures.services.counts import count_change
from tests.factories import SignatureFactory, TextFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def backup_dir(settings: Any, tmp_path: Path) -> Path:
    settings.BACKUP_DIR = tmp_path
    return tmp_path


def said() -> str:
    out = StringIO()
    call_command("status", stdout=out)
    return out.getvalue()


def scraped(collector: Collector | None = None) -> str:
    registry = CollectorRegistry()
    registry.register(collector or FigureCollector(figures))
    return generate_latest(registry).decode()


def accept(**fields: Any) -> None:
    count_change(signature=SignatureFactory.create(**fields), change=1)


# Figures


def test_signatures_are_counted_by_letter_and_state():
    one, other = TextFactory(letter__slug="one"), TextFactory(letter__slug="other")
    accept(text=one)
    accept(text=one)
    SignatureFactory.create(text=one, state=State.PENDING)
    SignatureFactory.create(text=other, state=State.UNCONFIRMED, sealed=True)

    counted = figures().signatures

    assert counted["one"] == dict.fromkeys(State.values, 0) | {"accepted": 2, "pending": 1}
    assert counted["other"] == dict.fromkeys(State.values, 0) | {"unconfirmed": 1}


def test_accepted_ones_are_not_counted_by_looking_at_them():
    """Six million rows are not read once a minute: the daily counts know."""
    SignatureFactory.create_batch(3)

    with CaptureQueriesContext(
        connection,
    ) as asked:
        counted = figures().signatures

    about_states = [q["sql"] for q in asked if "GROUP BY" in q["sql"] and '"state" IN' in q["sql"]]
    assert about_states
    assert not any("accepted" in sql.split("WHERE")[1] for sql in about_states)
    assert {states["accepted"] for states in counted.values()} == {0}


def test_the_held_share_is_that_of_the_last_day():
    SignatureFactory.create(hold_reasons=[HoldReason.RATE], state=State.PENDING)
    SignatureFactory.create_batch(3)
    yesterday = timezone.now() - timedelta(hours=25)
    SignatureFactory.create(id=first_id_at(yesterday), hold_reasons=[HoldReason.TIMING])

    seen = figures()

    assert (seen.signed_recently, seen.held_recently, seen.held_share) == (4, 1, 0.25)


def test_nobody_signed_so_nothing_was_held():
    assert figures().held_share == 0.0


def test_ids_of_a_moment_begin_where_its_milliseconds_begin():
    before = first_id_at(timezone.now() - timedelta(milliseconds=5))

    made = uuid7()

    assert before < made < first_id_at(timezone.now() + timedelta(milliseconds=5))


def test_a_signature_that_got_no_mail_for_an_hour_is_overdue():
    now = timezone.now()
    waiting = {"state": State.UNCONFIRMED, "sealed": True}
    SignatureFactory.create(**waiting, created_at=now - timedelta(minutes=61))
    SignatureFactory.create(**waiting, created_at=now - timedelta(minutes=59))
    SignatureFactory.create(**waiting, created_at=now - timedelta(hours=5), mailed_at=now)

    assert figures(now).mails_overdue == 1


def test_the_newest_backup_is_found_by_its_name(backup_dir):
    for name in ["letter-20260101T000000Z", "letter-20260604T010203Z", ".letter-x.partial"]:
        (backup_dir / name).mkdir()

    assert figures().last_backup == datetime(2026, 6, 4, 1, 2, 3, tzinfo=UTC)


def test_the_figures_are_looked_at_once_a_minute_however_often_they_are_asked():
    ask = kept_figures(figures)

    first, second = ask(), ask()

    assert first is second


# The queue

NOW = datetime(2026, 6, 4, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("due_minutes", "seen_minutes", "abandoned"),
    [
        (None, None, False),
        (None, 600, False),
        (9, None, False),
        (11, None, True),
        (11, 11, True),
        (11, 9, False),
        (-5, None, False),
    ],
)
def test_a_queue_is_abandoned_when_work_is_due_and_nobody_was_seen(
    due_minutes, seen_minutes, abandoned
):
    due, seen = (
        None if minutes is None else NOW - timedelta(minutes=minutes)
        for minutes in (due_minutes, seen_minutes)
    )
    queue = WorkQueue(1, 0, 0, 0, due_since=due, worker_seen=seen)

    assert queue.is_abandoned(NOW) is abandoned


# status


def test_status_says_every_number_in_words(backup_dir):
    text = TextFactory(letter__slug="un-2011")
    accept(text=text)
    (backup_dir / "letter-20260101T000000Z").mkdir()

    lines = said().splitlines()

    assert lines[0] == "Letter un-2011"
    assert "  accepted                1" in lines
    assert "Last 24 hours: 1 signed, 0 held (0.0%)" in lines
    assert "Queue: 0 waiting, the oldest due for 0 s; 0 failed" in lines
    assert "Mails: 0 waiting, 0 failed, 0 signatures without one for over an hour" in lines
    assert "Worker: last at work never" in lines
    assert "Deliveries: none" in lines
    assert lines[-1].startswith("Last backup: ")
    assert lines[-1].endswith(" ago")


@pytest.fixture
def shelf_locked(backup_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As root, who may run this test, would never meet it."""

    def denied(_path: Path) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", denied)


@pytest.mark.usefixtures("shelf_locked")
def test_status_says_that_it_cannot_see_the_backups(backup_dir):
    last = said().splitlines()[-1]

    assert last == f"Last backup: not known: {backup_dir} cannot be read: Permission denied."


@pytest.mark.usefixtures("shelf_locked")
def test_prometheus_is_answered_while_the_backups_cannot_be_seen():
    """And hears what raises the alarm for no backup."""
    text = scraped()

    assert "letter_up 1.0" in text
    assert "letter_backup_timestamp_seconds 0.0" in text


def test_status_shouts_when_nobody_works():
    DBTaskResult.objects.create(
        task_path="signatures.tasks.send_confirmation",
        backend_name="default",
        args_kwargs={"args": [], "kwargs": {}},
        exception_class_path="",
        traceback="",
        run_after=timezone.now() - timedelta(minutes=12),
    )

    assert "WORK WAITS AND NOBODY DOES IT" in said()
    assert "Mails: 1 waiting" in said()


def test_status_names_nobody():
    SignatureFactory.create(name="Canary Name", residence="Canaria", email="canary@example.org")

    assert "anar" not in said()
    assert "anar" not in scraped()


def test_status_says_in_one_line_that_the_database_is_away(monkeypatch):
    def away() -> Figures:
        raise DatabaseError("connection refused at 10.0.0.7")

    monkeypatch.setattr(status, "figures", away)

    with pytest.raises(CommandError, match="database does not answer"):
        said()


# metrics


def test_prometheus_reads_the_same_numbers():
    accept(text=TextFactory(letter__slug="un-2011"))

    text = scraped()

    assert "letter_up 1.0" in text
    assert 'letter_signatures{letter="un-2011",state="accepted"} 1.0' in text
    assert "letter_queue_age_seconds 0.0" in text
    assert "letter_held_share 0.0" in text
    assert "letter_backup_timestamp_seconds 0.0" in text


def test_a_scrape_while_the_database_is_away_says_so_and_nothing_else():
    def away() -> Figures:
        raise DatabaseError

    assert [line for line in scraped(FigureCollector(away)).splitlines() if line[0] != "#"] == [
        "letter_up 0.0"
    ]


def test_request_times_are_kept_by_route_and_never_by_path(client):
    client.get("/s/a-secret-token/")
    client.get("/no/such/canary/")
    client.generic("BREW", "/healthz")

    text = scraped(RequestTimes())

    assert 'letter_request_seconds_count{method="GET",route="signature",status="' in text
    assert 'route="none",status="4xx"' in text
    assert 'method="other",route="healthz"' in text
    assert "secret" not in text
    assert "canary" not in text
