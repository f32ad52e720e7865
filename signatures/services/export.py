"""The accepted list, row by row, for every exporter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from letters.models import Letter

from ..enums import Confirmation, Visibility
from ..exporters.rows import ExportRow
from ..models import Signature
from ..sealing import unseal
from ..snapshot import snapshot

NAME_WITHHELD = "name withheld"
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


def export_rows(*, letter: Letter, after: UUID | None = None) -> Iterator[ExportRow]:
    """Accepted signatures of `letter`, numbered from 1 in the order in which they were signed.

    One statement in one snapshot, in constant memory. `after` leaves out everything up to and
    including that id. Who asked only to be counted is "name withheld"; an address appears only
    where its owner asked for updates and confirmed it.
    """
    rows = Signature.objects.accepted().filter(letter=letter).order_by("id")
    if after:
        rows = rows.filter(id__gt=after)
    with snapshot():
        fields = rows.values_list(*FIELDS).iterator(chunk_size=CHUNK)
        for number, values in enumerate(fields, start=1):
            yield _row(number, *values)


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
