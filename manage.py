#!/usr/bin/env python
"""Django's command line for this project: bad input is one line and exit code 1."""

from __future__ import annotations

import os
import sys
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management import BaseCommand, CommandError, ManagementUtility


class OneLine(ManagementUtility):
    """Django's, where a command says in one line what it cannot read of its arguments."""

    def fetch_command(self, subcommand: str) -> BaseCommand:
        command = super().fetch_command(subcommand)
        make = command.create_parser

        def create_parser(*args: Any, **kwargs: Any) -> Any:
            parser = make(*args, **kwargs)
            # Else argparse prints a page of usage and ends with 2.
            parser.called_from_command_line = False
            return parser

        setattr(command, "create_parser", create_parser)  # noqa: B010 (mypy keeps methods)
        return command


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "letter_site.settings")
    try:
        OneLine(sys.argv).execute()
    except (CommandError, ImproperlyConfigured) as error:
        # Where a setting was read, or an argument, tells an operator nothing.
        sys.exit(str(error))


if __name__ == "__main__":
    main()
