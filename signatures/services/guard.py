"""Noticing a flood, and defending a letter without turning anybody away."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from redis.exceptions import RedisError

from letters.models import Letter

from .. import queue
from ..enums import Defence, HoldReason, Source
from ..freshness import pages_change
from ..models import AuditEntry, Guard, Signature
from ..models.signature import SignatureQuerySet, first_id_at

if TYPE_CHECKING:
    from django.contrib.auth.models import User

logger = logging.getLogger(__name__)

WATCH_EVERY = 50  # signatures
REST = 10  # seconds between two looks at one letter
LOOKED_AT = timedelta(minutes=10)
NEWEST = 500
FEWEST = 50
HELD_SHARE = 0.3
PROOF_FOR = timedelta(hours=1)
HOUR = timedelta(hours=1)
OUT_OF_PATTERN = 5


def guard_of(*, letter: Letter) -> Guard:
    """The defences of `letter`; unsaved ones, that wait, where nothing was ever decided."""
    # By its reverse name, which is read along with the letter where that is asked for.
    found: Guard | None = getattr(letter, "guard", None)
    return found or Guard(letter=letter)


def public_names(*, letter: Letter) -> SignatureQuerySet:
    """The signatures of `letter` whose names everybody may read: none while names are hidden."""
    names = Signature.objects.on_the_site().filter(letter=letter)
    return names.none() if guard_of(letter=letter).hides_names() else names


def guard_notice(*, letter_id: int, number: int) -> None:
    """Have every WATCH_EVERYth signature, by any evenly spread `number`, looked at for a flood."""
    if number % WATCH_EVERY == 0 and _is_time(letter_id):
        queue.enqueue("watch_letter", letter_id=letter_id)


def guard_watch(*, letter: Letter, now: datetime | None = None) -> None:
    """Look at what came in lately and raise the defences that staff left to the site."""
    now = now or timezone.now()
    with transaction.atomic():
        guard, _new = Guard.objects.select_for_update().get_or_create(letter=letter)
        if guard.proof == Defence.AUTO and _much_is_held(letter, now):
            _ask_for_proof(guard, now)
        waits = guard.hide_names == Defence.AUTO and guard.names_hidden_at is None
        if waits and _out_of_pattern(guard, now):
            guard.names_hidden_at = now
            guard.save(update_fields=["names_hidden_at"])
            _raise_alarm(letter, action="names hidden")


def guards_raised() -> list[Guard]:
    """Those that raised a defence by themselves and have it raised still, with their letters."""
    raised = Q(proof=Defence.AUTO, proof_until__gt=timezone.now())
    raised |= Q(hide_names=Defence.AUTO, names_hidden_at__isnull=False)
    return list(Guard.objects.filter(raised).select_related("letter"))


def guard_decide(*, guard: Guard, actor: User) -> Guard:
    """Store what staff decided; what the site had found by itself is settled by it."""
    guard.proof_until = guard.names_hidden_at = None
    guard.save()
    decided = {"proof": guard.proof, "hide_names": guard.hide_names}
    _log(guard.letter, actor, action="defences set", **decided)
    pages_change()
    return guard


def _is_time(letter_id: int) -> bool:
    try:
        return bool(cache.add(f"watched:{letter_id}", 1, REST))
    except (OSError, RedisError):
        return True


def _by_form(letter: Letter) -> SignatureQuerySet:
    """What anybody could send: lists and sheets come from staff, as many as there are."""
    return Signature.objects.filter(letter=letter, source=Source.WEB)


def _much_is_held(letter: Letter, now: datetime) -> bool:
    newest = _by_form(letter).filter(id__gte=first_id_at(now - LOOKED_AT))
    reasons = list(newest.order_by("-id").values_list("hold_reasons", flat=True)[:NEWEST])
    # While the limits could not be checked everybody was held: that says nothing of an attack.
    held = sum(bool(each) and HoldReason.LIMITS not in each for each in reasons)
    return len(reasons) >= FEWEST and held >= HELD_SHARE * len(reasons)


def _ask_for_proof(guard: Guard, now: datetime) -> None:
    news = not guard.asks_proof(now)
    guard.proof_until = now + PROOF_FOR
    guard.save(update_fields=["proof_until"])
    if news:
        _raise_alarm(guard.letter, action="proof of work asked")


def _out_of_pattern(guard: Guard, now: datetime) -> bool:
    accepted = _by_form(guard.letter).accepted()
    hour = accepted.filter(id__gte=first_id_at(now - HOUR)).count()
    if hour <= guard.accepted_an_hour:
        return False
    start, end = first_id_at(now - 25 * HOUR), first_id_at(now - HOUR)
    usual = accepted.filter(id__gte=start, id__lt=end).count() / 24
    return hour > OUT_OF_PATTERN * usual


def _raise_alarm(letter: Letter, *, action: str) -> None:
    logger.warning("a letter defends itself", extra={"letter": letter.slug, "what": action})
    _log(letter, None, action=action)
    pages_change()


def _log(letter: Letter, actor: User | None, *, action: str, **details: str) -> None:
    AuditEntry.objects.create(actor=actor, action=action, letter=letter, details=details)
