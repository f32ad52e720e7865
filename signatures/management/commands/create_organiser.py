"""Make an account for an organiser."""

from __future__ import annotations

import secrets
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

ROLES = {"organiser": None, "moderator": "Moderators", "delivery": "Delivery staff"}


class Command(BaseCommand):
    help = (
        "Make an account for the admin and print its password once. "
        "Example: ./run create_organiser --username jane --role moderator"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--username", default="organiser")
        parser.add_argument(
            "--role",
            choices=ROLES,
            default="organiser",
            help="organiser: everything; moderator: decides about signatures; delivery: exports",
        )
        parser.add_argument(
            "--once", action="store_true", help="do nothing when the account is there already"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen")

    def handle(self, *_args: Any, **options: Any) -> None:
        username = options["username"]
        try:
            User(username=username).clean_fields(exclude=["password"])
        except ValidationError as error:
            fault = error.messages[0]
            raise CommandError(f"The username {username!r} will not do: {fault}") from None
        if User.objects.filter(username=username).exists():
            if options["once"]:
                return
            raise CommandError(f"There is an account {username!r} already.")
        if options["dry_run"]:
            self.stdout.write(f"Account {username!r} would be made, role {options['role']}")
            return
        password = secrets.token_urlsafe(18)
        self._create(username, password, ROLES[options["role"]])
        self.stdout.write(f"Account {username!r}, password {password}  (shown only now)")

    def _create(self, username: str, password: str, group: str | None) -> None:
        user = User.objects.create_user(
            username, password=password, is_staff=True, is_superuser=group is None
        )
        if group:
            user.groups.add(Group.objects.get(name=group))
