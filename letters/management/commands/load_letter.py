"""Load a letter bundle into the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from letters.content import Bundle, read_bundle
from letters.exceptions import LetterError
from letters.models import Letter
from letters.services import letter_load


class Command(BaseCommand):
    """`load_letter PATH`: what the bundle says wins; loading it twice changes nothing."""

    help = (
        "Load a letter from a bundle folder, or bring it up to date. A signed text never changes: "
        "such a bundle is refused."
    )

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        epilog = "Example: manage.py load_letter letters/content/un-2011 --dry-run"
        return super().create_parser(prog_name, subcommand, epilog=epilog, **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, metavar="PATH", help="folder with a letter.md")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would happen and change nothing"
        )
        parser.add_argument(
            "--new-only", action="store_true", help="leave a letter that is there already alone"
        )

    def handle(self, *, path: Path, dry_run: bool, new_only: bool, **options: Any) -> None:
        try:
            bundle = read_bundle(path)
            outcome = "left alone" if new_only and _exists(bundle) else _load(bundle, dry_run)
        except LetterError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{bundle.slug}: {outcome}{' (dry run)' if dry_run else ''}")


def _exists(bundle: Bundle) -> bool:
    return Letter.objects.filter(slug=bundle.slug).exists()


def _load(bundle: Bundle, dry_run: bool) -> str:
    with transaction.atomic():
        result = letter_load(bundle=bundle)
        transaction.set_rollback(dry_run)
    return str(result.outcome.label)
