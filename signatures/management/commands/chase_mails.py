"""Send the mails that are still due."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from ...services.mailing import mails_chase
from ...services.updates import updates_chase


class Command(BaseCommand):
    help = (
        "Hand confirmation mails that never went out, the one reminder after 3 days, and updates "
        "that broke off to the background. Run it every hour. Example: ./run chase_mails"
    )

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(f"{mails_chase()} mails handed to the background")
        self.stdout.write(f"{updates_chase()} updates taken up again")
