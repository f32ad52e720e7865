"""The one way to hand work to the background."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import default_task_backend
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

# A worker that was killed leaves its work behind as running, for ever.
LONGEST = timedelta(hours=1)


def enqueue(
    task: str,
    *,
    module: str = "signatures.tasks",
    run_after: datetime | None = None,
    **arguments: Any,
) -> None:
    """Run `task` of `module` with `arguments` (JSON values) after this transaction.

    Named by a string because tasks call services and services hand work to tasks. Where the
    backend is the database the task is a row of the same transaction: both are kept or neither.
    The immediate backend of development waits for the commit instead, and forgets `run_after`.
    """
    work = import_string(f"{module}.{task}")
    if default_task_backend.supports_defer:
        work.using(run_after=run_after).enqueue(**arguments)
    elif run_after is None:
        transaction.on_commit(partial(work.enqueue, **arguments))


def is_in_hand(task: str, *, module: str = "signatures.tasks", **arguments: Any) -> bool:
    """Whether `task` with at least these `arguments` waits, or is being done by a live worker."""
    work = DBTaskResult.objects.filter(task_path=f"{module}.{task}")
    for name, value in arguments.items():
        work = work.filter(**{f"args_kwargs__kwargs__{name}": value})
    running = Q(status=TaskResultStatus.RUNNING, started_at__gt=timezone.now() - LONGEST)
    return work.filter(Q(status=TaskResultStatus.READY) | running).exists()
