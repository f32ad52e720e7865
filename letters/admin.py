"""Where organisers keep letters. Every rule is in `letters.services`; here it is only explained."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from .forms import LetterForm, LetterTextForm, LetterTextFormSet
from .listing import listed
from .models import Letter, LetterText, TimelineEvent
from .services import (
    LOCKED,
    SIGNED_LETTER_FIELDS,
    letter_delete,
    letter_is_signed,
    letter_lock,
    letter_save,
    text_delete,
    text_save,
)


class LetterTextInline(admin.StackedInline):  # type: ignore[type-arg]
    """The words in each language."""

    model = LetterText
    form = LetterTextForm
    formset = LetterTextFormSet
    readonly_fields = ["digest"]
    extra = 0
    min_num = 1

    def has_delete_permission(self, request: HttpRequest, obj: Letter | None = None) -> bool:
        signed = obj is not None and letter_is_signed(obj)
        return not signed and super().has_delete_permission(request, obj)


class TimelineInline(admin.TabularInline):  # type: ignore[type-arg]
    """What happened before; never part of what is signed."""

    model = TimelineEvent
    extra = 0


@admin.register(Letter)
class LetterAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Letters, several on one site, one of them on the front page."""

    form = LetterForm
    inlines = [LetterTextInline, TimelineInline]
    list_display = [
        "slug", "title", "sender", "letter_date", "phase_now", "languages", "goal",
        "is_published", "is_featured",
    ]  # fmt: skip
    list_filter = ["is_published"]
    search_fields = ["slug", "sender", "texts__title"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Letter]:
        texts = LetterText.objects.only("letter", "language", "title", "is_courtesy_translation")
        return super().get_queryset(request).prefetch_related(Prefetch("texts", texts, "told_in"))

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Letter | None:
        """The letter; for a post its row is locked, so nobody signs between check and change."""
        letter = super().get_object(request, object_id, from_field)
        if letter is not None and request.method == "POST":
            letter_lock(letter=letter)
        return letter

    def get_fieldsets(self, request: HttpRequest, obj: Letter | None = None) -> Any:
        signed = obj is not None and letter_is_signed(obj)
        return [
            (None, {
                "fields": SIGNED_LETTER_FIELDS,
                "description": LOCKED if signed else _("The first signature locks these lines."),
            }),
            (_("Signing"), {"fields": ["opens_at", "closes_at", "goal", "review"]}),
            (_("Publication"), {"fields": ["slug", "is_published", "is_featured"]}),
            (_("People"), {"fields": ["leaders", "contact", "sign_on_email"]}),
        ]  # fmt: skip

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        # One by one, so that each passes the question whether somebody has signed.
        return {
            name: action
            for name, action in super().get_actions(request).items()
            if name != "delete_selected"
        }

    def has_delete_permission(self, request: HttpRequest, obj: Letter | None = None) -> bool:
        signed = obj is not None and letter_is_signed(obj)
        return not signed and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Letter, form: Any, change: bool) -> None:
        letter_save(letter=obj)

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        if formset.model is not LetterText:
            formset.save()
            return
        texts = formset.save(commit=False)
        for text in formset.deleted_objects:
            text_delete(text=text)
        # Translations first, so that the binding text can change places with one.
        for text in sorted(texts, key=lambda text: not text.is_courtesy_translation):
            text_save(text=text)

    def delete_model(self, request: HttpRequest, obj: Letter) -> None:
        letter_delete(letter=obj)

    @admin.display(description=_("title"))
    def title(self, letter: Any) -> str:
        # The binding text is the first of a letter's.
        return letter.told_in[0].title if letter.told_in else "–"

    @admin.display(description=_("stands"))
    def phase_now(self, letter: Letter) -> str:
        return str(letter.phase().label)

    @admin.display(description=_("languages"))
    def languages(self, letter: Any) -> str:
        return listed(text.language for text in letter.told_in)
