"""Asking for a delivery: begun at once, built in the background."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from letters.models import Letter
from signatures import queue
from signatures.models import AuditEntry
from signatures.normalise import clean_text
from signatures.validators import validate_visible_text

from ..exceptions import DeliveryError
from ..facts import Kind
from ..models import Delivery
from .freezing import delivery_start

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def recipients_clean(*, recipients: list[str]) -> list[str]:
    """`recipients` as they are written on packets; raises DeliveryError where one says nothing.

    A delivery never changes afterwards, so nobody could take an empty recipient back.
    """
    cleaned = [clean_text(recipient) for recipient in recipients]
    try:
        for recipient in cleaned or [""]:
            validate_visible_text(recipient)
    except ValidationError as error:
        reason = {"reason": " ".join(error.messages)}
        raise DeliveryError(_("This cannot be a recipient. %(reason)s") % reason) from None
    return cleaned


def delivery_ask(
    *, letter: Letter, kind: Kind, recipients: list[str], age_key: str, actor: User
) -> Delivery:
    """Begin a delivery and hand its building to the background; raises DeliveryError if refused."""
    recipients = recipients_clean(recipients=recipients)
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
