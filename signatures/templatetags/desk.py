"""The start page of the admin asks for its numbers itself, because the page is Django's."""

from __future__ import annotations

from typing import Any

from django import template
from django.utils import timezone

from ..services.desk import DAYS_SHOWN, desk_numbers
from ..views.chart import make_chart

register = template.Library()


@register.simple_tag
def desk() -> dict[str, Any]:
    """What waits, today's numbers, the chart of a month, and each letter's count."""
    numbers = desk_numbers(today=timezone.now().date())
    has_signatures = any(numbers.days.values())
    return {
        **numbers._asdict(),
        "days_shown": DAYS_SHOWN,
        "chart": make_chart(numbers.days) if has_signatures else None,
    }
