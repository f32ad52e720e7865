"""The numbers that say how the site is; none of them says anything about one person."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Count, Q
from django.utils import timezone

from deliveries.models import Delivery
from letters.models import Letter
from signatures.enums import State
from signatures.models import Signature
from signatures.services.counts import letter_count
from signatures.services.mailing import OVERDUE

from .exceptions import BackupError
from .shelf import latest_backup
from .work_queue import WorkQueue, work_queue

RECENTLY = timedelta(days=1)
KEPT_SECONDS = 60.0


@dataclass(frozen=True, kw_only=True)
class Figures:
    """One look at everything; times are aware and UTC.

    Where `backup_unknown` says why, `last_backup` is None because nobody could look.
    """

    at: datetime
    signatures: dict[str, dict[str, int]]
    queue: WorkQueue
    mails_overdue: int
    signed_recently: int
    held_recently: int
    deliveries: dict[str, int]
    last_backup: datetime | None
    backup_unknown: str = ""

    @property
    def held_share(self) -> float:
        """The part, from 0 to 1, of the last day's signatures that were held for a person."""
        return self.held_recently / self.signed_recently if self.signed_recently else 0.0


def figures(now: datetime | None = None) -> Figures:
    """Look at everything now. Cheap at any size, see `_states` and `_recent`."""
    now = now or timezone.now()
    signed, held = _recent(now)
    return Figures(
        at=now,
        signatures={letter.slug: _states(letter) for letter in Letter.objects.order_by("slug")},
        queue=work_queue(now),
        mails_overdue=_never_mailed(now),
        signed_recently=signed,
        held_recently=held,
        deliveries=_by_state(),
        **_backup(),
    )


def _backup() -> dict[str, Any]:
    try:
        return {"last_backup": latest_backup(settings.BACKUP_DIR)}
    except BackupError as error:
        return {"last_backup": None, "backup_unknown": str(error)}


def kept_figures(look: Callable[[], Figures]) -> Callable[[], Figures]:
    """`look`, but at most once in KEPT_SECONDS however often it is asked."""
    kept: list[tuple[float, Figures]] = []

    def ask() -> Figures:
        if not kept or time.monotonic() - kept[0][0] > KEPT_SECONDS:
            kept[:] = [(time.monotonic(), look())]
        return kept[0][1]

    return ask


def _states(letter: Letter) -> dict[str, int]:
    """Signatures of `letter` by state, exact.

    Nearly all are accepted, and those come from the daily counts; only the others are counted
    themselves, along the index on letter and state.
    """
    others = [state for state in State if state is not State.ACCEPTED]
    counted = dict(
        Signature.objects.filter(letter=letter, state__in=others)
        .order_by()
        .values_list("state")
        .annotate(Count("id"))
    )
    return {state.value: counted.get(state.value, 0) for state in State} | {
        State.ACCEPTED.value: letter_count(letter=letter)
    }


def _recent(now: datetime) -> tuple[int, int]:
    """How many signed in the last day, and how many of these were held for a person.

    Ids begin with the moment at which they were made, so the primary key finds the last day.
    """
    seen = (
        Signature.objects.filter(id__gte=first_id_at(now - RECENTLY))
        .order_by()
        .aggregate(signed=Count("id"), held=Count("id", filter=~Q(hold_reasons=[])))
    )
    return seen["signed"], seen["held"]


def first_id_at(moment: datetime) -> UUID:
    """The smallest UUIDv7 (RFC 9562, 5.7: 48 bits of Unix milliseconds first) of `moment`."""
    return UUID(int=int(moment.timestamp() * 1000) << 80)


def _never_mailed(now: datetime) -> int:
    """Signatures that wait for their first mail for over an hour: refused, or never sent."""
    waiting = Signature.objects.filter(state=State.UNCONFIRMED, email_sealed__isnull=False)
    return waiting.filter(mailed_at__isnull=True, created_at__lt=now - OVERDUE).count()


def _by_state() -> dict[str, int]:
    rows = Delivery.objects.order_by().values_list("state").annotate(Count("id"))
    return dict(rows)
