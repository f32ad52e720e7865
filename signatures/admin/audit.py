"""Reading the log of what was done. Nobody changes it."""

from __future__ import annotations

from typing import TypeVar

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest

from ..models import AuditEntry
from .paging import CountlessPaginator, NewestFirst

Row = TypeVar("Row", bound=Model)


def staff(request: HttpRequest) -> User:
    """Who is at work; raises PermissionDenied for anybody without an account."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def reason_in(request: HttpRequest) -> str:
    """The reason that was written; without a NUL, which PostgreSQL keeps in no text."""
    return request.POST.get("reason", "").replace("\0", "").strip()


def row_or_404(rows: QuerySet[Row], key: str) -> Row:
    """The one of `rows` with the key that stands in an address; raises Http404 for what is none."""
    try:
        return rows.get(pk=key)
    except (ObjectDoesNotExist, ValidationError, ValueError):
        raise Http404 from None


class ReadOnlyAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A list to look at: nothing can be added, changed or deleted."""

    paginator = CountlessPaginator
    show_full_result_count = False
    list_per_page = 50

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: object = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: object = None) -> bool:
        return False


@admin.register(AuditEntry)
class AuditEntryAdmin(NewestFirst, ReadOnlyAdmin):
    """Who did what, and why."""

    list_display = ["at", "actor", "action", "letter", "from_state", "to_state", "reason"]
    list_filter = ["action"]
    list_select_related = ["actor", "letter"]
    search_fields = ["=signature_id", "reason"]
