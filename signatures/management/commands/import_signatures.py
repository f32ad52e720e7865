"""Take in signatures that arrived by mail or in a table."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError, CommandParser
from tqdm import tqdm

from letters.models import Letter, LetterText

from ...enums import Source
from ...intake.items import Item, SourceError
from ...intake.parsed import Kind, ParsedMessage
from ...intake.reading import message_ref, read_message, read_row
from ...intake.sources import open_source
from ...models import MailboxPosition
from ...services.staging import Outcome, Staged, item_kind, item_rehearse, item_stage

Note = Callable[[str, str, Staged], None]
COLUMNS = ["item", "kind", "outcome", "signers", "remark"]


class Command(BaseCommand):
    help = (
        "Take in signatures from an mbox, a Maildir, a folder of .eml, a CSV or XLSX, or a live "
        "mailbox (imaps://user@host/folder, password in IMAP_PASSWORD). They wait for a person. "
        "Running it again adds nothing twice. "
        "Example: ./run import_signatures letters.mbox --letter un-2011 --report report.csv"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", help="a file, a folder, or imaps://user@host/folder")
        parser.add_argument("--letter", required=True, help="the letter's slug")
        parser.add_argument("--dry-run", action="store_true", help="read and report, keep nothing")
        parser.add_argument("--report", type=Path, help="a CSV: each item, what became of it, why")

    def handle(self, *_args: Any, **options: Any) -> None:
        text = self._text(options["letter"])
        tally: Counter[str] = Counter()
        with ExitStack() as stack:
            note = self._report(options["report"], stack, tally)
            try:
                self._import(text, options["source"], options["dry_run"], note)
            except SourceError as error:
                raise CommandError(str(error)) from None
        for outcome in Outcome:
            if tally[outcome]:
                self.stdout.write(f"{outcome.value}: {tally[outcome]}")
        self.stdout.write(f"signers found: {tally['signers']}")
        if tally["duplicates"]:
            self.stdout.write(f"of them duplicates: {tally['duplicates']}")

    def _text(self, slug: str) -> LetterText:
        letter = Letter.objects.filter(slug=slug).first()
        if letter is None:
            raise CommandError(f"There is no letter {slug!r}.")
        text = letter.texts.get(is_courtesy_translation=False)
        text.letter = letter
        return text

    def _report(self, path: Path | None, stack: ExitStack, tally: Counter[str]) -> Note:
        writer = None
        if path:
            try:
                file = stack.enter_context(path.open("w", encoding="utf-8-sig", newline=""))
            except OSError as error:
                raise CommandError(f"Cannot write {path}: {error.strerror}.") from None
            writer = csv.writer(file)
            writer.writerow(COLUMNS)

        def note(ref: str, kind: str, staged: Staged) -> None:
            tally[staged.outcome] += 1
            tally["signers"] += staged.signers
            tally["duplicates"] += staged.duplicates
            if writer:
                writer.writerow([ref, kind, staged.outcome.value, staged.signers, staged.remark])

        return note

    def _import(self, text: LetterText, source: str, dry_run: bool, note: Note) -> None:
        position = self._position(text.letter, source)
        items = open_source(source, position.ref if position else "")
        seen: set[str] | None = set() if dry_run else None
        for item in tqdm(items, unit=" items", disable=None):
            kind, staged = take(text, item, seen)
            note(item.ref, kind, staged)
            if position and not dry_run:
                position.ref = item.ref
                position.save()

    def _position(self, letter: Letter, source: str) -> MailboxPosition | None:
        """Where the last run of a live mailbox ended; files are read from their beginning."""
        parts = urlsplit(source)
        if parts.scheme not in {"imap", "imaps"}:
            return None
        mailbox = f"{parts.username}@{parts.hostname}{parts.path}"[:200]
        found = MailboxPosition.objects.filter(letter=letter, mailbox=mailbox).first()
        return found or MailboxPosition(letter=letter, mailbox=mailbox, ref="")


def take(text: LetterText, item: Item, seen: set[str] | None) -> tuple[str, Staged]:
    """Read one item and stage it; what it is and what became of it.

    A rehearsal, which keeps nothing, is told by what it has `seen`.
    """
    if item.row is not None:
        source, ref, message = Source.CSV, _row_ref(item), _row_message(item)
    elif item.data is not None:
        if known := item_kind(text=text, ref=message_ref(item.data)):
            return known, Staged(Outcome.BEFORE)
        message = read_message(item.data)
        source, ref = Source.EMAIL, message.message_id
    else:
        return Kind.REFUSED.value, Staged(Outcome.REFUSED, 0, item.problem)
    if seen is not None:
        return message.kind.value, item_rehearse(text=text, ref=ref, message=message, seen=seen)
    staged = item_stage(text=text, source=source, ref=ref, message=message)
    return message.kind.value, staged


def _row_ref(item: Item) -> str:
    """The row's place and its content: another file of the same name is another source."""
    content = "\x1f".join((item.row or {}).values())
    return f"{item.ref}:{sha256(content.encode('utf-8', 'replace')).hexdigest()[:16]}"


def _row_message(item: Item) -> ParsedMessage:
    signer = read_row(item.row or {})
    lines = "\n".join(f"{field}: {value}" for field, value in (item.row or {}).items())
    if signer is None:
        return ParsedMessage(item.ref, Kind.NOTHING, (), "the row names nobody", lines)
    return ParsedMessage(item.ref, Kind.SIGNATURE, (signer,), "", lines)
