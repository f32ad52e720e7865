"""The start page of the admin says what was handed over, and what went wrong."""

from __future__ import annotations

from django import template

from ..models import Delivery

register = template.Library()


@register.simple_tag
def newest_deliveries(number: int) -> list[Delivery]:
    """The `number` newest deliveries, whatever became of them."""
    return list(Delivery.objects.select_related("letter")[:number])
