"""Check a packet."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from ...verify import closing, verify


class Command(BaseCommand):
    help = (
        "Check every digest and count of a packet, saying in one sentence per check what holds or "
        "what is wrong and where. Example: ./run verify_delivery handover/delivery-1/1-the-un.zip"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("packet", type=Path, help="a packet's folder or zip")
        parser.add_argument(
            "--manifest-digest", default="", help="the digest published on the delivery's page"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        path: Path = options["packet"]
        if not path.exists():
            raise CommandError(f"There is no {path}.")
        checks = verify(path, options["manifest_digest"])
        for check in checks:
            mark = self.style.SUCCESS("holds ") if check.ok else self.style.ERROR("WRONG ")
            self.stdout.write(mark + check.sentence)
        last = closing(path, checks, options["manifest_digest"])
        if not all(check.ok for check in checks):
            raise CommandError(last)
        self.stdout.write(f"\n{last}")
