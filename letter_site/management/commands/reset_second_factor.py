"""For a lost phone."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from letter_site.staff import second_factor


class Command(BaseCommand):
    help = (
        "Forget the second factor and the recovery codes of an account; the next login sets up new "
        "ones. Make sure first, and not by e-mail, that it is its owner who asks. "
        "Example: ./run reset_second_factor jane"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")

    def handle(self, *_args: Any, **options: Any) -> None:
        user = User.objects.filter(username=options["username"]).first()
        if user is None:
            raise CommandError(f"There is no account {options['username']!r}.")
        if not second_factor.has_device(user):
            raise CommandError(f"Account {user.username!r} has no second factor to forget.")
        if options["dry_run"]:
            self.stdout.write(f"Would forget the second factor of {user.username!r}.")
            return
        second_factor.reset(user=user)
        self.stdout.write(f"Forgotten: {user.username!r} sets up a new one at the next login.")
