"""Fill a letter with believable signers."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from letters.models import Letter

from ...services.demo import demo_sign, is_signed_by_people


class Command(BaseCommand):
    help = (
        "Fill a letter with generated signers in many scripts, to look at everything with 10 or "
        "100,000 of them. Never on a real letter. Example: ./run demo_signatures 1000"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", type=int, help="how many")
        parser.add_argument("--letter", default="un-2011", help="the letter's slug")
        parser.add_argument("--seed", type=int, default=1989, help="the same seed, the same people")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")
        parser.add_argument(
            "--yes", action="store_true", help="in production too, among signatures of people"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        number, letter = options["number"], self._letter(options["letter"])
        if number < 1:
            raise CommandError("The number of signers must be 1 or more.")
        if not (settings.DEBUG or options["yes"]) and is_signed_by_people(letter=letter):
            raise CommandError(
                f"People have signed {letter.slug!r}: invented signers would count among them and "
                "stay. --yes adds them all the same."
            )
        if options["dry_run"]:
            self.stdout.write(f"{number} signers would be added to {letter.slug}")
            return
        with tqdm(total=number, unit=" signers", disable=None) as progress:
            made = demo_sign(
                letter=letter, number=number, seed=options["seed"], on_progress=progress.update
            )
        self.stdout.write(f"{made} signers added to {letter.slug}")

    def _letter(self, slug: str) -> Letter:
        letter = Letter.objects.filter(slug=slug).first()
        if letter is None:
            raise CommandError(f"There is no letter {slug!r}.")
        if not letter.texts.filter(is_courtesy_translation=False).exists():
            raise CommandError(f"The letter {letter.slug!r} has no text.")
        return letter
