"""`makemessages` with this project's choices made: its languages, its own code, small diffs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.core.management.commands import makemessages
from django.utils.translation import to_locale

NOT_OURS = ["bench", "node_modules", "staticfiles", "test-results", "tests", "var"]


class Command(makemessages.Command):
    """Bring the catalogues under `locale/`, or those named by -l, up to date with the code.

    A new message arrives empty, not guessed from one that looks like it: a guess about somebody's
    safety that nobody has read is worse than English. Needs GNU gettext.
    """

    help = (
        "Bring the catalogues under locale/ up to date with the code; needs GNU gettext. "
        "Example: ./run makemessages -l fr"
    )
    msgmerge_options = ["-q", "--backup=none", "--update", "--no-fuzzy-matching"]

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(
            ignore_patterns=NOT_OURS.copy(), no_location=True, no_obsolete=True, no_wrap=True
        )

    def handle(self, *args: Any, **options: Any) -> None:
        codes = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
        options["locale"] = options["locale"] or [to_locale(code) for code in codes]
        super().handle(*args, **options)
