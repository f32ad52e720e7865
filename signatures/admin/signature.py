"""The queue: what needs a look, and what moderators and delivery staff may do with it."""

from __future__ import annotations

from typing import Any, cast
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.contrib.admin.utils import quote
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..enums import State
from ..exporters.download import csv_download
from ..models import AuditEntry, Signature
from ..models.signature import SignatureQuerySet
from ..services.moderation import Decided, signatures_decide, signatures_undo
from ..services.search import signatures_matching
from .audit import ReadOnlyAdmin, reason_in, staff
from .audit_words import action_words, state_words
from .duplicates import pairs_of
from .filters import DayFilter, HoldFilter, QueueFilter, ReadingFilter, StateFilter
from .intake import staged_context, staged_view
from .paging import NewestFirst
from .reauth import fresh_login

DECISIONS = {
    "accept": State.ACCEPTED,
    "reject": State.REJECTED,
    "mark_duplicate": State.DUPLICATE,
}


class ReasonForm(ActionForm):
    """The reason stands beside the list of actions."""

    reason = forms.CharField(
        label=_("Reason:"), max_length=500, required=False, widget=forms.TextInput
    )


@admin.register(Signature)
class SignatureAdmin(NewestFirst, ReadOnlyAdmin):
    """Signatures cannot be edited here: they are decided about, and every decision is logged."""

    action_form = ReasonForm
    actions = ["accept", "reject", "mark_duplicate", "undo", "export_csv"]
    list_display = ["name", "residence", "occupation", "state", "why", "source", "signed"]
    list_display_links = ["name"]
    list_filter = [
        QueueFilter,
        HoldFilter,
        ReadingFilter,
        StateFilter,
        "source",
        "letter",
        "visibility",
        DayFilter,
    ]
    list_select_related = ["letter"]
    list_per_page = 100
    search_fields = ["name", "residence", "occupation"]
    search_help_text = _("Words of a name, residence or occupation, or their beginnings")
    ordering = ["-id"]
    fieldsets = [
        (None, {"fields": ["name", "residence", "occupation", "state", "why", "visibility"]}),
        (_("How it came in"), {"fields": ["letter", "language", "source", "source_ref"]}),
        (_("When"), {"fields": ["created_at", "confirmed_at", "decided_at", "decided_by"]}),
    ]
    readonly_fields = ["why"]
    change_form_template = "admin/signatures/signature/decide.html"

    @admin.display(description=_("reasons to look"))
    def why(self, signature: Signature) -> str:
        return " · ".join(signature.hold_words) or "–"

    @admin.display(description=_("signed"), ordering="id")
    def signed(self, signature: Signature) -> str:
        return f"{signature.created_at:%Y-%m-%d %H:%M}"

    # Who may do what

    def has_moderate_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("signatures.moderate_signature")

    def has_export_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("signatures.export_signature")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Signature]:
        return super().get_queryset(request).defer("email_sealed")

    def get_search_results(
        self, _request: HttpRequest, queryset: QuerySet[Signature], search_term: str
    ) -> tuple[QuerySet[Signature], bool]:
        found = signatures_matching(
            signatures=cast("SignatureQuerySet", queryset), words=search_term
        )
        return found, False

    # Decisions in bulk

    @admin.action(description=_("Accept"), permissions=["moderate"])
    def accept(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        self._decide(request, queryset, State.ACCEPTED)

    @admin.action(description=_("Reject (with a reason)"), permissions=["moderate"])
    def reject(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        self._decide(request, queryset, State.REJECTED)

    @admin.action(description=_("Mark as duplicate"), permissions=["moderate"])
    def mark_duplicate(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        self._decide(request, queryset, State.DUPLICATE)

    @admin.action(description=_("Undo the last decision"), permissions=["moderate"])
    def undo(self, request: HttpRequest, queryset: QuerySet[Signature]) -> None:
        ids = list(queryset.values_list("id", flat=True))
        self._report(request, signatures_undo(signature_ids=ids, actor=staff(request)))

    def _decide(self, request: HttpRequest, queryset: QuerySet[Signature], to: State) -> None:
        reason = reason_in(request)
        if to is State.REJECTED and not reason:
            messages.error(request, _("Write the reason for rejecting; nothing was changed."))
            return
        ids = list(queryset.values_list("id", flat=True))
        decided = signatures_decide(signature_ids=ids, to=to, actor=staff(request), reason=reason)
        self._report(request, decided)

    def _report(self, request: HttpRequest, decided: Decided) -> None:
        if decided.done:
            sentence = ngettext(
                "%(n)d signature was changed.", "%(n)d signatures were changed.", decided.done
            )
            messages.success(request, sentence % {"n": decided.done})
        for reason, number in decided.refused.items():
            sentence = ngettext(
                "%(n)d signature was left as it is: %(reason)s",
                "%(n)d signatures were left as they are: %(reason)s",
                number,
            )
            messages.warning(request, sentence % {"n": number, "reason": reason})

    # The list as a file

    @admin.action(description=_("Export the accepted ones as CSV"), permissions=["export"])
    def export_csv(
        self, request: HttpRequest, queryset: QuerySet[Signature]
    ) -> HttpResponse | StreamingHttpResponse:
        if asked_again := fresh_login(request):
            return asked_again
        asked = request.META.get("QUERY_STRING", "")
        chosen = Signature.objects.filter(id__in=queryset.order_by().values("id"))
        stream = csv_download(signatures=chosen, actor=staff(request), asked=asked)
        response = StreamingHttpResponse(stream, content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="signatures.csv"'
        return response

    # One signature

    def get_urls(self) -> list[Any]:
        decide = self.admin_site.admin_view(self.decide_view)
        staged = self.admin_site.admin_view(staged_view)
        return [
            path("<uuid:signature_id>/decide/", decide, name="signature_decide"),
            path("<uuid:signature_id>/staged/", staged, name="signature_staged"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        signature_id = context["original"].id
        history = AuditEntry.objects.filter(signature_id=signature_id)
        context |= {
            "may_moderate": self.has_moderate_permission(request),
            **staged_context(str(signature_id)),
            "pairs": pairs_of(str(signature_id)),
            "history": [_told(entry) for entry in history.select_related("actor")],
            "title": _("Signature"),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def decide_view(self, request: HttpRequest, signature_id: UUID) -> HttpResponse:
        """Decide about the one signature whose page is open."""
        if not self.has_moderate_permission(request) or request.method != "POST":
            raise PermissionDenied
        one = self.get_queryset(request).filter(id=signature_id)
        decision = request.POST.get("decision", "")
        if decision == "undo":
            self.undo(request, one)
        elif decision in DECISIONS:
            self._decide(request, one, DECISIONS[decision])
        page = reverse("admin:signatures_signature_change", args=[quote(str(signature_id))])
        return HttpResponseRedirect(page)


def _told(entry: AuditEntry) -> tuple[AuditEntry, str, str, str]:
    """An entry of the log; what was done, from which state and to which, in words."""
    return entry, action_words(entry), state_words(entry.from_state), state_words(entry.to_state)
