"""The accepted list, row by row, for every exporter."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from letters.models import Letter

from ..enums import Confirmation, Visibility
from ..exporters.rows import ExportRow
from ..models import AuditEntry, Signature
from ..models.signature import SignatureQuerySet
from ..sealing import unseal
from ..snapshot import snapshot

if TYPE_CHECKING:
    from django.contrib.auth.models import User

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


def accepted_of(*, letter: Letter) -> SignatureQuerySet:
    """The list that is delivered for `letter`."""
    return Signature.objects.accepted().filter(letter=letter)


def export_rows(*, signatures: SignatureQuerySet) -> Iterator[ExportRow]:
    """The accepted ones among `signatures`, numbered from 1 in the order of signing.

    One statement in one snapshot, in constant memory. Who asked only to be counted is "name
    withheld"; an address appears only where its owner confirmed it and asked for updates.
    """
    rows = signatures.accepted().order_by("id").values_list(*FIELDS)
    with snapshot():
        for number, values in enumerate(rows.iterator(chunk_size=CHUNK), start=1):
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
