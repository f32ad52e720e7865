"""The background's queue: what waits, and whether anybody works on it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from django.db.models import Count, Max, Q
from django.utils import timezone
from django_tasks.base import DEFAULT_TASK_PRIORITY, TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

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

        A queue in which nothing is due tells nothing about its worker, and alarms nobody. A worker
        of the future was seen before the clock was put back.
        """
        silent = self.worker_seen is None or abs(now - self.worker_seen) > UNSEEN_AFTER
        return silent and self.age(now) > UNSEEN_AFTER


def work_queue(now: datetime | None = None) -> WorkQueue:
    """Look at the queue once, in three statements; raises DatabaseError where there is no table.

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


def work_is_abandoned(now: datetime | None = None) -> bool:
    """What `WorkQueue.is_abandoned` says, at any length of the queue by two looks into an index.

    Only where work has been due for too long is the table asked when a worker was last seen.
    """
    now = now or timezone.now()
    oldest = _due_since(now)
    if oldest is None or now - oldest <= UNSEEN_AFTER:
        return False
    lately = (now - UNSEEN_AFTER, now + UNSEEN_AFTER)
    at_work = Q(started_at__range=lately) | Q(finished_at__range=lately)
    return not DBTaskResult.objects.filter(at_work).exists()


def _due_since(now: datetime) -> datetime | None:
    """Asked for as the index is ordered: by priority, of which we use one, then by time."""
    due = DBTaskResult.objects.filter(WAITING, priority=DEFAULT_TASK_PRIORITY)
    put_off = due.filter(run_after__lte=now).order_by("run_after").values_list("run_after")
    # Work that is not put off carries the end of time as `run_after`.
    at_once = (
        due.filter(run_after=get_date_max()).order_by("enqueued_at").values_list("enqueued_at")
    )
    found = [*put_off[:1], *at_once[:1]]
    return min((moment for (moment,) in found), default=None)
