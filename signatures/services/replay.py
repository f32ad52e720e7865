"""Doing again what signers did after a backup was made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from uuid import UUID

from ..enums import State, Visibility
from ..exceptions import IllegalTransition
from ..journal import Act, Entry
from ..models import Signature
from .own_page import signature_erase, signature_show, signature_withdraw, updates_stop

BATCH = 500
SHOWN = (Act.PUBLIC, Act.RECIPIENT, Act.COUNTED)


def erasures_replay(*, entries: Iterable[Entry]) -> Counter[Act]:
    """Bring every signature to where its signer left it; return how often each act was needed.

    Reads the journal whole, however old, and may be run again: what is so already stays so, and
    of several wishes about the name the last one holds.
    """
    wishes: dict[UUID, dict[Act, Act]] = {}
    for act, signature_id in entries:
        kind = Act.PUBLIC if act in SHOWN else act
        wishes.setdefault(signature_id, {})[kind] = act
    needed: Counter[Act] = Counter()
    for row in _still_there(wishes):
        needed.update(act for act in _in_order(wishes[row.id]) if _apply(row, act))
    return needed


def _still_there(wishes: Iterable[UUID]) -> Iterator[Signature]:
    ids = iter(wishes)
    while batch := list(islice(ids, BATCH)):
        yield from Signature.objects.filter(id__in=batch)


def _in_order(acts: dict[Act, Act]) -> list[Act]:
    """The strongest alone where it makes the others needless."""
    for strong in (Act.ERASED, Act.WITHDRAWN):
        if strong in acts:
            return [strong]
    return list(acts.values())


def _apply(row: Signature, act: Act) -> bool:
    """Do `act`, and whether there was anything to do."""
    if act is Act.ERASED:
        signature_erase(signature_id=row.id)
        return True
    if row.state == State.WITHDRAWN:
        return False
    if act is Act.WITHDRAWN:
        _withdraw(row)
        return True
    if act is Act.NO_UPDATES:
        is_needed = row.wants_updates
        if is_needed:
            updates_stop(signature_id=row.id)
        return is_needed
    is_needed = row.visibility != act.value
    if is_needed:
        signature_show(signature_id=row.id, visibility=Visibility(act.value))
    return is_needed


def _withdraw(row: Signature) -> None:
    try:
        signature_withdraw(signature_id=row.id)
    except IllegalTransition:
        # The backup is older than the decision that let its signer withdraw: nothing may stay.
        signature_erase(signature_id=row.id)
