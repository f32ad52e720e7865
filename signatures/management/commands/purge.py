"""Forget what is no longer needed."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from ...services.retention import Due, retention_apply, retention_due


class Command(BaseCommand):
    help = (
        "Forget what is due to be forgotten: unconfirmed signatures after 30 days, duplicates "
        "after 30 days, sealed addresses 90 days after closing. Run it every day. "
        "Example: ./run purge --dry-run"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only say what would go")

    def handle(self, *_args: Any, **options: Any) -> None:
        for due in retention_due():
            number = due.rows.count() if options["dry_run"] else self._apply(due)
            verb = "would go" if options["dry_run"] else "gone"
            self.stdout.write(f"{due.rule}: {number} {verb}")

    def _apply(self, due: Due) -> int:
        total = 0
        with tqdm(desc=due.rule, unit=" rows", disable=None, leave=False) as progress:
            while number := retention_apply(due=due):
                total += number
                progress.update(number)
        return total
