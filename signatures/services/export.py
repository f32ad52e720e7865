"""The accepted list, row by row, for every exporter."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from letters.models import Letter

from ..enums import Confirmation, Visibility
from ..exporters.rows import NAME_WITHHELD, ExportRow
from ..models import AuditEntry, Signature
from ..models.signature import SignatureQuerySet
from ..sealing import unseal
from ..snapshot import snapshot

if TYPE_CHECKING:
    from django.contrib.auth.models import User

CHUNK = 2_000
FIELDS = (
    "name",
    "residence",
    "occupation",
    "email_sealed",
    "created_at",
    "confirmed_at",
    "decided_at",
    "source",
    "visibility",
    "wants_updates",
)


def accepted_of(*, letter: Letter) -> SignatureQuerySet:
    """The list that is delivered for `letter`."""
    return Signature.objects.accepted().filter(letter=letter)


def export_rows(*, signatures: SignatureQuerySet) -> Generator[ExportRow, None, None]:
    """The accepted ones among `signatures`, numbered from 1 in the order of signing.

    One statement in one snapshot, in constant memory. Who asked only to be counted is "name
    withheld"; an address appears only where its owner confirmed it and asked for updates.
    """
    return (row for _signature_id, row in export_rows_with_ids(signatures=signatures))


def export_rows_with_ids(*, signatures: SignatureQuerySet) -> Iterator[tuple[UUID, ExportRow]]:
    """`export_rows`, each with the id of the signature it was made from."""
    rows = signatures.accepted().order_by("id").values_list("id", *FIELDS)
    with snapshot():
        for number, values in enumerate(rows.iterator(chunk_size=CHUNK), start=1):
            yield values[0], _row(number, *values[1:])


def row_of(*, number: int, signature: Signature) -> ExportRow:
    """One signature as line `number` of a list."""
    return _row(number, *(getattr(signature, field) for field in FIELDS))


def _row(
    number: int,
    name: str,
    residence: str,
    occupation: str,
    email_sealed: str | None,
    created_at: datetime,
    confirmed_at: datetime | None,
    decided_at: datetime | None,
    source: str,
    visibility: str,
    wants_updates: bool,
) -> ExportRow:
    if visibility == Visibility.COUNTED:
        name, residence, occupation, email = NAME_WITHHELD, "", "", ""
    else:
        may_write = wants_updates and confirmed_at and email_sealed
        email = unseal(email_sealed) if may_write and email_sealed else ""
    return ExportRow(
        number,
        name,
        residence,
        occupation,
        email,
        created_at.date(),
        _confirmation(confirmed_at, decided_at),
        source,
    )


def _confirmation(confirmed_at: datetime | None, decided_at: datetime | None) -> str:
    if confirmed_at:
        return Confirmation.MAILBOX.value
    return Confirmation.REVIEWED.value if decided_at else Confirmation.UNREVIEWED.value


def export_log(
    *,
    rows: int,
    sha256: str = "",
    actor: User | None = None,
    letter: Letter | None = None,
    asked: str = "",
) -> None:
    """Note that a list left the house: who took it, what was asked for, rows, and its digest."""
    AuditEntry.objects.create(
        actor=actor,
        action="exported",
        letter=letter,
        reason=asked[:500],
        details={"rows": rows, "sha256": sha256},
    )
