"""What the owner of a mailbox may do with the link that was sent there."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ..enums import State
from ..exceptions import AlreadyCounted
from ..journal import Act, journal_note
from ..models import AuditEntry, Signature
from .counts import count_change
from .transitions import signature_move

VALID_FOR = timedelta(days=14)
GRACE_AFTER_CLOSING = timedelta(hours=24)
CONFIRMABLE = frozenset({State.UNCONFIRMED, State.PENDING, State.ACCEPTED})


class Confirmed(Enum):
    """What became of a signature whose owner pressed the button."""

    ACCEPTED = "accepted"
    HELD = "held"
    DUPLICATE = "duplicate"
    GONE = "gone"


def confirmation_is_open(signature: Signature, now: datetime | None = None) -> bool:
    """Whether the mailed link still works: 14 days, and not 24 hours past the letter's closing.

    A signature that ended before its mailbox confirmed it has no working link.
    """
    now = now or timezone.now()
    if not signature.confirmed_at and signature.state not in CONFIRMABLE:
        return False
    closes_at = signature.letter.closes_at
    if closes_at and now > closes_at + GRACE_AFTER_CLOSING:
        return False
    return now <= signature.created_at + VALID_FOR


def signature_confirm(*, signature_id: UUID) -> tuple[Confirmed, Signature | None]:
    """Record that the owner of the mailbox stands by the signature; asking twice changes nothing.

    The address is erased unless updates were asked for. Page links given out before are revoked:
    whoever typed the address into the form need not be its owner.
    """
    with transaction.atomic():
        row = (
            Signature.objects.select_for_update(of=("self",))
            .select_related("letter")
            .filter(id=signature_id)
            .first()
        )
        if row is None or not confirmation_is_open(row):
            return Confirmed.GONE, None
        if row.confirmed_at:
            return _outcome(row), row
        return _confirm(row), row


def _confirm(row: Signature) -> Confirmed:
    changes = {
        "confirmed_at": timezone.now(),
        "email_sealed": row.email_sealed if row.wants_updates else None,
        "link_version": row.link_version + 1,
    }
    if row.state != State.UNCONFIRMED:
        for field, value in changes.items():
            setattr(row, field, value)
        row.save(update_fields=list(changes))
        _log_confirmation(row)
        return _outcome(row)
    _make_way(row)
    try:
        signature_move(signature=row, to=State.ACCEPTED, action="confirmed", changes=changes)
    except AlreadyCounted:
        signature_move(signature=row, to=State.DUPLICATE, action="confirmed again", changes=changes)
    return _outcome(row)


def _make_way(row: Signature) -> None:
    """A confirmed mailbox goes before a signature that only claims the same mailbox.

    That may be one that a list or a mail brought and staff accepted: its owner could neither see
    nor end it, and now speaks for themselves.
    """
    rival = (
        Signature.objects.select_for_update()
        .live()
        .filter(letter_id=row.letter_id, email_key=row.email_key, confirmed_at__isnull=True)
        .first()
    )
    if rival:
        signature_move(
            signature=rival, to=State.DUPLICATE, reason="the mailbox confirmed another entry"
        )


def _outcome(row: Signature) -> Confirmed:
    known = {State.ACCEPTED: Confirmed.ACCEPTED, State.DUPLICATE: Confirmed.DUPLICATE}
    return known.get(State(row.state), Confirmed.HELD)


def _log_confirmation(row: Signature) -> None:
    AuditEntry.objects.create(
        action="confirmed",
        letter_id=row.letter_id,
        signature_id=row.id,
        from_state=row.state,
        to_state=row.state,
    )


def signature_disown(*, signature_id: UUID) -> None:
    """Remove a signature whose mailbox says it is not theirs, as long as it is not confirmed."""
    with transaction.atomic():
        row = Signature.objects.select_for_update().filter(id=signature_id).first()
        if row is None or row.confirmed_at:
            return
        count_change(signature=row, change=-(row.state == State.ACCEPTED))
        AuditEntry.objects.create(
            action="not me",
            letter_id=row.letter_id,
            signature_id=row.id,
            from_state=row.state,
        )
        journal_note(Act.ERASED, row.id)
        row.delete()
