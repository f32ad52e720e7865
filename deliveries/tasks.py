"""Preparing a delivery in the background."""

from __future__ import annotations

from django_tasks import task

from .models import Delivery
from .services.building import delivery_build


@task()
def prepare_delivery(delivery_id: int, recipients: list[str], age_key: str = "") -> None:
    """Freeze the list and build a packet for each of `recipients`.

    A delivery that waited so long that another one took its place is gone.
    """
    delivery = Delivery.objects.select_related("letter", "since").filter(id=delivery_id).first()
    if delivery:
        delivery_build(delivery=delivery, recipients=recipients, age_key=age_key)
