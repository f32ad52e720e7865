"""Which signatures may be one person's: looked for after signing, suggested, never decided."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from ..enums import HoldReason, State
from ..likeness import Likeness, Person, likeness
from ..models import AuditEntry, KeyingPosition, NameKey, Signature, Suggestion
from ..models.signature import SignatureQuerySet, first_id_at
from .name_keys import keys_of, name_keys_drop, name_keys_make

BATCH = 200
MOST_OF_A_KEY = 60
MOST_CANDIDATES = 200
MOST_SUGGESTIONS = 10
COMPARED = [State.UNCONFIRMED, State.PENDING, State.ACCEPTED]
#: An id is made before its row can be seen; nobody signs for longer than this.
UNDER_WAY = timedelta(minutes=2)
CLOCKS_DIFFER = timedelta(minutes=1)  # at most, between two machines


class Alike(NamedTuple):
    """Another signature that may be the same person's, and why."""

    other: Signature
    likeness: Likeness


def likeness_of(first: Signature, second: Signature) -> Likeness:
    """How likely two signatures are one person's, in the language that is active."""
    return likeness(_person(first), _person(second))


def _person(signature: Signature) -> Person:
    return Person(signature.name, signature.residence, signature.occupation, signature.email_key)


def suggestions_for(*, signature: Signature) -> list[Alike]:
    """The most likely duplicates of `signature`, at most 10, the likeliest first.

    Two queries at any size of the table: of each of its keys the newest 60 signatures, of those
    the 200 that share the most keys; only they are compared.
    """
    alike = [Alike(other, likeness_of(signature, other)) for other in _candidates(signature)]
    found = [each for each in alike if each.likeness.is_suggestion]
    found.sort(key=lambda each: (-each.likeness.score, each.other.id))
    return found[:MOST_SUGGESTIONS]


def _candidates(signature: Signature) -> list[Signature]:
    ranked = NameKey.objects.annotate(
        place=Window(RowNumber(), partition_by="key", order_by=F("signature_id").desc())
    )
    sharing = ranked.filter(key__in=keys_of(signature), place__lte=MOST_OF_A_KEY)
    shared = Counter(sharing.values_list("signature_id", flat=True))
    del shared[signature.id]
    ids = [candidate for candidate, _keys in shared.most_common(MOST_CANDIDATES)]
    if not ids:
        return []
    return list(
        Signature.objects.filter(id__in=ids, letter=signature.letter_id, state__in=COMPARED)
    )


def duplicates_note(*, signature: Signature) -> list[Alike]:
    """Put down what `suggestions_for` finds and hold the pending ones; return what was found."""
    found = suggestions_for(signature=signature)
    if not found:
        return found
    with transaction.atomic():
        Suggestion.objects.bulk_create(
            [_suggestion(signature, *alike) for alike in found], ignore_conflicts=True
        )
        holds_refresh(signature_ids={signature.id, *(alike.other.id for alike in found)})
    return found


def _suggestion(signature: Signature, other: Signature, alike: Likeness) -> Suggestion:
    first, second = sorted((signature.id, other.id))
    return Suggestion(first_id=first, second_id=second, score=alike.score)


def duplicates_renew(*, signature_id: UUID) -> None:
    """Look again after the words of a signature were changed."""
    with transaction.atomic():
        row = Signature.objects.select_for_update().filter(id=signature_id).first()
        if row is None:
            return
        name_keys_drop(signature=row)
        name_keys_make(signatures=[row])
        duplicates_note(signature=row)
        holds_refresh(signature_ids={row.id})


def holds_refresh(*, signature_ids: set[UUID]) -> None:
    """Let each of these that is pending say whether a possible duplicate of it is open."""
    pending = Signature.objects.filter(id__in=signature_ids, state=State.PENDING)
    for row in pending.select_for_update().order_by("id"):
        is_held = HoldReason.DUPLICATE in row.hold_reasons
        if is_held is Suggestion.objects.open().about(row.id).exists():
            continue
        others = [reason for reason in row.hold_reasons if reason != HoldReason.DUPLICATE]
        row.hold_reasons = others if is_held else [*others, HoldReason.DUPLICATE.value]
        row.save(update_fields=["hold_reasons"])
        AuditEntry.objects.create(
            action="no more possible duplicate" if is_held else "possible duplicate",
            letter_id=row.letter_id,
            signature_id=row.id,
        )


def duplicates_find(*, anew: bool = False, now: datetime | None = None) -> int:
    """Look through the next signatures after the last one keyed; return how many there were.

    Call it again until it returns 0. A run that is cut short is taken up by the next; two at once
    take turns. What was keyed when it was taken in is passed over, unless `anew`. A last one of the
    future was keyed before the clock was put back: then all are looked through again.
    """
    now = now or timezone.now()
    with transaction.atomic():
        position = _position()
        rows = list(_later(position.after, now).order_by("id")[:BATCH])
        if not rows:
            return 0
        new = rows if anew else _unkeyed(rows)
        name_keys_make(signatures=new)
        for row in new:
            duplicates_note(signature=row)
        position.after = rows[-1].id
        position.save(update_fields=["after"])
    return len(rows)


def duplicates_waiting(*, anew: bool = False) -> int:
    """How many signatures `duplicates_find` would look through, from the first one if `anew`."""
    position = None if anew else KeyingPosition.objects.filter(id=1).first()
    return _later(position.after if position else UUID(int=0), timezone.now()).count()


def _later(after: UUID, now: datetime) -> SignatureQuerySet:
    if after > first_id_at(now + CLOCKS_DIFFER):
        after = UUID(int=0)
    later = Signature.objects.filter(id__gt=after, id__lt=first_id_at(now - UNDER_WAY))
    return later.exclude(state=State.WITHDRAWN)


def duplicates_restart() -> None:
    """Let the next run begin with the first signature: after a restore, or with other rules."""
    with transaction.atomic():
        position = _position()
        position.after = UUID(int=0)
        position.save(update_fields=["after"])


def _position() -> KeyingPosition:
    return KeyingPosition.objects.select_for_update().get_or_create(id=1)[0]


def _unkeyed(rows: list[Signature]) -> list[Signature]:
    keyed = set(NameKey.objects.filter(signature__in=rows).values_list("signature_id", flat=True))
    return [row for row in rows if row.id not in keyed]
