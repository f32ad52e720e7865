"""Building every packet of one delivery, or none."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.db import Error as DatabaseGone
from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from letters.models import Letter
from letters.services import text_canonical
from signatures.exporters import ExportRow
from signatures.normalise import clean_text
from signatures.snapshot import snapshot

from ..enums import DeliveryState
from ..exceptions import DeliveryError
from ..facts import Kind, LetterFacts, PacketFacts
from ..frozen import SALTS, frozen_rows
from ..models import RECIPIENT_LENGTH, Delivery, Packet
from ..packet import build_addendum, build_packet
from ..pdf import Progress
from ..seal import encrypt_file
from ..staging import alone, zip_folder
from .asking import recipients_clean
from .freezing import (
    delivery_fail,
    delivery_touch,
    left_out,
    list_freeze,
    rows_store,
    signatures_of,
    withdrawals_store,
)

GONE = gettext_lazy("The database did not answer.")
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
    with alone(delivery.folder):
        _check_wanted(delivery)
        try:
            shutil.rmtree(delivery.folder, ignore_errors=True)
            named = recipients_clean(recipients=recipients)
            packets = _build(delivery, named, age_key, progress)
        except Exception as error:  # whatever it is, nobody shall wait for what has died
            shutil.rmtree(delivery.folder, ignore_errors=True)
            raise DeliveryError(_give_up(delivery, error)) from error
        _finish(delivery, packets)


def _check_wanted(delivery: Delivery) -> None:
    wanted = Delivery.objects.filter(id=delivery.id, state=DeliveryState.PREPARING)
    if not wanted.exists():
        raise DeliveryError(_("This delivery is not being prepared any more."))


def _give_up(delivery: Delivery, error: Exception) -> str:
    """Mark the delivery failed; the reason in words."""
    reason = _in_words(error)
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
    # With the database gone, the next try sees that nobody is at work on this one any more.
    with suppress(DatabaseGone):
        delivery_fail(delivery=delivery, reason=reason)
    return reason


def _in_words(error: Exception) -> str:
    if isinstance(error, DeliveryError):
        return str(error)
    if isinstance(error, OSError):
        reason = error.strerror or type(error).__name__
        return _("The packet could not be written: %(reason)s.") % {"reason": reason}
    if isinstance(error, DatabaseGone):
        return str(GONE)
    return _("Something unforeseen happened (%(kind)s).") % {"kind": type(error).__name__}


def _build(
    delivery: Delivery, recipients: list[str], age_key: str, progress: Progress
) -> list[Packet]:
    def told(what: str, done: int, of: int) -> None:
        delivery_touch(delivery=delivery, step=f"{what}: {done:,} of {of:,}" if of else what)
        progress(what, done, of)

    told(gettext_noop("freezing the list"), 0, 0)
    delivery.folder.mkdir(parents=True)
    delivery.frozen_at = timezone.now().replace(microsecond=0)
    make = _addenda if delivery.kind == Kind.ADDENDUM else _packets
    packets, delivery.total = make(delivery, recipients, told)
    for packet in packets:
        zip_folder(packet.folder, packet.file)
        if age_key:
            _seal(packet, age_key)
    return packets


def _packets(
    delivery: Delivery, recipients: list[str], progress: Progress
) -> tuple[list[Packet], int]:
    """One packet for each recipient, all from the list that is frozen once."""
    frozen = delivery.folder / ".frozen"
    frozen.mkdir()
    with snapshot():
        facts = _facts(delivery)
        list_freeze(delivery=delivery, folder=frozen)

    def build(folder: Path, facts: PacketFacts) -> str:
        return build_packet(
            folder=folder, facts=facts, rows=_salted_rows(frozen), progress=progress
        )

    packets = [_packet(delivery, facts, *each, build) for each in enumerate(recipients, 1)]
    total = rows_store(delivery=delivery, folder=frozen)
    shutil.rmtree(frozen)
    return packets, total


def _salted_rows(frozen: Path) -> Iterator[tuple[ExportRow, str]]:
    with (frozen / SALTS).open(encoding="ascii") as salts:
        for row, line in zip(frozen_rows(frozen), salts, strict=True):
            yield row, line.split()[1]


def _addenda(
    delivery: Delivery, recipients: list[str], _progress: Progress
) -> tuple[list[Packet], int]:
    with snapshot(may_write=True):
        facts = _facts(delivery)
        withdrawn = withdrawals_store(addendum=delivery)

    def build(folder: Path, facts: PacketFacts) -> str:
        return build_addendum(folder=folder, facts=facts, withdrawn=withdrawn)

    packets = [_packet(delivery, facts, *each, build) for each in enumerate(recipients, 1)]
    return packets, len(withdrawn)


def _packet(
    delivery: Delivery,
    facts: PacketFacts,
    index: int,
    recipient: str,
    build: Callable[[Path, PacketFacts], str],
) -> Packet:
    shown = recipient[:RECIPIENT_LENGTH]
    packet = Packet(delivery=delivery, recipient=shown, name=_name(index, recipient))
    facts = replace(facts, recipient=recipient, cover_line=_cover_line(delivery.letter, recipient))
    packet.manifest_digest = build(packet.folder, facts)
    return packet


def _seal(packet: Packet, age_key: str) -> None:
    """Leave nothing in the clear but what is public anyway."""
    clear = packet.file
    encrypt_file(clear, age_key)
    clear.unlink()
    packet.is_sealed = True
    for file in packet.folder.iterdir():
        if file.name not in PUBLIC_FILES:
            file.unlink()


def _finish(delivery: Delivery, packets: list[Packet]) -> None:
    """Mark the delivery ready. Where the database dies meanwhile nobody knows whether it is: the
    files stay, and the next delivery clears away what came to nothing.
    """
    delivery.state, delivery.step = DeliveryState.READY, ""
    try:
        with transaction.atomic():
            Packet.objects.bulk_create(packets)
            delivery.save(update_fields=["state", "total", "step", "frozen_at"])
    except DatabaseGone as error:
        raise DeliveryError(str(GONE)) from error


def _name(index: int, recipient: str) -> str:
    return f"{index}-{slugify(recipient)[:60] or 'recipient'}".rstrip("-")


def _facts(delivery: Delivery) -> PacketFacts:
    """What every packet says of the delivery; the recipient is still to be filled in."""
    if delivery.frozen_at is None:
        raise DeliveryError(_("The list is not frozen yet."))
    left = left_out(letter=delivery.letter)
    return PacketFacts(
        letter=_letter_facts(delivery),
        number=delivery.number,
        recipient="",
        frozen_at=delivery.frozen_at,
        software=settings.SOFTWARE,
        record_url=settings.SITE_URL + delivery.get_absolute_url(),
        kind=Kind(delivery.kind),
        since=delivery.since.number if delivery.since else None,
        duplicates_removed=left["duplicate"],
        withdrawn=left["withdrawn"],
    )


def _cover_line(letter: Letter, recipient: str) -> str:
    addressee = map(clean_text, letter.addressee_lines)
    return "" if recipient in addressee else f"Copy for {recipient}"


def _letter_facts(delivery: Delivery) -> LetterFacts:
    letter = delivery.letter
    text = letter.texts.get(is_courtesy_translation=False)
    held = signatures_of(delivery=delivery).order_by()
    signed = held.values_list("text_digest", flat=True).distinct()
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
