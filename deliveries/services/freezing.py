"""Taking the list at one moment: numbered, digested, noted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from letters.models import Letter
from signatures.enums import State
from signatures.exporters.rows import ExportRow
from signatures.models import Signature
from signatures.models.signature import SignatureQuerySet
from signatures.services.export import accepted_of, export_rows_with_ids

from ..enums import DeliveryState
from ..exceptions import DeliveryError
from ..facts import Kind
from ..frozen import DIGESTS, freeze
from ..models import Delivery, DeliveryRow, WithdrawnRow
from ..staging import is_being_made
from .proofs import salt_of

if TYPE_CHECKING:
    from django.contrib.auth.models import User

ABANDONED_AFTER = timedelta(minutes=10)
BATCH = 2_000
IDS = "ids.txt"
NOTHING = {
    Kind.WHOLE: gettext_lazy("Nobody's signature is accepted yet."),
    Kind.NEW_ONLY: gettext_lazy("Nothing is new since the last delivery."),
    Kind.ADDENDUM: gettext_lazy("Nothing was withdrawn since the last delivery."),
}


def delivery_start(*, letter: Letter, kind: Kind, actor: User | None = None) -> Delivery:
    """Begin a delivery under the lowest free number; one that came to nothing leaves its own free.

    Raises DeliveryError while another one of the same letter is being prepared, and where there is
    nothing to deliver.
    """
    with transaction.atomic():
        # Numbers are counted over all letters: whoever begins at the same moment waits here.
        list(Letter.objects.select_for_update(no_key=True).order_by("id").values_list("id"))
        _clear_away(letter)
        ready = letter.deliveries.filter(state=DeliveryState.READY)
        delivery = Delivery(
            number=_free_number(),
            letter=letter,
            kind=kind.value,
            # By the key: one frozen while the clock was ahead would stay the last by its time.
            since=None if kind is Kind.WHOLE else ready.order_by("id").last(),
            touched_at=timezone.now(),
            created_by=actor,
        )
        _check(delivery)
        delivery.save()
        return delivery


def _clear_away(letter: Letter) -> None:
    tried = Delivery.objects.exclude(state=DeliveryState.READY)
    for each in tried:
        if each.state == DeliveryState.FAILED or (each.letter == letter and _is_abandoned(each)):
            _rows_delete(each)
            each.delete()


def _rows_delete(delivery: Delivery) -> None:
    """Batch by batch: a million at once would be a million objects in memory."""
    while batch := list(delivery.rows.values_list("id", flat=True)[:BATCH]):
        DeliveryRow.objects.filter(id__in=batch).delete()


def _is_abandoned(delivery: Delivery) -> bool:
    """Whether nobody is at work on it: its worker was killed, or none has begun for long."""
    is_late = delivery.touched_at < timezone.now() - ABANDONED_AFTER
    return (is_late or bool(delivery.step)) and not is_being_made(delivery.folder)


def _free_number() -> int:
    taken = set(Delivery.objects.values_list("number", flat=True))
    return next(number for number in count(1) if number not in taken)


def _check(delivery: Delivery) -> None:
    if delivery.letter.deliveries.filter(state=DeliveryState.PREPARING).exists():
        raise DeliveryError(_("Another delivery of this letter is being prepared."))
    if delivery.kind != Kind.WHOLE and delivery.since is None:
        raise DeliveryError(_("There is no earlier delivery that this one could follow."))
    if not held_by(delivery=delivery).exists():
        raise DeliveryError(str(NOTHING[Kind(delivery.kind)]))


def delivery_touch(*, delivery: Delivery, step: str) -> None:
    """Say what the delivery is at work on, and that it is alive."""
    Delivery.objects.filter(id=delivery.id).update(step=step[:60], touched_at=timezone.now())


def delivery_fail(*, delivery: Delivery, reason: str) -> None:
    """Give the delivery up; its number is free for the next try, its rows are gone."""
    with transaction.atomic():
        _rows_delete(delivery)
        delivery.withdrawn_rows.all().delete()
        Delivery.objects.filter(id=delivery.id, state=DeliveryState.PREPARING).update(
            state=DeliveryState.FAILED, failure=reason[:300]
        )


def held_by(*, delivery: Delivery) -> QuerySet[Any]:
    """What the delivery holds: signatures, or for an addendum rows that were delivered before."""
    if delivery.kind == Kind.ADDENDUM:
        return _rows_to_withdraw(delivery.letter)
    return signatures_of(delivery=delivery)


def signatures_of(*, delivery: Delivery) -> SignatureQuerySet:
    """Every accepted signature, or those that no delivery had and no addendum took back."""
    accepted = accepted_of(letter=delivery.letter)
    if delivery.kind != Kind.NEW_ONLY:
        return accepted
    before = DeliveryRow.objects.filter(
        signature_id=OuterRef("id"), delivery__state=DeliveryState.READY, withdrawn__isnull=True
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


def list_freeze(*, delivery: Delivery, folder: Path) -> None:
    """Write the list as it is at this moment, numbered, into `folder`; see deliveries.frozen.

    Beside it stands in IDS which signature each row is, for `rows_store`.
    """

    def noted() -> Iterator[tuple[ExportRow, str]]:
        for signature_id, row in export_rows_with_ids(signatures=signatures_of(delivery=delivery)):
            ids.write(f"{signature_id}\n")
            yield row, salt_of(delivery_number=delivery.number, signature_id=signature_id)

    with (folder / IDS).open("w", encoding="ascii") as ids:
        freeze(noted(), folder)


def rows_store(*, delivery: Delivery, folder: Path) -> int:
    """Keep number, id and digest of every row frozen in `folder`; how many there are.

    They show when the delivery is ready.
    """
    total = 0
    with (
        (folder / IDS).open(encoding="ascii") as ids,
        (folder / DIGESTS).open(encoding="ascii") as digests,
    ):
        rows = (_row(delivery, *pair) for pair in zip(ids, digests, strict=True))
        while batch := list(islice(rows, BATCH)):
            DeliveryRow.objects.bulk_create(batch)
            total += len(batch)
    return total


def _row(delivery: Delivery, signature_id: str, line: str) -> DeliveryRow:
    number, digest = line.split()
    return DeliveryRow(
        delivery=delivery,
        number=int(number),
        signature_id=UUID(signature_id.strip()),
        digest=digest,
    )


def withdrawals_store(*, addendum: Delivery) -> list[tuple[int, int]]:
    """Name every delivered row of the letter that no longer counts and no addendum named yet."""
    rows = _rows_to_withdraw(addendum.letter)
    named = [WithdrawnRow(addendum=addendum, row=row) for row in rows.select_related("delivery")]
    WithdrawnRow.objects.bulk_create(named, batch_size=BATCH)
    return [(each.row.delivery.number, each.row.number) for each in named]


def _rows_to_withdraw(letter: Letter) -> QuerySet[DeliveryRow]:
    counts_still = Signature.objects.accepted().filter(id=OuterRef("signature_id"))
    return (
        DeliveryRow.objects.filter(delivery__letter=letter)
        .filter(delivery__state=DeliveryState.READY, withdrawn__isnull=True)
        .filter(~Exists(counts_still))
        .order_by("delivery__number", "number")
    )
