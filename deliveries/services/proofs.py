"""What a signer needs to find their own line in a delivery."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.urls import reverse

from signatures.models import Signature
from signatures.services.export import row_of

from ..digests import check_commands, derive_salt, row_digest
from ..enums import DeliveryState
from ..models import DeliveryRow


class Proof(NamedTuple):
    """One delivery in which a signature stands; `shell` is empty where its details have changed."""

    delivery_number: int
    row_number: int
    salt: str
    digest: str
    shell: str
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
    now = row_of(number=row.number, signature=signature)
    digests_url = settings.SITE_URL + reverse("delivery_digests", args=[number])
    unchanged = row_digest(now, salt) == row.digest
    return Proof(
        delivery_number=number,
        row_number=row.number,
        salt=salt,
        digest=row.digest,
        shell="\n".join(check_commands(now, salt, digests_url)) if unchanged else "",
        url=reverse("delivery", args=[number]),
    )
