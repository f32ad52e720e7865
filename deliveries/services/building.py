"""Building every packet of one delivery, or none."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, transaction
from django.utils import timezone
from django.utils.text import slugify

from letters.models import Letter
from letters.services import text_canonical
from signatures.exporters import ExportRow
from signatures.services.export import accepted_of

from ..enums import DeliveryState
from ..exceptions import DeliveryError
from ..facts import Kind, LetterFacts, PacketFacts
from ..frozen import SALTS, frozen_rows
from ..models import Delivery, Packet
from ..packet import build_addendum, build_packet
from ..pdf import Progress
from ..seal import encrypt_file
from ..staging import alone, zip_folder
from .freezing import (
    delivery_fail,
    delivery_touch,
    left_out,
    rows_freeze,
    rows_store,
    withdrawals_store,
)

PUBLIC_FILES = {"digests.txt", "manifest.json"}


def delivery_build(
    *,
    delivery: Delivery,
    recipients: list[str],
    age_key: str = "",
    progress: Progress = lambda _what, _done, _of: None,
) -> None:
    """Freeze the list, make a folder and a zip for each recipient, and mark the delivery ready.

    With `age_key` only the encrypted zips and the public files stay. Whatever goes wrong, nothing
    half made is left and the delivery is marked failed; raises DeliveryError with the reason.
    """
    try:
        with alone(delivery.folder):
            shutil.rmtree(delivery.folder, ignore_errors=True)
            _build(delivery, recipients, age_key, progress)
    except (DeliveryError, OSError, DatabaseError) as error:
        shutil.rmtree(delivery.folder, ignore_errors=True)
        reason = _in_words(error)
        delivery_fail(delivery=delivery, reason=reason)
        raise DeliveryError(reason) from error


def _in_words(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"The packet could not be written: {error.strerror or type(error).__name__}."
    if isinstance(error, DatabaseError):
        return "The database did not answer."
    return str(error)


def _build(delivery: Delivery, recipients: list[str], age_key: str, progress: Progress) -> None:
    def told(what: str, done: int, of: int) -> None:
        delivery_touch(delivery=delivery, step=f"{what}: {done:,} of {of:,}" if of else what)
        progress(what, done, of)

    told("freezing the list", 0, 0)
    delivery.frozen_at = timezone.now().replace(microsecond=0)
    facts = [_facts(delivery, recipient) for recipient in recipients]
    folders = [delivery.folder / _name(index, each) for index, each in enumerate(recipients, 1)]
    if delivery.kind == Kind.ADDENDUM:
        digests, total = _addenda(delivery, folders, facts)
    else:
        digests, total = _packets(delivery, folders, facts, told)
    for folder in folders:
        zip_folder(folder, folder.with_name(f"{folder.name}.zip"))
        if age_key:
            _seal(folder, age_key)
    _finish(delivery, recipients, folders, digests, total, is_sealed=bool(age_key))


def _packets(
    delivery: Delivery, folders: list[Path], facts: list[PacketFacts], progress: Progress
) -> tuple[list[str], int]:
    """One packet from the database, the others from the first one's frozen list."""
    noted = delivery.folder / ".noted"
    delivery.folder.mkdir(parents=True, exist_ok=True)
    digests = []
    for index, (folder, each) in enumerate(zip(folders, facts, strict=True)):
        rows = _frozen(folders[0]) if index else rows_freeze(delivery=delivery, noted=noted)
        digests.append(build_packet(folder=folder, facts=each, rows=rows, progress=progress))
    rows_store(delivery=delivery, noted=noted)
    noted.unlink()
    return digests, delivery.rows.count()


def _frozen(folder: Path) -> Iterator[tuple[ExportRow, str]]:
    with (folder / SALTS).open(encoding="ascii") as salts:
        for row, line in zip(frozen_rows(folder), salts, strict=True):
            yield row, line.split()[1]


def _addenda(
    delivery: Delivery, folders: list[Path], facts: list[PacketFacts]
) -> tuple[list[str], int]:
    withdrawn = withdrawals_store(addendum=delivery)
    if not withdrawn:
        raise DeliveryError("Nothing was withdrawn since the last delivery.")
    digests = [
        build_addendum(folder=folder, facts=each, withdrawn=withdrawn)
        for folder, each in zip(folders, facts, strict=True)
    ]
    return digests, len(withdrawn)


def _seal(folder: Path, age_key: str) -> None:
    """Leave nothing in the clear but what is public anyway."""
    clear = folder.with_name(f"{folder.name}.zip")
    encrypt_file(clear, age_key)
    clear.unlink()
    for file in folder.iterdir():
        if file.name not in PUBLIC_FILES:
            file.unlink()


def _finish(
    delivery: Delivery,
    recipients: list[str],
    folders: list[Path],
    digests: list[str],
    total: int,
    *,
    is_sealed: bool,
) -> None:
    with transaction.atomic():
        Packet.objects.bulk_create(
            Packet(
                delivery=delivery,
                recipient=recipient,
                name=folder.name,
                manifest_digest=digest,
                is_sealed=is_sealed,
            )
            for recipient, folder, digest in zip(recipients, folders, digests, strict=True)
        )
        delivery.state = DeliveryState.READY
        delivery.total = total
        delivery.step = ""
        delivery.save(update_fields=["state", "total", "step", "frozen_at"])


def _name(index: int, recipient: str) -> str:
    return f"{index}-{slugify(recipient)[:60] or 'recipient'}".rstrip("-")


def _facts(delivery: Delivery, recipient: str) -> PacketFacts:
    letter = delivery.letter
    left = left_out(letter=letter)
    return PacketFacts(
        letter=_letter_facts(letter),
        number=delivery.number,
        recipient=recipient,
        frozen_at=_moment(delivery),
        software=settings.SOFTWARE,
        record_url=settings.SITE_URL + delivery.get_absolute_url(),
        cover_line=_cover_line(letter, recipient),
        kind=Kind(delivery.kind),
        since=delivery.since.number if delivery.since else None,
        duplicates_removed=left["duplicate"],
        withdrawn=left["withdrawn"],
    )


def _moment(delivery: Delivery) -> datetime:
    if delivery.frozen_at is None:
        raise DeliveryError("The list is not frozen yet.")
    return delivery.frozen_at


def _cover_line(letter: Letter, recipient: str) -> str:
    return "" if recipient in letter.addressee_lines else f"Copy for {recipient}"


def _letter_facts(letter: Letter) -> LetterFacts:
    text = letter.texts.get(is_courtesy_translation=False)
    signed = accepted_of(letter=letter).order_by().values_list("text_digest", flat=True).distinct()
    return LetterFacts(
        slug=letter.slug,
        title=text.title,
        language=text.language,
        sender=letter.sender,
        addressee=tuple(letter.addressee_lines),
        cc=tuple(letter.cc_lines),
        letter_date=letter.letter_date,
        body=text.body,
        canonical_text=text_canonical(text=text),
        leaders=tuple(letter.leader_lines),
        other_text_digests=tuple(sorted(set(signed) - {text.digest})),
    )
