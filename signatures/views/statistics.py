"""How a campaign goes: progress, signatures over time, places."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from letters.models import Letter

from ..services.counts import letter_days
from ..services.places import FEWEST, letter_places
from .chart import make_chart
from .letter import alternates, find_letter, find_text, percent_of
from .page_cache import cached_page

WEEK = timedelta(days=7)


@require_safe
def statistics_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Progress to the goal, a chart with its table, and places that many people come from."""
    return cached_page(
        request,
        lambda: render(
            request, "signatures/statistics.html", statistics_context(find_letter(slug))
        ),
    )


def statistics_context(letter: Letter) -> dict[str, Any]:
    """What the page shows; the same for every visitor."""
    days = letter_days(letter=letter)
    count = sum(days.values())
    return {
        "letter": letter,
        "text": find_text(letter),
        "phase": letter.phase().value,
        "count": count,
        "percent": percent_of(count, letter.goal),
        "last_week": _since(days, timezone.now().date() - WEEK),
        "chart": make_chart(days),
        "places": letter_places(letter=letter),
        "fewest": FEWEST,
        "alternates": alternates("statistics", letter.slug),
    }


def _since(days: dict[date, int], first: date) -> int:
    return sum(number for day, number in days.items() if day > first)
