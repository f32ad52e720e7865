"""Work done in the background: each task calls one service and passes nothing personal."""

from __future__ import annotations

from uuid import UUID

from django_tasks import task

from .services import mailing, updates


@task()
def send_confirmation(signature_id: str, attempt: int = 0) -> bool:
    """Send the mail that a signature is due; True when one went out."""
    return mailing.confirmation_send(signature_id=UUID(signature_id), attempt=attempt)


@task()
def send_update_batch(update_id: int, after: str | None = None) -> None:
    """Send an update to its next recipients."""
    updates.update_send_batch(update_id=update_id, after=UUID(after) if after else None)
