"""How letters are defended: what the site does by itself, and what staff decide instead."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ..models import Guard
from ..services.guard import guard_decide
from .audit import staff
from .letter_choice import ChoosesLetter

LONGEST_KEY = 18  # digits; every such number fits into the column


@admin.register(Guard)
class GuardAdmin(ChoosesLetter, admin.ModelAdmin):  # type: ignore[type-arg]
    """One row a letter. Whoever may decide about signatures may decide how they are defended."""

    list_display = ["letter", "proof", "asks_now", "hide_names", "hides_now"]
    list_select_related = ["letter"]
    fieldsets = [
        (None, {
            "description": _(
                "Saving settles what was raised by itself: names are shown again and no proof is "
                "asked for until the next alarm. Choose “always” for what shall stay."
            ),
            "fields": [
                "letter", "proof", "proof_until", "hide_names", "names_hidden_at",
                "accepted_an_hour",
            ],
        }),
    ]  # fmt: skip
    readonly_fields = ["proof_until", "names_hidden_at"]

    @admin.display(description=_("asked now"), boolean=True)
    def asks_now(self, guard: Guard) -> bool:
        return guard.asks_proof()

    @admin.display(description=_("hidden now"), boolean=True)
    def hides_now(self, guard: Guard) -> bool:
        return guard.hides_names()

    def get_readonly_fields(self, _request: HttpRequest, obj: Guard | None = None) -> list[str]:
        return [*self.readonly_fields, *(["letter"] if obj else [])]

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Guard | None:
        """None for what is no letter's key: Django hands a number of any length to the database."""
        is_key = object_id.isdecimal() and len(object_id) <= LONGEST_KEY
        return super().get_object(request, object_id, from_field) if is_key else None

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("signatures.moderate_signature")

    def has_view_permission(self, request: HttpRequest, _obj: Guard | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, _obj: Guard | None = None) -> bool:
        return self.has_module_permission(request)

    def has_delete_permission(self, _request: HttpRequest, _obj: Guard | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Guard, _form: Any, _change: bool) -> None:
        guard_decide(guard=obj, actor=staff(request))
