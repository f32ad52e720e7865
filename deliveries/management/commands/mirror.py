"""Copy the public pages into a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from letters.models import Letter

from ...exceptions import MirrorRefused
from ...facts import counted
from ...mirror import mirror_write


class Command(BaseCommand):
    help = (
        "Write a static copy of the published letters into a folder, for places where the site is "
        "blocked: texts, statistics, updates, deliveries and public names in every language. It "
        "opens from the folder or from any static host; signing goes by e-mail. "
        "Example: ./run mirror /tmp/copy --letter un-2011"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("output", type=Path, help="a new folder, or an older copy to replace")
        parser.add_argument("--letter", help="one letter's slug (default: all that are published)")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be copied")

    def handle(self, *_args: Any, **options: Any) -> None:
        letters = self._letters(options["letter"])
        if options["dry_run"]:
            self.stdout.write(f"would copy {', '.join(letter.slug for letter in letters)}")
            return
        try:
            with tqdm(unit=" pages", disable=None) as progress:
                number = mirror_write(
                    letters=letters, output=options["output"], on_page=progress.update
                )
        except MirrorRefused as error:
            raise CommandError(str(error)) from None
        except OSError as error:
            raise CommandError(f"The copy could not be written: {error.strerror}.") from None
        self.stdout.write(f"{counted(number, 'page')} in {options['output']}; open index.html")

    def _letters(self, slug: str | None) -> list[Letter]:
        found = Letter.objects.published().filter(texts__is_courtesy_translation=False)
        letters = list(found.filter(slug=slug) if slug else found.order_by("-is_featured", "slug"))
        if not letters:
            named = f"letter {slug!r}" if slug else "letter"
            raise CommandError(f"There is no published {named} with a text.")
        return letters
