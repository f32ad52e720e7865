"""Work done in the background: each task calls one service and passes nothing personal."""

from __future__ import annotations

from time import monotonic
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.utils import timezone
from django_tasks import task

from letters.models import Letter

from . import emails, queue
from .services import counts, duplicates, guard, mailing, sweeping, updates

#: A worker that is told to stop ends them first.
MAILS_ALONG = 30
#: A long search gives way to the mails that wait behind it.
SEARCH_SECONDS = 20


@task()
def send_confirmation(signature_id: str, attempt: int = 0) -> bool:
    """Send the mail that a signature is due, and others that wait; True when its own went out."""
    with emails.one_connection():
        sent = mailing.confirmation_send(signature_id=UUID(signature_id), attempt=attempt)
        queue.do_along("send_confirmation", _confirm, most=MAILS_ALONG)
    return sent


def _confirm(pieces: list[dict[str, Any]]) -> list[Exception | None]:
    attempts: dict[UUID, int] = {}
    for each in pieces:  # several for one signature are one: the one with most attempts left
        key, attempt = UUID(each["signature_id"]), each.get("attempt", 0)
        attempts[key] = min(attempt, attempts.get(key, attempt))
    outcomes = mailing.confirmations_send(attempts=attempts)
    found = (outcomes[UUID(each["signature_id"])] for each in pieces)
    return [outcome if isinstance(outcome, Exception) else None for outcome in found]


@task()
def send_update_batch(update_id: int, after: str | None = None, attempt: int = 0) -> None:
    """Send an update to its next recipients."""
    last = UUID(after) if after else None
    with emails.one_connection():
        updates.update_send_batch(update_id=update_id, after=last, attempt=attempt)


@task()
def renew_duplicates(signature_id: str) -> None:
    """Look for duplicates of a signature whose words were changed."""
    duplicates.duplicates_renew(signature_id=UUID(signature_id))


@task()
def find_duplicates() -> None:
    """Look through the new signatures; after 20 seconds the rest waits its turn in the queue."""
    end = monotonic() + SEARCH_SECONDS
    while duplicates.duplicates_find():
        if monotonic() > end:
            queue.enqueue("find_duplicates", run_after=timezone.now())
            return


@task()
def fold_counts() -> None:
    """Fold the changes of the counts that have come together."""
    while counts.counts_fold():
        continue


@task()
def watch_letter(letter_id: int) -> None:
    """Look for a flood under a letter."""
    guard.guard_watch(letter=Letter.objects.get(pk=letter_id))


@task()
def sweep_batch(sweep_id: int, after: str | None = None) -> None:
    """Decide about the next signatures of a sweep."""
    sweeping.sweep_batch(sweep_id=sweep_id, after=UUID(after) if after else None)


@task()
def sweep_undo_batch(sweep_id: int, actor_id: int) -> None:
    """Take a sweep back for the next signatures that it met."""
    sweeping.sweep_undo_batch(sweep_id=sweep_id, actor=User.objects.get(pk=actor_id))
