"""What moderators decide, one signature or many at a time."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..enums import State
from ..exceptions import IllegalTransition, SignatureError
from ..models import AuditEntry, Signature
from .transitions import signature_move

if TYPE_CHECKING:
    from django.contrib.auth.models import User

UNDONE = "undone"


class Decided(NamedTuple):
    """How many of the chosen signatures followed, and why the others did not."""

    done: int
    refused: dict[str, int]


def signature_decide(*, signature_id: UUID, to: State, actor: User, reason: str = "") -> Signature:
    """Accept, reject or mark as duplicate; a counted one that was never looked at is marked seen.

    Raises IllegalTransition, AlreadyCounted or, for one that is no more, SignatureError; then
    nothing has changed.
    """
    with transaction.atomic():
        row = _locked(signature_id)
        decision = {"decided_at": timezone.now(), "decided_by": actor}
        if to is State.ACCEPTED and row.state == State.ACCEPTED:
            if row.decided_at:
                raise IllegalTransition(_("It had been accepted before."))
            return _mark_seen(row, actor, decision)
        if row.state == State.UNCONFIRMED and to == State.ACCEPTED:
            raise IllegalTransition(_("Only the owner of the mailbox can confirm this signature."))
        return signature_move(signature=row, to=to, actor=actor, reason=reason, changes=decision)


def _locked(signature_id: UUID) -> Signature:
    row = Signature.objects.select_for_update().filter(id=signature_id).first()
    if row is None:
        raise SignatureError(_("This signature was erased meanwhile."))
    return row


def _mark_seen(row: Signature, actor: User, decision: dict[str, object]) -> Signature:
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
    """Bring a signature back to where it was before the last decision about it that still holds.

    Who decided before that stands again beside it. Raises SignatureError where there is nothing to
    undo, AlreadyCounted where another signature of the same person is live meanwhile.
    """
    with transaction.atomic():
        row = _locked(signature_id)
        decisions = _decisions(row)
        last = decisions.pop() if decisions else None
        if last is None or last.to_state != row.state or last.from_state == last.to_state:
            raise SignatureError(_("There is no decision to undo."))
        earlier = decisions[-1] if decisions and decisions[-1].to_state == last.from_state else None
        return signature_move(
            signature=row,
            to=State(last.from_state),
            actor=actor,
            action=UNDONE,
            changes={
                "decided_at": earlier and earlier.at,
                "decided_by": earlier and earlier.actor,
            },
        )


def _decisions(row: Signature) -> list[AuditEntry]:
    """What people decided about `row`, oldest first, without what was undone."""
    standing: list[AuditEntry] = []
    by_people = AuditEntry.objects.filter(signature_id=row.id, actor__isnull=False)
    for entry in by_people.exclude(from_state="").select_related("actor").order_by("id"):
        if entry.action == UNDONE:
            standing.pop()
        else:
            standing.append(entry)
    return standing


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
