"""What moderators may narrow the list by; each choice is answered by an index."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import Any

from django.contrib import admin
from django.db import connection
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from letters.models import Letter

from ..enums import HoldReason, State
from ..models import Signature
from ..models.signature import HELD, IN_QUEUE, first_id_at

Choices = list[tuple[str, Any]]


class QueueFilter(admin.SimpleListFilter):
    """What a person should look at: pending, or counted before anybody looked."""

    title = _("the queue")
    parameter_name = "queue"

    def lookups(self, _request: HttpRequest, _admin: Any) -> Choices:
        return [("yes", _("Waits for a person"))]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Signature]) -> QuerySet[Signature]:
        return queryset.filter(IN_QUEUE) if self.value() == "yes" else queryset


def _holds(reason: str) -> Q:
    """PostgreSQL knows how frequent a contained value is; SQLite looks for it in the text."""
    if connection.features.supports_json_field_contains:
        return Q(hold_reasons__contains=[reason])
    return Q(hold_reasons__icontains=f'"{reason}"')


class HoldFilter(admin.SimpleListFilter):
    """Those that were held, by the reason."""

    title = _("reason to look")
    parameter_name = "why"

    def lookups(self, _request: HttpRequest, _admin: Any) -> Choices:
        return list(HoldReason.choices)

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Signature]) -> QuerySet[Signature]:
        reason = self.value()
        if reason in HoldReason.values:
            return queryset.filter(HELD, _holds(str(reason)))
        return queryset


class ReadingFilter(admin.SimpleListFilter):
    """Those read from mails, tables and sheets: what may be decided in bulk, and what may not."""

    title = _("reading")
    parameter_name = "reading"

    def lookups(self, _request: HttpRequest, _admin: Any) -> Choices:
        return [("sure", _("Sure: may be decided in bulk")), ("unsure", _("Look at the original"))]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Signature]) -> QuerySet[Signature]:
        if self.value() not in {"sure", "unsure"}:
            return queryset
        sure = Q(staged__is_sure=True, hold_reasons=[])
        return queryset.filter(sure if self.value() == "sure" else ~sure, staged__isnull=False)


class StateFilter(admin.SimpleListFilter):
    """Where they stand. The index starts with the letter, so a lone letter is named to it."""

    title = _("state")
    parameter_name = "state__exact"

    def lookups(self, _request: HttpRequest, _admin: Any) -> Choices:
        return list(State.choices)

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Signature]) -> QuerySet[Signature]:
        if self.value() not in State.values:
            return queryset
        letters = list(Letter.objects.values_list("id", flat=True)[:2])
        alone = {"letter": letters[0]} if len(letters) == 1 else {}
        return queryset.filter(state=self.value(), **alone)


class DayFilter(admin.SimpleListFilter):
    """Signed today, yesterday, in the last seven days: by the time inside the id."""

    title = _("signed")
    parameter_name = "day"

    def lookups(self, _request: HttpRequest, _admin: Any) -> Choices:
        return [
            ("today", _("Today")),
            ("yesterday", _("Yesterday")),
            ("week", _("In the last 7 days")),
        ]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Signature]) -> QuerySet[Signature]:
        today = datetime.combine(timezone.now().date(), time(), UTC)
        day = timedelta(days=1)
        spans = {
            "today": (today, today + day),
            "yesterday": (today - day, today),
            "week": (today - 6 * day, today + day),
        }
        if self.value() not in spans:
            return queryset
        start, end = spans[str(self.value())]
        return queryset.filter(id__gte=first_id_at(start), id__lt=first_id_at(end))
