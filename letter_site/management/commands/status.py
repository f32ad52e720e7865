"""How is the site?"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils.timesince import timesince

from letter_site.operating.figures import Figures, figures


class Command(BaseCommand):
    help = (
        "Say how the site is: signatures by state, the queue and its worker, mails, held share, "
        "deliveries, last backup. Numbers only, nothing about one person. Example: ./run status"
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            now = figures()
        except DatabaseError:
            raise CommandError("The database does not answer, or has no tables yet.") from None
        for line in [*_letters(now), *_background(now), *_keeping(now)]:
            self.stdout.write(line)


def _letters(now: Figures) -> Iterator[str]:
    for slug, states in now.signatures.items():
        yield f"Letter {slug}"
        for state, number in states.items():
            yield f"  {state:12} {number:>12,}"
    share = f"{now.held_share:.1%}"
    yield f"Last 24 hours: {now.signed_recently:,} signed, {now.held_recently:,} held ({share})"


def _background(now: Figures) -> Iterator[str]:
    queue = now.queue
    age = int(queue.age(now.at).total_seconds())
    yield f"Queue: {queue.waiting:,} waiting, the oldest due for {age:,} s; {queue.failed:,} failed"
    yield (
        f"Mails: {queue.mails_waiting:,} waiting, {queue.mails_failed:,} failed, "
        f"{now.mails_overdue:,} signatures without one for over an hour"
    )
    alarm = "  WORK WAITS AND NOBODY DOES IT" if queue.is_abandoned(now.at) else ""
    yield f"Worker: last at work {_ago(queue.worker_seen, now.at)}{alarm}"


def _keeping(now: Figures) -> Iterator[str]:
    made = ", ".join(f"{number} {state}" for state, number in sorted(now.deliveries.items()))
    yield f"Deliveries: {made or 'none'}"
    last = f"not known: {now.backup_unknown}" if now.backup_unknown else ""
    yield f"Last backup: {last or _ago(now.last_backup, now.at)}"


def _ago(moment: datetime | None, now: datetime) -> str:
    if moment is None:
        return "never"
    if now - moment < timedelta(minutes=1):
        return "just now"
    return f"{timesince(moment, now)} ago".replace("\xa0", " ")
