"""Seal every kept address again under the newest key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from ...sealing import SealBroken
from ...services.rotation import addresses_reseal, addresses_sealed


class Command(BaseCommand):
    help = (
        "Seal every kept e-mail address again under the first of FIELD_KEYS; then the old keys may "
        "go. Interrupted, it can be run again. Example: ./run rotate_keys --dry-run"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *_args: Any, **options: Any) -> None:
        total = addresses_sealed().count()
        if options["dry_run"]:
            self.stdout.write(f"{total} sealed addresses would be sealed again")
            return
        try:
            with tqdm(total=total, unit=" addresses", disable=None) as progress:
                done = addresses_reseal(on_progress=progress.update)
        except SealBroken as error:
            raise CommandError(f"{error} Add the key that is missing and run it again.") from None
        self.stdout.write(f"{done} addresses sealed under the newest key")
