"""Fill a letter with believable signers."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from letters.models import Letter

from ...services.demo import demo_sign


class Command(BaseCommand):
    help = (
        "Fill a letter with generated signers in many scripts, to look at everything with 10 or "
        "100,000 of them. Never on a real letter. Example: ./run demo_signatures 1000"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", type=int, help="how many")
        parser.add_argument("--letter", default="un-2011", help="the letter's slug")
        parser.add_argument("--seed", type=int, default=1989, help="the same seed, the same people")

    def handle(self, *_args: Any, **options: Any) -> None:
        letter = Letter.objects.filter(slug=options["letter"]).first()
        if letter is None:
            raise CommandError(f"There is no letter {options['letter']!r}.")
        if not letter.texts.filter(is_courtesy_translation=False).exists():
            raise CommandError(f"The letter {letter.slug!r} has no text.")
        if options["number"] < 1:
            raise CommandError("The number of signers must be 1 or more.")
        with tqdm(total=options["number"], unit=" signers", disable=None) as progress:
            made = demo_sign(
                letter=letter,
                number=options["number"],
                seed=options["seed"],
                on_progress=progress.update,
            )
        self.stdout.write(f"{made} signers added to {letter.slug}")
