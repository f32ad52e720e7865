"""The background's queue: what waits, and whether anybody works on it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Case, Count, F, Max, Min, Q, When
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

UNSEEN_AFTER = timedelta(minutes=10)
MAILS = Q(task_path="signatures.tasks.send_confirmation")
WAITING = Q(status=TaskResultStatus.READY)
FAILED = Q(status=TaskResultStatus.FAILED)


class WorkQueue(NamedTuple):
    """One look at the queue; times are aware and UTC.

    `waiting` counts what is due and what is put off, `due_since` is when the oldest due piece of
    work should have begun, `worker_seen` when a worker last began or ended one.
    """

    waiting: int
    failed: int
    mails_waiting: int
    mails_failed: int
    due_since: datetime | None
    worker_seen: datetime | None

    def age(self, now: datetime) -> timedelta:
        """How long the oldest due piece of work has waited at `now`; none waits: zero."""
        return max(timedelta(), now - self.due_since) if self.due_since else timedelta()

    def is_abandoned(self, now: datetime) -> bool:
        """Whether work has been due for ten minutes in which no worker began or ended anything.

        A queue in which nothing is due tells nothing about its worker, and alarms nobody.
        """
        silent = self.worker_seen is None or now - self.worker_seen > UNSEEN_AFTER
        return silent and self.age(now) > UNSEEN_AFTER


def work_queue(now: datetime | None = None) -> WorkQueue:
    """Look at the queue once, in two statements; raises DatabaseError where there is no table.

    Finished work is kept until `prune_db_task_results`, and one statement reads all of it: prune
    it daily.
    """
    now = now or timezone.now()
    seen = DBTaskResult.objects.order_by().aggregate(
        waiting=Count("id", filter=WAITING),
        failed=Count("id", filter=FAILED),
        mails_waiting=Count("id", filter=WAITING & MAILS),
        mails_failed=Count("id", filter=FAILED & MAILS),
        started=Max("started_at"),
        finished=Max("finished_at"),
    )
    times = [time for time in (seen.pop("started"), seen.pop("finished")) if time]
    return WorkQueue(**seen, due_since=_due_since(now), worker_seen=max(times, default=None))


def _due_since(now: datetime) -> datetime | None:
    # Work that is not put off carries the end of time as `run_after`.
    due_at = Case(When(run_after__lte=now, then=F("run_after")), default=F("enqueued_at"))
    oldest: datetime | None = (
        DBTaskResult.objects.ready().order_by().aggregate(oldest=Min(due_at))["oldest"]
    )
    return oldest
