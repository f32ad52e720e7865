"""Send the mails that are still due."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from ...services.mailing import mails_chase, mails_due
from ...services.updates import updates_broken_off, updates_chase


class Command(BaseCommand):
    help = (
        "Hand confirmation mails that never went out, the one reminder after 3 days, and updates "
        "that broke off to the background. Run it every hour. Example: ./run chase_mails"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count them")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["dry_run"]:
            mails = sum(rows.count() for rows in mails_due(now=timezone.now()))
            self.stdout.write(f"{mails} mails would be handed to the background")
            self.stdout.write(f"{len(updates_broken_off())} updates would be taken up again")
            return
        self.stdout.write(f"{mails_chase()} mails handed to the background")
        self.stdout.write(f"{updates_chase()} updates taken up again")
