"""`compilemessages` for this project's own catalogues, and no dependency's."""

from __future__ import annotations

from django.core.management.base import CommandParser
from django.core.management.commands import compilemessages


class Command(compilemessages.Command):
    """Compile the catalogues under `locale/` after a translation; needs GNU gettext.

    What it makes is committed, because a machine that runs the site need not have gettext.
    """

    help = (
        "Compile the catalogues under locale/ after a translation; needs GNU gettext. "
        "Example: ./run compilemessages -l fr"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.set_defaults(ignore_patterns=[".venv", "node_modules", "var"])
