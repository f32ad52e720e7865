"""Bring a backup back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from letter_site.operating.exceptions import BackupError
from letter_site.operating.restore import Restored, backup_restore, backup_try
from letter_site.operating.sealing import identities_in


class Command(BaseCommand):
    help = (
        "Bring database and packets back from one folder of BACKUP_DIR: checksums first, then the "
        "database, then everything that signers took back since, then a check of every delivery. "
        "Stop the site before. Example: ./run restore backups/letter-20260604T010203Z "
        "--identity key.txt"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("backup", type=Path, help="the backup's folder")
        parser.add_argument("--identity", type=Path, required=True, help="file of age secret keys")
        parser.add_argument(
            "--journal",
            type=Path,
            action="append",
            default=[],
            help="an erasures.txt of another machine; may be given several times",
        )
        parser.add_argument("--force", action="store_true", help="replace a database in use")
        parser.add_argument("--dry-run", action="store_true", help="read it whole, change nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            identities = identities_in(options["identity"])
            chosen = {"folder": options["backup"], "journals": options["journal"]}
            if options["dry_run"]:
                facts = backup_try(**chosen, identities=identities)
                self.stdout.write(f"Whole: {facts.signatures} signatures of {facts.made_at}")
                return
            restored = backup_restore(**chosen, identities=identities, force=options["force"])
        except BackupError as error:
            raise CommandError(str(error)) from None
        self._tell(restored)
        call_command("purge", stdout=self.stdout)

    def _tell(self, restored: Restored) -> None:
        facts = restored.facts
        self.stdout.write(f"{facts.signatures} signatures of {facts.made_at} are back")
        for act, number in sorted(restored.replayed.items()):
            self.stdout.write(f"  done again since: {act} {number}")
        if restored.wrong:
            raise CommandError("Not every delivery holds:\n" + "\n".join(restored.wrong))
        self.stdout.write(f"{restored.packets} packets of deliveries verified")
