"""Reading the log of what was done. Nobody changes it."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from ..models import AuditEntry
from .paging import CountlessPaginator, NewestFirst


def staff(request: HttpRequest) -> User:
    """Who is at work; raises PermissionDenied for anybody without an account."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


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
