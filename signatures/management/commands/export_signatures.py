"""Write the accepted signatures of one letter to a file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from letters.models import Letter

from ...exporters import UnknownFormat, exporters, get_exporter
from ...sealing import SealBroken
from ...services.export import accepted_of, export_log, export_rows


class Command(BaseCommand):
    help = (
        "Write the accepted signatures of one letter to a file, in the order of signing, from one "
        "snapshot of the database. Example: ./run export_signatures --letter un-2011 "
        "--output signatures.csv"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--letter", required=True, help="the letter's slug")
        parser.add_argument("--output", required=True, type=Path, help="the file to write")
        parser.add_argument(
            "--format",
            help="one of " + ", ".join(each.identifier for each in exporters()) + " "
            "(default: by the file's ending, else csv)",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        letter = Letter.objects.filter(slug=options["letter"]).first()
        if letter is None:
            raise CommandError(f"There is no letter {options['letter']!r}.")
        output: Path = options["output"]
        if output.is_dir():
            raise CommandError(f"Cannot write {output}: it is a folder.")
        wanted = options["format"] or output.suffix.lstrip(".").lower() or "csv"
        try:
            exporter = get_exporter(wanted)
        except UnknownFormat as error:
            raise CommandError(str(error)) from None
        rows = export_rows(signatures=accepted_of(letter=letter))
        written = self._write(output, exporter, tqdm(rows, unit=" rows", disable=None))
        export_log(rows=written, letter=letter, asked="export_signatures")
        self.stdout.write(f"{written} signatures written to {output}")

    def _write(self, output: Path, exporter: Any, rows: Any) -> int:
        """Write beside the target and rename: a broken-off export never looks like a whole one."""
        unfinished = output.with_name(f".{output.name}.unfinished")
        try:
            with unfinished.open("wb") as stream:
                written = int(exporter.write(rows, stream))
                stream.flush()
                os.fsync(stream.fileno())
            unfinished.replace(output)
        except OSError as error:
            raise CommandError(f"Cannot write {output}: {error.strerror}.") from None
        except SealBroken as error:
            raise CommandError(str(error)) from None
        finally:
            unfinished.unlink(missing_ok=True)
        return written
