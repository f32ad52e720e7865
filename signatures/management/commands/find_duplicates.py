"""Look for signatures that may be one person's."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from tqdm import tqdm

from ...models import Suggestion
from ...services.duplicates import duplicates_find, duplicates_restart, duplicates_waiting


class Command(BaseCommand):
    help = (
        "Compare the signatures that came in since the last run with all others, and suggest "
        "possible duplicates to the moderators; nothing is decided. Run it every hour; it may be "
        "broken off at any time. Example: ./run find_duplicates"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--anew", action="store_true", help="begin with the first signature (after a restore)"
        )
        parser.add_argument("--dry-run", action="store_true", help="only count what would be read")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["dry_run"]:
            number = duplicates_waiting(anew=options["anew"])
            self.stdout.write(f"would look through: {number}")
            return
        if options["anew"]:
            duplicates_restart()
        total = 0
        with tqdm(unit=" signatures", disable=None, leave=False) as progress:
            while number := duplicates_find(anew=options["anew"]):
                total += number
                progress.update(number)
        waiting = Suggestion.objects.open().count()
        self.stdout.write(f"looked through: {total}")
        self.stdout.write(f"possible duplicates that wait for a person: {waiting}")
