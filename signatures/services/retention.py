"""Forgetting, every day: what design.md, section 2, promises about keeping."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from ..enums import State
from ..models import AuditEntry, IntakeItem, MailboxTally, Signature

KEEP_UNCONFIRMED = timedelta(days=30)
KEEP_SET_ASIDE = timedelta(days=30)
KEEP_SEALED = timedelta(days=90)
BATCH = 1_000
NO_ADDRESS: dict[str, object] = {"email_sealed": None, "wants_updates": False}


class Due(NamedTuple):
    """One rule of forgetting and the rows it reaches now: emptied by `change`, or else deleted."""

    rule: str
    rows: QuerySet[Signature] | QuerySet[MailboxTally] | QuerySet[IntakeItem]
    change: dict[str, object] | None = None


def retention_due(*, now: datetime | None = None) -> list[Due]:
    """Everything that is due to be forgotten at `now` (aware), rule by rule.

    A signature that waits for a person is never touched, and neither is one that counts. No row is
    due by two rules, so that their numbers add up.
    """
    now = now or timezone.now()
    signatures = Signature.objects.all()
    long_closed = {"letter__closes_at__lt": now - KEEP_SEALED}
    has_address = Q(email_sealed__isnull=False)
    unconfirmed = Q(state=State.UNCONFIRMED, created_at__lt=now - KEEP_UNCONFIRMED)
    set_aside = Q(state=State.DUPLICATE, created_at__lt=now - KEEP_SET_ASIDE) & ~Q(
        decided_at__gte=now - KEEP_SET_ASIDE
    )
    closed = has_address & Q(**long_closed)
    idle = has_address & Q(created_at__lt=now - KEEP_UNCONFIRMED)
    idle &= Q(confirmed_at__isnull=True) | Q(wants_updates=False)
    return [
        Due("unconfirmed for 30 days", signatures.filter(unconfirmed)),
        Due("duplicates of another signature for 30 days", signatures.filter(set_aside)),
        Due(
            "addresses of letters closed for 90 days",
            signatures.filter(closed).exclude(unconfirmed | set_aside),
            NO_ADDRESS,
        ),
        Due(
            "addresses that wait for nothing any more",
            signatures.filter(idle).exclude(unconfirmed | set_aside | closed),
            NO_ADDRESS,
        ),
        Due(
            "mail tallies of letters closed for 90 days",
            MailboxTally.objects.filter(**long_closed),
        ),
        Due(
            "original texts 30 days after their decision",
            IntakeItem.objects.exclude(text="")
            .filter(taken_at__lt=now - KEEP_SET_ASIDE)
            .exclude(staged__signature__state=State.PENDING)
            .exclude(staged__signature__decided_at__gte=now - KEEP_SET_ASIDE),
            {"text": ""},
        ),
    ]


def retention_apply(*, due: Due) -> int:
    """Forget one batch of what `due` reaches, in one transaction; return how many rows.

    Call it again until it returns 0. Each row is looked at again under its lock, so a signature
    that was confirmed a moment ago stays.
    """
    with transaction.atomic():
        ids: list[UUID | int] = list(
            due.rows.select_for_update(of=("self",)).values_list("pk", flat=True)[:BATCH]
        )
        rows = due.rows.model._default_manager.filter(pk__in=ids)
        if due.change is None:
            rows.delete()
        else:
            rows.update(**due.change)
        if ids:
            AuditEntry.objects.create(action="purged", reason=due.rule, details={"rows": len(ids)})
    return len(ids)
