"""Put the counts right."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from letters.models import Letter

from ...services.counts import counts_fold, letter_recount
from ...services.places import places_recount


class Command(BaseCommand):
    help = (
        "Count the accepted signatures themselves and put the kept counts right, reporting every "
        "day that had drifted; count them by place for the statistics. Run it every night. "
        "Example: ./run recount --letter un-2011"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--letter", help="one letter's slug (default: all)")
        parser.add_argument("--dry-run", action="store_true", help="only report")

    def handle(self, *_args: Any, **options: Any) -> None:
        letters = Letter.objects.all()
        if options["letter"]:
            letters = letters.filter(slug=options["letter"])
            if not letters:
                raise CommandError(f"There is no letter {options['letter']!r}.")
        for letter in letters:
            drifts = letter_recount(letter=letter, dry_run=options["dry_run"])
            for drift in drifts:
                day, kept, real = drift
                self.stdout.write(f"{letter.slug} {day}: kept {kept}, {real} real")
            if not drifts:
                self.stdout.write(f"{letter.slug}: no drift")
            if not options["dry_run"]:
                places_recount(letter=letter)
        if not options["dry_run"]:
            while counts_fold():
                continue
