"""What a browser sends, and what the worker does with what that enqueued."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult

from letters.models import LetterText
from signatures.tokens import make_stamp

Post = Callable[..., Any]


def form_data(text: LetterText, **changes: Any) -> dict[str, Any]:
    """A form that is filled in well, without an e-mail; a value of None leaves the field out."""
    data = {
        "name": "Amal Haddad",
        "residence": "Beirut, Lebanon",
        "occupation": "teacher",
        "email": "",
        "visibility": "public",
        "consent": "on",
        "website": "",
        "rendered": make_stamp(text.digest, time.time()),
        **changes,
    }
    return {name: value for name, value in data.items() if value is not None}


def _worker() -> Worker:
    return Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="test",
        excluded_queue_names=[],
    )


def work_one() -> DBTaskResult | None:
    """Run the next task that is due by the worker's own code; return it, or None."""
    row = DBTaskResult.objects.ready().first()
    if row:
        row.claim("test")
        _worker().run_task(row)
        row.refresh_from_db()
    return row


def work_off() -> int:
    """Run every task that is due; return how many there were."""
    done = 0
    while row := work_one():
        assert row.status == "SUCCESSFUL", row.traceback
        done += 1
    return done
