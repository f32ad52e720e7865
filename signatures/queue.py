"""The one way to hand work to the background."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks import default_task_backend
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max
from django_tasks_db.utils import exclusive_transaction

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
    if is_stored():
        work.using(run_after=run_after).enqueue(**arguments)
    elif run_after is None:
        transaction.on_commit(partial(work.enqueue, **arguments))


def is_stored() -> bool:
    """Whether work waits in a table, as in production; development's backend does it at once."""
    return bool(default_task_backend.supports_defer)


def work_row(
    task: str, *, module: str = "signatures.tasks", **arguments: Any
) -> DBTaskResult[..., Any]:
    """What `enqueue` stores where work is stored, for whoever inserts it along with another row."""
    work = import_string(f"{module}.{task}")
    return DBTaskResult(
        args_kwargs={"args": [], "kwargs": arguments},
        enqueued_at=timezone.now(),
        priority=work.priority,
        task_path=work.module_path,
        queue_name=work.queue_name,
        run_after=get_date_max(),
        backend_name=work.backend,
    )


def do_along(
    task: str,
    do: Callable[[list[dict[str, Any]]], Iterable[Exception | None]],
    *,
    most: int,
    module: str = "signatures.tasks",
) -> int:
    """Take up to `most` more due pieces of `task` and `do` them together; return how many.

    A worker asks the database for every single piece of work before and after it, which costs more
    than to send one mail. `do` gets the arguments of each piece and gives back each one's error.
    What has been done leaves the queue; what failed stays in it as failed, as the worker would
    leave it; what a killed worker had taken stays as running.
    """
    taken = _take(f"{module}.{task}", most)
    errors = do([work.args_kwargs["kwargs"] for work in taken]) if taken else []
    done = []
    for work, error in zip(taken, errors, strict=True):
        if error:
            work.set_failed(error)
        else:
            done.append(work.id)
    DBTaskResult.objects.filter(id__in=done).delete()
    return len(taken)


def _take(task_path: str, most: int) -> list[DBTaskResult[..., Any]]:
    due = DBTaskResult.objects.ready().filter(task_path=task_path)
    with exclusive_transaction(due.db):
        taken = list(due.select_for_update(skip_locked=True)[:most])
        DBTaskResult.objects.filter(id__in=[work.id for work in taken]).update(
            status=TaskResultStatus.RUNNING, started_at=timezone.now()
        )
    return taken


def is_in_hand(task: str, *, module: str = "signatures.tasks", **arguments: Any) -> bool:
    """Whether `task` with at least these `arguments` waits, or is being done by a live worker."""
    work = DBTaskResult.objects.filter(task_path=f"{module}.{task}")
    for name, value in arguments.items():
        work = work.filter(**{f"args_kwargs__kwargs__{name}": value})
    running = Q(status=TaskResultStatus.RUNNING, started_at__gt=timezone.now() - LONGEST)
    return work.filter(Q(status=TaskResultStatus.READY) | running).exists()
