"""Preparing a delivery in the background."""

from __future__ import annotations

from django_tasks import task

from .models import Delivery
from .services.building import delivery_build


@task()
def prepare_delivery(delivery_id: int, recipients: list[str], age_key: str = "") -> None:
    """Freeze the list and build a packet for each of `recipients`."""
    delivery = Delivery.objects.select_related("letter", "since").get(id=delivery_id)
    delivery_build(delivery=delivery, recipients=recipients, age_key=age_key)
