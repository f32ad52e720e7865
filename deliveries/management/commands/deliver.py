"""Freeze the accepted list and build its packets."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from letters.models import Letter

from ...exceptions import DeliveryError
from ...facts import Kind, counted
from ...models import Delivery
from ...seal import check_recipient
from ...services.asking import recipients_clean
from ...services.building import delivery_build
from ...services.freezing import delivery_start, held_by


class Command(BaseCommand):
    help = (
        "Freeze the accepted signatures of one letter and write a packet for each recipient: "
        "letter and list as PDF, CSV and XLSX, digests, manifest and the program that verifies "
        "them. Example: ./run deliver --letter un-2011 --output handover"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--letter", required=True, help="the letter's slug")
        parser.add_argument(
            "--recipient",
            action="append",
            help="to whom; may be given several times (default: the addressee and every copy)",
        )
        kind = parser.add_mutually_exclusive_group()
        kind.add_argument("--new-only", action="store_true", help="only what no delivery had yet")
        kind.add_argument("--addendum", action="store_true", help="only numbers withdrawn since")
        parser.add_argument("--output", type=Path, help="also copy the packets into this folder")
        parser.add_argument("--age-key", default="", help="encrypt the zips to this age public key")
        parser.add_argument("--dry-run", action="store_true", help="only count")

    def handle(self, *_args: Any, **options: Any) -> None:
        letter = Letter.objects.filter(slug=options["letter"]).first()
        if letter is None:
            raise CommandError(f"There is no letter {options['letter']!r}.")
        kind = Kind.NEW_ONLY if options["new_only"] else Kind.WHOLE
        kind = Kind.ADDENDUM if options["addendum"] else kind
        if options["dry_run"]:
            held = held_by(delivery=Delivery(letter=letter, kind=kind.value)).count()
            addendum = kind is Kind.ADDENDUM
            would = "would be named" if addendum else "would be delivered"
            self.stdout.write(f"{counted(held, 'number' if addendum else 'signature')} {would}")
            return
        try:
            delivery = self._deliver(letter, kind, options)
        except DeliveryError as error:
            raise CommandError(str(error)) from None
        self._tell(delivery)
        if options["output"]:
            self._copy(delivery, options["output"])

    def _deliver(self, letter: Letter, kind: Kind, options: dict[str, Any]) -> Delivery:
        if options["age_key"]:
            check_recipient(options["age_key"])
        recipients = recipients_clean(recipients=options["recipient"] or letter.recipients)
        delivery = delivery_start(letter=letter, kind=kind)
        with tqdm(unit=" rows", disable=None) as bar:

            def show(what: str, done: int, of: int) -> None:
                bar.set_description_str(what)
                bar.total = of or None
                bar.n = done
                bar.refresh()

            delivery_build(
                delivery=delivery,
                recipients=recipients,
                age_key=options["age_key"],
                progress=show,
            )
        return delivery

    def _tell(self, delivery: Delivery) -> None:
        addendum = delivery.kind == Kind.ADDENDUM
        what = counted(delivery.total, "withdrawn number" if addendum else "signature")
        self.stdout.write(f"Delivery {delivery.number}: {what}")
        for packet in delivery.packets.all():
            self.stdout.write(f"  {packet.recipient}: manifest {packet.manifest_digest}")

    def _copy(self, delivery: Delivery, output: Path) -> None:
        """Copy beside the target and rename, so that no half copy looks whole."""
        target = output / f"delivery-{delivery.number}"
        unfinished = output / f".delivery-{delivery.number}.unfinished"
        try:
            output.mkdir(parents=True, exist_ok=True)
            shutil.rmtree(unfinished, ignore_errors=True)
            shutil.copytree(delivery.folder, unfinished, ignore=shutil.ignore_patterns(".*"))
            unfinished.rename(target)
        except OSError as error:
            shutil.rmtree(unfinished, ignore_errors=True)
            raise CommandError(
                f"The delivery is ready in {delivery.folder}, but could not be copied to "
                f"{target}: {error.strerror or 'an error while copying'}."
            ) from None
        self.stdout.write(f"Packets in {target}")
