"""Taking the list at one moment: numbered, digested, noted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, Max, OuterRef
from django.utils import timezone

from letters.models import Letter
from signatures.enums import State
from signatures.exporters.rows import ExportRow
from signatures.models import Signature
from signatures.models.signature import SignatureQuerySet
from signatures.services.export import accepted_of, export_rows_with_ids

from ..digests import row_digest
from ..enums import DeliveryState
from ..exceptions import DeliveryError
from ..facts import Kind
from ..models import Delivery, DeliveryRow, WithdrawnRow
from ..staging import is_being_made
from .proofs import salt_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

ABANDONED_AFTER = timedelta(minutes=10)
BATCH = 2_000


def delivery_start(*, letter: Letter, kind: Kind, actor: User | None = None) -> Delivery:
    """Begin a delivery: take the next number, or that of one which came to nothing.

    Raises DeliveryError while another one of the same letter is being prepared, and where there is
    nothing to deliver.
    """
    since = letter.deliveries.filter(state=DeliveryState.READY).order_by("-number").first()
    if kind is not Kind.WHOLE and since is None:
        raise DeliveryError("There is no earlier delivery that this one could follow.")
    try:
        with transaction.atomic():
            number = _free_number(letter)
            return Delivery.objects.create(
                number=number,
                letter=letter,
                kind=kind.value,
                since=None if kind is Kind.WHOLE else since,
                touched_at=timezone.now(),
                created_by=actor,
            )
    except IntegrityError as error:
        raise DeliveryError("Another delivery of this letter is being prepared.") from error


def _free_number(letter: Letter) -> int:
    tried = Delivery.objects.select_for_update().exclude(state=DeliveryState.READY)
    dead = [each for each in tried.order_by("number") if _is_dead(each, letter)]
    if dead:
        number = dead[0].number
        dead[0].delete()
        return number
    highest = Delivery.objects.aggregate(highest=Max("number"))["highest"]
    return (highest or 0) + 1


def _is_dead(delivery: Delivery, letter: Letter) -> bool:
    """Whether it failed, or is one of this letter's whose worker was killed at work."""
    if delivery.state == DeliveryState.FAILED:
        return True
    if delivery.letter_id != letter.id or not delivery.step:
        return False
    silent = delivery.touched_at < timezone.now() - ABANDONED_AFTER
    return silent or not is_being_made(delivery.folder)


def delivery_touch(*, delivery: Delivery, step: str) -> None:
    """Say what the delivery is at work on, and that it is alive."""
    Delivery.objects.filter(id=delivery.id).update(step=step[:60], touched_at=timezone.now())


def delivery_fail(*, delivery: Delivery, reason: str) -> None:
    """Give the delivery up; its number is free for the next try, its rows are gone."""
    with transaction.atomic():
        delivery.rows.all().delete()
        Delivery.objects.filter(id=delivery.id).update(
            state=DeliveryState.FAILED, failure=reason[:300]
        )


def signatures_of(*, delivery: Delivery) -> SignatureQuerySet:
    """What the delivery holds: every accepted signature, or those that no delivery had before."""
    accepted = accepted_of(letter=delivery.letter)
    if delivery.kind != Kind.NEW_ONLY:
        return accepted
    before = DeliveryRow.objects.filter(
        signature_id=OuterRef("id"), delivery__state=DeliveryState.READY
    )
    return accepted.filter(~Exists(before))


def left_out(*, letter: Letter) -> dict[str, int]:
    """How many did not come into the list, and why."""
    states = [State.DUPLICATE, State.WITHDRAWN]
    found = (
        Signature.objects.filter(letter=letter, state__in=states)
        .order_by()
        .values_list("state")
        .annotate(Count("id"))
    )
    counted = dict(found)
    return {state.value: counted.get(state.value, 0) for state in states}


def rows_freeze(*, delivery: Delivery, noted: Path) -> Iterator[tuple[ExportRow, str]]:
    """The list as it is at this moment, each row with its salt, read in one snapshot.

    Number, signature id and digest of each are noted in the file `noted` for `rows_store`.
    """
    with noted.open("w", encoding="ascii") as file:
        for signature_id, row in export_rows_with_ids(signatures=signatures_of(delivery=delivery)):
            salt = salt_of(delivery_number=delivery.number, signature_id=signature_id)
            file.write(f"{row.number} {signature_id} {row_digest(row, salt)}\n")
            yield row, salt


def rows_store(*, delivery: Delivery, noted: Path) -> None:
    """Keep number, id and digest of every frozen row; they show when the delivery is ready."""
    with noted.open(encoding="ascii") as file:
        rows = (_row(delivery, *line.split()) for line in file)
        while batch := list(islice(rows, BATCH)):
            DeliveryRow.objects.bulk_create(batch)


def _row(delivery: Delivery, number: str, signature_id: str, digest: str) -> DeliveryRow:
    return DeliveryRow(
        delivery=delivery, number=int(number), signature_id=UUID(signature_id), digest=digest
    )


def withdrawals_store(*, addendum: Delivery) -> list[tuple[int, int]]:
    """Name every delivered row of the letter that no longer counts and no addendum named yet."""
    counts_still = Signature.objects.accepted().filter(id=OuterRef("signature_id"))
    rows = (
        DeliveryRow.objects.filter(delivery__letter=addendum.letter)
        .filter(delivery__state=DeliveryState.READY, withdrawn__isnull=True)
        .filter(~Exists(counts_still))
        .select_related("delivery")
        .order_by("delivery__number", "number")
    )
    named = [WithdrawnRow(addendum=addendum, row=row) for row in rows]
    WithdrawnRow.objects.bulk_create(named, batch_size=BATCH)
    return [(each.row.delivery.number, each.row.number) for each in named]
