"""Reading the log of what was done. Nobody changes it."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied, ValidationError
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext_lazy as _

from ..models import AuditEntry
from .audit_words import ACTIONS, SWEPT, action_words, state_words
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


class ActionFilter(admin.SimpleListFilter):
    """By what was done; the choices are known, so the log is not read through for them."""

    title = _("what")
    parameter_name = "action"

    def lookups(self, _request: HttpRequest, _admin: Any) -> list[tuple[str, Any]]:
        return [*ACTIONS.items(), (SWEPT, _("decisions about many"))]

    def queryset(
        self, _request: HttpRequest, queryset: QuerySet[AuditEntry]
    ) -> QuerySet[AuditEntry]:
        if self.value() == SWEPT:  # each with its number
            return queryset.filter(action__startswith=SWEPT)
        return queryset.filter(action=self.value()) if self.value() in ACTIONS else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(NewestFirst, ReadOnlyAdmin):
    """Who did what, and why."""

    list_display = ["at", "actor", "what", "letter", "before", "after", "reason"]
    list_filter = [ActionFilter]
    fields = [
        "at", "actor", "what", "letter", "signature_id", "before", "after", "reason", "details",
    ]  # fmt: skip
    readonly_fields = ["what", "before", "after"]
    list_select_related = ["actor", "letter"]
    search_fields = ["=signature_id", "reason"]

    @admin.display(description=_("what"))
    def what(self, entry: AuditEntry) -> str:
        return action_words(entry)

    @admin.display(description=_("from"))
    def before(self, entry: AuditEntry) -> str:
        return state_words(entry.from_state)

    @admin.display(description=_("to"))
    def after(self, entry: AuditEntry) -> str:
        return state_words(entry.to_state)
