"""Paging that never counts a table to draw a page."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import PAGE_VAR, ChangeList
from django.core.exceptions import BadRequest, ValidationError
from django.core.paginator import Paginator
from django.db.models import Expression, Model, QuerySet
from django.http import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin

    Admin = ModelAdmin[Any]
else:
    Admin = object

LOOK_AHEAD_PAGES = 20


class CountlessPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than twenty pages: enough to leaf through, at any size of the table."""

    @cached_property
    def count(self) -> int:
        ahead = self.per_page * LOOK_AHEAD_PAGES + 1
        rows = cast("QuerySet[Model]", self.object_list)
        return len(rows.values_list("pk")[:ahead])


class KeysetChangeList(ChangeList):
    """Newest first, and each page starts below the key of the last row of the one before it.

    So the thousandth page costs what the first one costs, and nothing is ever counted. The key
    travels in Django's own page parameter; `older` is the next one, "" where nothing is older.
    """

    def get_ordering(
        self, _request: HttpRequest, _queryset: QuerySet[Any]
    ) -> list[Expression | str]:
        return ["-pk"]

    def get_results(self, request: HttpRequest) -> None:
        """One query; raises IncorrectLookupParameters for a place that is no key."""
        self.is_first = PAGE_VAR not in request.GET
        found = list(self._below(request.GET.get(PAGE_VAR, ""))[: self.list_per_page + 1])
        self.result_list = found[: self.list_per_page]
        self.older = str(self.result_list[-1].pk) if len(found) > self.list_per_page else ""
        # One more than is shown where there are more: all that Django's templates ask is whether.
        self.result_count = self.full_result_count = len(found)
        self.show_full_result_count = False
        self.show_admin_actions = bool(found)
        self.can_show_all = self.multi_page = False
        self.paginator = Paginator(found, max(len(found), 1))

    def _below(self, place: str) -> QuerySet[Any]:
        if not place:
            return cast("QuerySet[Any]", self.queryset)
        try:
            key = self.model._meta.pk.to_python(place)
        except ValidationError:
            raise IncorrectLookupParameters from None
        return cast("QuerySet[Any]", self.queryset.filter(pk__lt=key))

    @property
    def newest_url(self) -> str:
        return self.get_query_string()

    @property
    def older_url(self) -> str:
        return self.get_query_string({PAGE_VAR: self.older})


class NewestFirst(Admin):
    """A list that is leafed through by KeysetChangeList, in no other order."""

    sortable_by = ()

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return KeysetChangeList

    def response_action(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        """Raises BadRequest for a chosen row whose key is none, which Django would ask for."""
        try:
            for key in request.POST.getlist(ACTION_CHECKBOX_NAME):
                self.model._meta.pk.to_python(key)
        except ValidationError:
            raise BadRequest("A chosen row has no such key.") from None
        return super().response_action(request, queryset)
