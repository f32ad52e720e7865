"""What the database keeps of failed work: where in the code it was, never with which values."""

from __future__ import annotations

import sys
from typing import Any

from django.db.models.signals import pre_save
from django.dispatch import receiver
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from .logs import places


@receiver(pre_save, sender=DBTaskResult)
def leave_out_values(instance: DBTaskResult[Any, Any], **_arguments: Any) -> None:
    """Put places in the code for the traceback, which quotes what exceptions say.

    The worker saves a failure while it handles the exception; one saved later keeps nothing.
    """
    if instance.status == TaskResultStatus.FAILED:
        error = sys.exception()
        instance.traceback = places(type(error), error.__traceback__) if error else ""
