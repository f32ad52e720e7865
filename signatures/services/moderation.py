"""What moderators decide, one signature or many at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from ..enums import State
from ..exceptions import IllegalTransition, SignatureError
from ..models import AuditEntry, Signature
from .transitions import signature_move

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class Decided(NamedTuple):
    """How many of the chosen signatures followed, and why the others did not."""

    done: int
    refused: dict[str, int]


def signature_decide(*, signature_id: UUID, to: State, actor: User, reason: str = "") -> Signature:
    """Accept, reject or mark as duplicate; a counted one that was never looked at is marked seen.

    Raises IllegalTransition or AlreadyCounted, after which nothing has changed.
    """
    with transaction.atomic():
        row = Signature.objects.select_for_update().get(id=signature_id)
        decision = {"decided_at": timezone.now(), "decided_by": actor}
        if to is State.ACCEPTED and row.state == State.ACCEPTED:
            return _mark_seen(row, actor, decision)
        if row.state == State.UNCONFIRMED and to == State.ACCEPTED:
            raise IllegalTransition("Only the owner of the mailbox can confirm this signature.")
        return signature_move(signature=row, to=to, actor=actor, reason=reason, changes=decision)


def _mark_seen(row: Signature, actor: User, decision: dict[str, object]) -> Signature:
    if row.decided_at is None:
        for field, value in decision.items():
            setattr(row, field, value)
        row.save(update_fields=list(decision))
        AuditEntry.objects.create(
            actor=actor,
            action="seen",
            letter_id=row.letter_id,
            signature_id=row.id,
            from_state=row.state,
            to_state=row.state,
        )
    return row


def signature_undo(*, signature_id: UUID, actor: User) -> Signature:
    """Bring a signature back to where it was before the last decision about it.

    Raises IllegalTransition where there is none to undo, AlreadyCounted where another signature
    of the same person has been accepted meanwhile.
    """
    with transaction.atomic():
        row = Signature.objects.select_for_update().get(id=signature_id)
        last = (
            AuditEntry.objects.filter(signature_id=row.id, actor__isnull=False)
            .exclude(from_state="")
            .order_by("-id")
            .first()
        )
        if last is None or last.to_state != row.state or row.state == State.WITHDRAWN:
            raise SignatureError("There is no decision to undo.")
        if last.from_state == last.to_state:
            raise SignatureError("There is no decision to undo.")
        return signature_move(
            signature=row,
            to=State(last.from_state),
            actor=actor,
            action="undone",
            changes={"decided_at": None, "decided_by": None},
        )


def signatures_decide(
    *, signature_ids: Iterable[UUID], to: State, actor: User, reason: str = ""
) -> Decided:
    """`signature_decide` for each, counting refusals by their sentence instead of stopping."""
    done = 0
    refused: dict[str, int] = {}
    for signature_id in signature_ids:
        try:
            signature_decide(signature_id=signature_id, to=to, actor=actor, reason=reason)
            done += 1
        except SignatureError as error:
            refused[str(error)] = refused.get(str(error), 0) + 1
    return Decided(done, refused)


def signatures_undo(*, signature_ids: Iterable[UUID], actor: User) -> Decided:
    """`signature_undo` for each, counting refusals by their sentence instead of stopping."""
    done = 0
    refused: dict[str, int] = {}
    for signature_id in signature_ids:
        try:
            signature_undo(signature_id=signature_id, actor=actor)
            done += 1
        except SignatureError as error:
            refused[str(error)] = refused.get(str(error), 0) + 1
    return Decided(done, refused)
