"""What a signer needs to find their own line in a delivery."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.urls import reverse

from signatures.enums import Confirmation
from signatures.exporters import ExportRow
from signatures.models import Signature
from signatures.services.export import row_of

from ..digests import check_commands, derive_salt, row_digest
from ..enums import DeliveryState
from ..models import DeliveryRow


class Proof(NamedTuple):
    """One delivery in which a signature stands; no `commands` where its details have changed."""

    delivery_number: int
    row_number: int
    salt: str
    digest: str
    commands: str
    url: str


def salt_of(*, delivery_number: int, signature_id: object) -> str:
    """The salt of one signature in one delivery (32 hexadecimal digits)."""
    return derive_salt(
        pepper=settings.PEPPER.encode(),
        delivery=str(delivery_number),
        signature=str(signature_id),
    )


def signature_proofs(*, signature: Signature) -> list[Proof]:
    """Every ready delivery in which `signature` stands, oldest first."""
    rows = (
        DeliveryRow.objects.filter(signature_id=signature.id)
        .filter(delivery__state=DeliveryState.READY)
        .select_related("delivery")
        .order_by("delivery__number")
    )
    return [_proof(signature, row) for row in rows]


def _proof(signature: Signature, row: DeliveryRow) -> Proof:
    number = row.delivery.number
    salt = salt_of(delivery_number=number, signature_id=signature.id)
    delivered = _row_as_delivered(signature, row, salt)
    digests_url = settings.SITE_URL + reverse("delivery_digests", args=[number])
    return Proof(
        delivery_number=number,
        row_number=row.number,
        salt=salt,
        digest=row.digest,
        commands="\n".join(check_commands(delivered, salt, digests_url)) if delivered else "",
        url=reverse("delivery", args=[number]),
    )


def _row_as_delivered(signature: Signature, row: DeliveryRow, salt: str) -> ExportRow | None:
    """The line that was delivered, None where it was changed or withdrawn since.

    That a person looked at it later is no change of its owner's.
    """
    now = row_of(number=row.number, signature=signature)
    if now is None:
        return None
    lines = (now._replace(confirmation=each.value) for each in Confirmation)
    return next((line for line in lines if row_digest(line, salt) == row.digest), None)
