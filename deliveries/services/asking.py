"""Asking for a delivery: begun at once, built in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from letters.models import Letter
from signatures import queue
from signatures.models import AuditEntry

from ..facts import Kind
from ..models import Delivery
from .freezing import delivery_start

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def delivery_ask(
    *, letter: Letter, kind: Kind, recipients: list[str], age_key: str, actor: User
) -> Delivery:
    """Begin a delivery and hand its building to the background; raises DeliveryError if refused."""
    with transaction.atomic():
        delivery = delivery_start(letter=letter, kind=kind, actor=actor)
        AuditEntry.objects.create(
            actor=actor,
            action="delivery asked for",
            letter=letter,
            details={"delivery": delivery.number, "kind": kind.value},
        )
        queue.enqueue(
            "prepare_delivery",
            module="deliveries.tasks",
            delivery_id=delivery.id,
            recipients=recipients,
            age_key=age_key,
        )
    return delivery
