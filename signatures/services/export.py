"""The accepted list, row by row, for every exporter."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Case, DateField, Q, TextField, Value, When
from django.db.models.functions import Cast

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
NAMED = ~Q(visibility=Visibility.COUNTED)


def _of_the_named(field: str, otherwise: str) -> Case:
    """`field` of who may be named; `otherwise` of who asked only to be counted."""
    return Case(When(NAMED, then=field), default=Value(otherwise), output_field=TextField())


# The cells of a row but its number. The database works them out: for a million rows that is three
# times faster than Python.
PERSON = (
    _of_the_named("name", NAME_WITHHELD),
    _of_the_named("residence", ""),
    _of_the_named("occupation", ""),
)
ADDRESS = Case(
    When(
        NAMED & Q(wants_updates=True, confirmed_at__isnull=False, email_sealed__isnull=False),
        then="email_sealed",
    ),
    default=Value(""),
    output_field=TextField(),
)
NO_ADDRESS = Value("", output_field=TextField())
PROOF = (
    Cast("created_at", DateField()),
    Case(
        When(confirmed_at__isnull=False, then=Value(Confirmation.MAILBOX.value)),
        When(decided_at__isnull=False, then=Value(Confirmation.REVIEWED.value)),
        default=Value(Confirmation.UNREVIEWED.value),
        output_field=TextField(),
    ),
    "source",
)


def accepted_of(*, letter: Letter) -> SignatureQuerySet:
    """The list that is delivered for `letter`."""
    return Signature.objects.accepted().filter(letter=letter)


def export_rows(*, signatures: SignatureQuerySet) -> Generator[ExportRow, None, None]:
    """The accepted ones among `signatures`, numbered from 1 in the order of signing.

    One statement in one snapshot, in constant memory. Who asked only to be counted is "name
    withheld"; an address appears only where its owner confirmed it and asked for updates.
    """
    with snapshot():
        for number, cells in enumerate(_cells(signatures, *PERSON, ADDRESS, *PROOF), start=1):
            name, residence, occupation, sealed, *proof = cells
            email = unseal(sealed) if sealed else ""
            yield ExportRow(number, name, residence, occupation, email, *proof)


def export_rows_with_ids(*, signatures: SignatureQuerySet) -> Iterator[tuple[UUID, ExportRow]]:
    """`export_rows` without addresses, each with the id of the signature it was made from."""
    cells = _cells(signatures, "id", *PERSON, NO_ADDRESS, *PROOF)
    with snapshot():
        for number, (signature_id, *row) in enumerate(cells, start=1):
            yield signature_id, ExportRow(number, *row)


def _cells(signatures: SignatureQuerySet, *wanted: Any) -> Iterator[Any]:
    listed = signatures.accepted().order_by("id").values_list(*wanted)
    return listed.iterator(chunk_size=CHUNK)


def row_of(*, number: int, signature: Signature) -> ExportRow | None:
    """One signature as line `number` of a list, without its address; None where it counts not."""
    signatures = Signature.objects.filter(id=signature.id)
    rows = export_rows_with_ids(signatures=signatures)
    return next((row._replace(number=number) for _id, row in rows), None)


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
