"""Sending news to those who asked for it, in batches that survive a break."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from letters.models import Letter
from letters.rendering import render_markdown

from .. import emails, queue
from ..exceptions import MailDelayed, MailRefused, SignatureError
from ..models import AuditEntry, Signature, Update, UpdateMail
from ..models.signature import SignatureQuerySet
from ..sealing import unseal
from .mailing import RETRY_AFTER

if TYPE_CHECKING:
    from django.contrib.auth.models import User

BATCH = 100
FEED = 50
SERVER_AWAY = 3  # mailboxes in a row
LEFT_ALONE = timedelta(minutes=5)


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
            raise SignatureError(_("This update has been sent already."))
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


def update_send_batch(*, update_id: int, after: UUID | None = None, attempt: int = 0) -> None:
    """Send to the next recipients after the signature `after`, and hand on the rest.

    A mailbox that takes no mail now is passed over; when all others have theirs, the same begins
    anew with those, `RETRY_AFTER[attempt]` later, as often as there are such waits. Several such
    mailboxes in a row are taken for a mail server that is away, and it is left alone for a while.
    """
    update = Update.objects.select_related("letter").get(id=update_id)
    waiting = _without_mail(update)
    batch = list((waiting.filter(id__gt=after) if after else waiting)[:BATCH])
    delays = 0
    for signature in batch:
        after = signature.id
        delays = 0 if _send_once(update, signature) else delays + 1
        if delays == SERVER_AWAY:
            _go_on(update, after, attempt, wait=LEFT_ALONE)
            return
    if len(batch) == BATCH:
        _go_on(update, after, attempt)
    elif attempt < len(RETRY_AFTER) and waiting.exists():
        _go_on(update, None, attempt + 1, wait=RETRY_AFTER[attempt])
    else:
        Update.objects.filter(id=update.id).update(finished_at=timezone.now())


def updates_chase() -> int:
    """Take up every sending whose worker was killed; return how many."""
    broken_off = updates_broken_off()
    for update in broken_off:
        _go_on(update, None, 0)
    return len(broken_off)


def updates_broken_off() -> list[Update]:
    """Updates that are half sent, with nobody at work on the rest."""
    return [
        update
        for update in Update.objects.filter(started_at__isnull=False, finished_at__isnull=True)
        if not queue.is_in_hand("send_update_batch", update_id=update.id)
    ]


def _without_mail(update: Update) -> SignatureQuerySet:
    mailed = UpdateMail.objects.filter(update=update, signature=OuterRef("pk"))
    return update_recipients(letter=update.letter).exclude(Exists(mailed))


def _go_on(
    update: Update, after: UUID | None, attempt: int, *, wait: timedelta | None = None
) -> None:
    queue.enqueue(
        "send_update_batch",
        run_after=timezone.now() + wait if wait else None,
        update_id=update.id,
        after=str(after) if after else None,
        attempt=attempt,
    )


def _send_once(update: Update, signature: Signature) -> bool:
    """Send `update` to one signer who has not got it; False where it is to be tried again.

    It is noted before it is sent: who is killed in between costs one mail, never sends two.
    """
    mail, is_new = UpdateMail.objects.get_or_create(update=update, signature=signature)
    if not is_new:
        return True
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
        return False
    return True
