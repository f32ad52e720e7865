"""Sending news to those who asked for it, in batches that survive a break."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from letters.models import Letter
from letters.rendering import render_markdown

from .. import emails, queue
from ..exceptions import MailDelayed, MailRefused, SignatureError
from ..models import AuditEntry, Signature, Update, UpdateMail
from ..models.signature import SignatureQuerySet
from ..sealing import unseal

if TYPE_CHECKING:
    from django.contrib.auth.models import User

BATCH = 100
FEED = 50
SERVER_AWAY = timedelta(minutes=5)


def update_recipients(*, letter: Letter) -> SignatureQuerySet:
    """Signers of `letter` who asked for updates and confirmed the mailbox they are to go to."""
    return (
        Signature.objects.accepted()
        .filter(letter=letter, wants_updates=True)
        .filter(confirmed_at__isnull=False, email_sealed__isnull=False)
        .order_by("id")
    )


def updates_public(*, letter: Letter, language: str) -> list[Update]:
    """Public news of `letter`, newest first: those in `language`, or all where there are none."""
    told = letter.updates.filter(is_public=True, finished_at__isnull=False)
    return list(told.filter(language=language)[:FEED] or told[:FEED])


def update_send(*, update: Update, actor: User) -> None:
    """Begin to send `update`; raises SignatureError where that has been done before."""
    with transaction.atomic():
        row = Update.objects.select_for_update().get(id=update.id)
        if row.started_at:
            raise SignatureError("This update has been sent already.")
        row.started_at = timezone.now()
        row.total = update_recipients(letter=row.letter).count()
        row.save(update_fields=["started_at", "total"])
        AuditEntry.objects.create(
            actor=actor,
            action="update sent",
            letter=row.letter,
            details={"update": row.id, "recipients": row.total},
        )
        queue.enqueue("send_update_batch", update_id=row.id)


def update_send_batch(*, update_id: int, after: UUID | None = None) -> None:
    """Send to the next recipients after the signature `after`, and hand on the rest.

    A mail server that is away ends the batch; it goes on at the same place five minutes later.
    """
    update = Update.objects.select_related("letter").get(id=update_id)
    recipients = update_recipients(letter=update.letter)
    batch = list((recipients.filter(id__gt=after) if after else recipients)[:BATCH])
    for signature in batch:
        try:
            _send_once(update, signature)
        except MailDelayed:
            _go_on(update, after, later=True)
            return
        after = signature.id
    if len(batch) == BATCH:
        _go_on(update, after)
    else:
        Update.objects.filter(id=update.id).update(finished_at=timezone.now())


def _go_on(update: Update, after: UUID | None, *, later: bool = False) -> None:
    with transaction.atomic():
        queue.enqueue(
            "send_update_batch",
            run_after=timezone.now() + SERVER_AWAY if later else None,
            update_id=update.id,
            after=str(after) if after else None,
        )


def _send_once(update: Update, signature: Signature) -> None:
    mail, is_new = UpdateMail.objects.get_or_create(update=update, signature=signature)
    if not is_new:
        return
    try:
        emails.send_update(
            to=unseal(signature.email_sealed or ""),
            language=update.language,
            signature_id=signature.id,
            subject=update.subject,
            body=update.body,
            body_html=render_markdown(update.body),
        )
    except MailRefused:
        mail.refused = True
        mail.save(update_fields=["refused"])
    except MailDelayed:
        mail.delete()
        raise
