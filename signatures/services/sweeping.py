"""Deciding about many signatures at once, in the background, and taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from .. import queue
from ..enums import HoldReason, State, SweepDecision
from ..exceptions import SignatureError
from ..models import AuditEntry, Signature, Sweep, Swept
from .patterns import Pattern, pattern_signatures
from .transitions import signature_move

if TYPE_CHECKING:
    from django.contrib.auth.models import User

BATCH = 200


def sweep_begin(*, pattern: Pattern, decision: SweepDecision, reason: str, actor: User) -> Sweep:
    """Hold or reject everything that fits `pattern`, batch by batch in the background.

    Raises SignatureError without a reason, or where nothing fits.
    """
    if not reason.strip():
        raise SignatureError(_("Write the reason; nothing was changed."))
    total = pattern_signatures(pattern).count()
    if not total:
        raise SignatureError(_("No signature fits; nothing was changed."))
    with transaction.atomic():
        sweep = Sweep.objects.create(
            **vars(pattern),
            decision=decision,
            reason=reason.strip()[:400],
            decided_by=actor,
            started_at=timezone.now(),
            total=total,
        )
        _log(sweep, actor, action="sweep begun")
        queue.enqueue("sweep_batch", sweep_id=sweep.pk)
    return sweep


def sweep_batch(*, sweep_id: int, after: UUID | None = None) -> None:
    """Decide about the next signatures after `after`, and hand on the rest.

    A sweep that was taken back meanwhile goes no further.
    """
    sweep = Sweep.objects.select_related("letter", "decided_by").get(pk=sweep_id)
    if sweep.undone_at:
        return
    rows = pattern_signatures(pattern_of(sweep)).exclude(state=sweep.leads_to)
    ids = list((rows.filter(id__gt=after) if after else rows).values_list("id", flat=True)[:BATCH])
    for signature_id in ids:
        _sweep_one(sweep, signature_id)
    if len(ids) == BATCH:
        queue.enqueue("sweep_batch", sweep_id=sweep.pk, after=str(ids[-1]))
    else:
        Sweep.objects.filter(pk=sweep.pk).update(finished_at=timezone.now())


def pattern_of(sweep: Sweep) -> Pattern:
    """What `sweep` looks for."""
    return Pattern(
        letter=sweep.letter,
        since=sweep.since,
        until=sweep.until,
        residence=sweep.residence,
        occupation=sweep.occupation,
        name_begins=sweep.name_begins,
    )


def _sweep_one(sweep: Sweep, signature_id: UUID) -> None:
    with transaction.atomic():
        row = Signature.objects.select_for_update().filter(pk=signature_id).first()
        if row is None or row.state in {sweep.leads_to, State.WITHDRAWN}:
            return
        before = row.state
        changes: dict[str, object] = {"decided_at": timezone.now(), "decided_by": sweep.decided_by}
        if sweep.decision == SweepDecision.HOLD:
            reasons = dict.fromkeys([*row.hold_reasons, HoldReason.SWEEP.value])
            changes = {"hold_reasons": list(reasons)}
        try:
            signature_move(
                signature=row,
                to=sweep.leads_to,
                actor=sweep.decided_by,
                reason=sweep.reason,
                action=f"swept {sweep.pk}",
                changes=changes,
            )
        except SignatureError:
            return  # decided otherwise meanwhile, or the same person's signature is live
        Swept.objects.create(sweep=sweep, signature=row, from_state=before)


def sweep_undo(*, sweep: Sweep, actor: User) -> None:
    """Bring everything that `sweep` met back to where it stood; raises SignatureError if done."""
    with transaction.atomic():
        row = Sweep.objects.select_for_update().get(pk=sweep.pk)
        if row.undone_at:
            raise SignatureError(_("This has been taken back already."))
        row.undone_at = timezone.now()
        row.save(update_fields=["undone_at"])
        _log(row, actor, action="sweep taken back")
        queue.enqueue("sweep_undo_batch", sweep_id=row.pk, actor_id=actor.pk)


def sweep_undo_batch(*, sweep_id: int, actor: User) -> None:
    """Bring the next signatures back, and hand on the rest.

    One that somebody has decided about since is left as it is.
    """
    waiting = Swept.objects.filter(sweep_id=sweep_id, undone=False).select_related("sweep")
    batch = list(waiting.order_by("signature_id")[:BATCH])
    for met in batch:
        _undo_one(met, actor)
    if len(batch) == BATCH:
        queue.enqueue("sweep_undo_batch", sweep_id=sweep_id, actor_id=actor.pk)


def _undo_one(met: Swept, actor: User) -> None:
    with transaction.atomic():
        row = Signature.objects.select_for_update().get(pk=met.signature_id)
        Swept.objects.filter(pk=met.pk).update(undone=True)
        if row.state != met.sweep.leads_to:
            return
        kept = [reason for reason in row.hold_reasons if reason != HoldReason.SWEEP.value]
        try:
            signature_move(
                signature=row,
                to=State(met.from_state),
                actor=actor,
                action="undone",
                changes={"decided_at": None, "decided_by": None, "hold_reasons": kept},
            )
        except SignatureError:
            return  # another signature of the same person was accepted meanwhile


def _log(sweep: Sweep, actor: User, *, action: str) -> None:
    AuditEntry.objects.create(
        actor=actor,
        action=action,
        letter=sweep.letter,
        reason=sweep.reason,
        details={"sweep": sweep.pk, "decision": sweep.decision, "signatures": sweep.total},
    )
