"""Two signatures side by side, and the list of pairs that wait for a person."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from letters.models import Letter

from .. import queue
from ..exceptions import SignatureError
from ..models import Signature, Suggestion
from ..services.clusters import clusters_of
from ..services.duplicates import likeness_of
from ..services.pairs import pair_differ, pair_same, pair_undo
from .audit import ReadOnlyAdmin, row_or_404, staff

SIDES = ("first", "second")
MOST_PAIRS = 20
MOST_CLUSTERS = 50


@admin.register(Suggestion)
class SuggestionAdmin(ReadOnlyAdmin):
    """Pairs that may be one person, the likeliest first. A person decides, and may undo it."""

    list_display = ["one", "other", "why"]
    list_filter = ["first__letter"]
    change_list_template = "admin/signatures/suggestion/change_list.html"

    @admin.display(description=_("the older one"))
    def one(self, pair: Suggestion) -> str:
        return _line(pair.first)

    @admin.display(description=_("the newer one"))
    def other(self, pair: Suggestion) -> str:
        return _line(pair.second)

    @admin.display(description=_("why"))
    def why(self, pair: Suggestion) -> str:
        return likeness_of(pair.first, pair.second).words

    def get_queryset(self, _request: HttpRequest) -> QuerySet[Suggestion]:
        return Suggestion.objects.open().select_related(*SIDES).defer(*_sealed())

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("find/", wrap(self.find_view), name="duplicates_find"),
            path("clusters/", wrap(self.clusters_view), name="clusters"),
            *super().get_urls(),
        ]

    def clusters_view(self, request: HttpRequest) -> HttpResponse:
        """What looks as if one hand had written many, letter by letter."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = [(letter, clusters_of(letter=letter)) for letter in Letter.objects.published()]
        context = {
            **self.admin_site.each_context(request),
            "title": _("Suspicious clusters"),
            "opts": self.model._meta,
            "letters": [(letter, clusters[:MOST_CLUSTERS]) for letter, clusters in found],
        }
        return render(request, "admin/signatures/suggestion/clusters.html", context)

    def find_view(self, request: HttpRequest) -> HttpResponse:
        """Have the signatures of the last hours looked through now."""
        if not _may_decide(request) or request.method != "POST":
            raise PermissionDenied
        queue.enqueue("find_duplicates")
        messages.success(request, _("New signatures are being looked through."))
        return HttpResponseRedirect(reverse("admin:signatures_suggestion_changelist"))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Both signatures beside each other, and what can be said about them."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = Suggestion.objects.select_related(*SIDES, "settled_by")
        pair = row_or_404(rows.defer(*_sealed()), object_id)
        if request.method == "POST":
            return self._decide(request, pair)
        context = {
            **self.admin_site.each_context(request),
            **pair_context(pair),
            "title": _("Two signatures, one person?"),
            "opts": self.model._meta,
            "may_decide": _may_decide(request),
        }
        return render(request, "admin/signatures/suggestion/pair.html", context)

    def _decide(self, request: HttpRequest, pair: Suggestion) -> HttpResponse:
        if not _may_decide(request):
            raise PermissionDenied
        try:
            messages.success(request, _say(request, pair))
        except SignatureError as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(request.path)


def _say(request: HttpRequest, pair: Suggestion) -> str:
    """Do what the pressed button says; the sentence to answer with."""
    decision, actor = request.POST.get("decision", ""), staff(request)
    keep = {"keep_first": pair.first_id, "keep_second": pair.second_id}.get(decision)
    if keep:
        pair_same(suggestion_id=pair.pk, keep=keep, actor=actor)
        return str(_("One is kept, the other is marked as its duplicate."))
    if decision == "different":
        pair_differ(suggestion_id=pair.pk, actor=actor)
        return str(_("They are two people; the pair is not suggested again."))
    pair_undo(suggestion_id=pair.pk, actor=actor)
    return str(_("It is undone: both stand as before."))


def _may_decide(request: HttpRequest) -> bool:
    return request.user.has_perm("signatures.moderate_signature")


def _sealed() -> list[str]:
    return [f"{side}__email_sealed" for side in SIDES]


def _line(signature: Signature) -> str:
    parts = [signature.name, signature.residence, signature.occupation]
    return " · ".join(filter(None, parts))


def pairs_of(signature_id: str) -> list[tuple[Suggestion, str, str]]:
    """The open pairs of one signature, for its page: the pair, the other one in a line, and why."""
    rows = Suggestion.objects.open().about(signature_id).select_related(*SIDES)
    return [
        (pair, _line(_other(pair, signature_id)), likeness_of(pair.first, pair.second).words)
        for pair in rows.defer(*_sealed())[:MOST_PAIRS]
    ]


def _other(pair: Suggestion, signature_id: str) -> Signature:
    return pair.second if str(pair.first_id) == signature_id else pair.first


def pair_context(pair: Suggestion) -> dict[str, Any]:
    """The facts of the two beside each other, why they may be one person, and what was said."""
    facts = zip(_facts(pair.first), _facts(pair.second), strict=True)
    return {
        "pair": pair,
        "why": likeness_of(pair.first, pair.second).words,
        "is_open": Suggestion.objects.open().filter(pk=pair.pk).exists(),
        "following": Suggestion.objects.open().after(pair).first(),
        "facts": [(label, one, other) for (label, one), (_label, other) in facts],
    }


def _facts(signature: Signature) -> list[tuple[Any, Any]]:
    """What a moderator compares. Whether there is a mailbox is said, never which."""
    return [
        (_("name"), signature.name),
        (_("place of residence"), signature.residence),
        (_("occupation"), signature.occupation),
        (_("state"), signature.get_state_display()),
        (_("reasons to look"), " · ".join(signature.hold_words)),
        (_("source"), signature.get_source_display()),
        (_("source reference"), signature.source_ref),
        (_("language of the signed text"), signature.language),
        (_("name shown"), signature.get_visibility_display()),
        (_("mailbox"), _("given") if signature.email_key else _("none")),
        (_("mailbox confirmed"), signature.confirmed_at),
        (_("signed"), signature.created_at),
        (_("decided"), signature.decided_at),
    ]
