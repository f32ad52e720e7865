"""What a person says about two signatures side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..enums import State
from ..exceptions import SignatureError
from ..models import AuditEntry, Signature, Suggestion
from .duplicates import holds_refresh
from .moderation import UNDONE, signature_decide, signature_undo

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def pair_same(*, suggestion_id: int, keep: UUID, actor: User) -> Signature:
    """One person: keep the signature `keep`, mark the other a duplicate and return it.

    Raises SignatureError where the pair does not wait for a decision any more, or `keep` is
    neither of the two.
    """
    with transaction.atomic():
        pair = _locked(suggestion_id)
        if not Suggestion.objects.open().filter(id=pair.id).exists():
            raise SignatureError(_("This pair does not wait for a decision any more."))
        others = {pair.first_id: pair.second_id, pair.second_id: pair.first_id}
        if keep not in others:
            raise SignatureError(_("This signature is not one of the two."))
        reason = f"the same person as {keep}"
        row = signature_decide(
            signature_id=others[keep], to=State.DUPLICATE, actor=actor, reason=reason
        )
        _refresh(pair)
        return row


def pair_differ(*, suggestion_id: int, actor: User) -> None:
    """Two people: the pair is not suggested again."""
    with transaction.atomic():
        pair = _locked(suggestion_id)
        if pair.settled_at:
            return
        _settle(pair, actor)
        _log(pair, actor, action="told apart")


def pair_undo(*, suggestion_id: int, actor: User) -> None:
    """Take back what was last said about the two: both stand as before, and wait again.

    Raises SignatureError where there is nothing to undo, and what `signature_undo` raises.
    """
    with transaction.atomic():
        pair = _locked(suggestion_id)
        if pair.settled_at:
            _settle(pair, None)
            _log(pair, actor, action=UNDONE)
            return
        rows = Signature.objects.filter(id__in=[pair.first_id, pair.second_id])
        marked = rows.filter(state=State.DUPLICATE, decided_at__isnull=False)
        last = marked.order_by("-decided_at").first()
        if last is None:
            raise SignatureError(_("There is no decision to undo."))
        signature_undo(signature_id=last.id, actor=actor)
        _refresh(pair)


def _locked(suggestion_id: int) -> Suggestion:
    pair = Suggestion.objects.select_for_update(of=("self",)).filter(id=suggestion_id).first()
    if pair is None:
        raise SignatureError(_("One of the two was erased meanwhile."))
    return pair


def _settle(pair: Suggestion, actor: User | None) -> None:
    pair.settled_at = timezone.now() if actor else None
    pair.settled_by = actor
    pair.save(update_fields=["settled_at", "settled_by"])
    _refresh(pair)


def _refresh(pair: Suggestion) -> None:
    """The two and everybody who may be the same person as one of them."""
    of_first = Suggestion.objects.about(pair.first_id)
    touched = of_first | Suggestion.objects.about(pair.second_id)
    ends = touched.values_list("first_id", "second_id")
    holds_refresh(signature_ids={end for both in ends for end in both})


def _log(pair: Suggestion, actor: User, *, action: str) -> None:
    AuditEntry.objects.bulk_create(
        AuditEntry(
            actor=actor,
            action=action,
            letter_id=row.letter_id,
            signature_id=row.id,
            details={"pair": pair.id},
        )
        for row in Signature.objects.filter(id__in=[pair.first_id, pair.second_id])
    )
