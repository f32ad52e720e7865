"""Counting without looking at the table: changes are written beside it and folded later."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Count, F, Sum
from django.db.models.functions import TruncDate

from letters.models import Letter

from .. import queue
from ..freshness import pages_change
from ..models import CountChange, DailyCount, Signature
from ..snapshot import snapshot
from .guard import guard_notice

FOLD_EVERY = 500


def count_change(*, signature: Signature, change: int) -> None:
    """Note that `signature` began (+1) or ceased (-1) to count; 0 notes nothing."""
    if change:
        count_note(signature=signature, change=change)


def count_note(*, signature: Signature, change: int) -> None:
    """Write down a change of the count, whatever it is, and let public pages be rendered anew.

    Every FOLD_EVERY changes the background folds them: every second or two when many sign, and
    what is left unfolded when few do costs a reader nothing.
    """
    noted = CountChange.objects.create(
        letter_id=signature.letter_id, day=signature.created_at.date(), change=change
    )
    if noted.pk % FOLD_EVERY == 0:
        queue.enqueue("fold_counts")
    guard_notice(letter_id=signature.letter_id, number=noted.pk)
    pages_change()


def letter_count(*, letter: Letter) -> int:
    """Accepted signatures of `letter`, exact at the moment of asking.

    Reads one row a day and the changes not folded yet, in one statement and so in one snapshot.
    """
    folded = DailyCount.objects.filter(letter=letter).order_by().values(n=F("accepted"))
    fresh = CountChange.objects.filter(letter=letter).order_by().values(n=F("change"))
    sql, params = folded.union(fresh, all=True).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT COALESCE(SUM(n), 0) FROM ({sql}) AS counted", params)  # noqa: S608
        return int(cursor.fetchone()[0])


def letter_days(*, letter: Letter) -> dict[date, int]:
    """Accepted signatures of `letter` by the day (UTC) on which they were signed, in order."""
    days: dict[date, int] = {}
    folded = DailyCount.objects.filter(letter=letter).values_list("day", "accepted")
    fresh = CountChange.objects.filter(letter=letter).values_list("day").annotate(Sum("change"))
    for day, number in [*folded, *fresh]:
        days[day] = days.get(day, 0) + number
    return {day: days[day] for day in sorted(days) if days[day]}


def counts_fold(*, limit: int = 10_000) -> int:
    """Add up to `limit` of the oldest changes to the daily counts; return how many were folded.

    Safe beside signers and beside itself: a change is locked, added and deleted in one
    transaction, and a row that another folder holds is left to it.
    """
    with transaction.atomic():
        locked = CountChange.objects.order_by("id")
        if connection.features.has_select_for_update_skip_locked:
            locked = locked.select_for_update(skip_locked=True)
        changes = list(locked[:limit])
        for (letter_id, day), change in sorted(_sums(changes).items()):
            _add(letter_id, day, change)
        CountChange.objects.filter(id__in=[change.id for change in changes]).delete()
    return len(changes)


def _sums(changes: Iterable[CountChange]) -> dict[tuple[int, date], int]:
    sums: dict[tuple[int, date], int] = {}
    for change in changes:
        key = (change.letter_id, change.day)
        sums[key] = sums.get(key, 0) + change.change
    return sums


def _add(letter_id: int, day: date, change: int) -> None:
    if DailyCount.objects.filter(letter_id=letter_id, day=day).update(
        accepted=F("accepted") + change
    ):
        return
    DailyCount.objects.bulk_create(
        [DailyCount(letter_id=letter_id, day=day, accepted=0)], ignore_conflicts=True
    )
    DailyCount.objects.filter(letter_id=letter_id, day=day).update(accepted=F("accepted") + change)


class Drift(NamedTuple):
    """One day on which the rollup and the table disagreed."""

    day: date
    kept: int
    real: int


def letter_recount(*, letter: Letter, dry_run: bool = False) -> list[Drift]:
    """Count `letter`'s accepted signatures themselves and put the rollup right.

    Returns the days that were wrong. Signing goes on meanwhile: table and changes are read in one
    snapshot, and only the difference that snapshot shows is written.
    """
    with snapshot(may_write=True):
        return _put_right(letter, dry_run)


def _put_right(letter: Letter, dry_run: bool) -> list[Drift]:
    kept = letter_days(letter=letter)
    real = _real_days(letter)
    drifts = [
        Drift(day, kept.get(day, 0), real.get(day, 0))
        for day in sorted(kept.keys() | real.keys())
        if kept.get(day, 0) != real.get(day, 0)
    ]
    if not dry_run:
        CountChange.objects.bulk_create(
            CountChange(letter=letter, day=drift.day, change=drift.real - drift.kept)
            for drift in drifts
        )
    return drifts


def _real_days(letter: Letter) -> dict[date, int]:
    rows = (
        Signature.objects.accepted()
        .filter(letter=letter)
        .order_by()
        .annotate(day=TruncDate("created_at"))
        .values_list("day")
        .annotate(Count("id"))
    )
    return dict(rows)
