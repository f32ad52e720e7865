"""Keep a copy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from letter_site.operating.backup import backup_check, backup_make
from letter_site.operating.exceptions import BackupError
from letter_site.operating.sealing import recipients_in
from letter_site.operating.shelf import backups_in, backups_rotate


class Command(BaseCommand):
    help = (
        "Write database, packets and acknowledgements to a new folder of BACKUP_DIR, encrypted to "
        "the age public key in BACKUP_RECIPIENT, and remove the oldest. Run it every day. The keys "
        "in the environment are not in it: keep them elsewhere. Example: ./run backup --keep 14"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, help="the folder (default: BACKUP_DIR)")
        parser.add_argument("--keep", type=int, default=14, help="how many to keep (default: 14)")
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="check the backups that are there, without any key; make none",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        shelf: Path = options["to"] or settings.BACKUP_DIR
        if options["keep"] < 1:
            raise CommandError("At least 1 backup has to be kept.")
        try:
            if options["dry_run"]:
                self._check(shelf)
            else:
                self._make(shelf, options["keep"])
        except BackupError as error:
            raise CommandError(str(error)) from None

    def _make(self, shelf: Path, keep: int) -> None:
        folder = backup_make(shelf=shelf, recipients=recipients_in(settings.BACKUP_RECIPIENT))
        facts = backup_check(folder)
        self.stdout.write(f"{folder}: {facts.signatures} signatures")
        for old in backups_rotate(shelf, keep=keep):
            self.stdout.write(f"{old} removed")

    def _check(self, shelf: Path) -> None:
        for folder in backups_in(shelf):
            self.stdout.write(f"{folder}: {backup_check(folder).signatures} signatures, whole")
        self.stdout.write(f"A new one would be made in {shelf}")
