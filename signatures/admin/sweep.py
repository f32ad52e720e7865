"""The attack desk: what the newest signatures share, and one decision about all that share it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from letters.models import Letter

from ..enums import SweepDecision
from ..exceptions import SignatureError
from ..models import Sweep
from ..services.patterns import Found, Pattern, letter_patterns, pattern_signatures
from ..services.sweeping import sweep_begin, sweep_undo
from .audit import ReadOnlyAdmin, reason_in, row_or_404, staff

PREVIEW = 100
COUNTED_TO = 100_000
REFRESH_SECONDS = 3


def moment() -> forms.DateTimeInput:
    """A field for day and time with the browser's own calendar, to the second."""
    return forms.DateTimeInput({"type": "datetime-local", "step": 1}, format="%Y-%m-%dT%H:%M:%S")


class PatternForm(forms.Form):
    """What to look for."""

    letter = forms.ModelChoiceField(Letter.objects.all(), label=_("Letter"))
    since = forms.DateTimeField(label=_("Signed from (UTC)"), widget=moment())
    until = forms.DateTimeField(label=_("Signed before (UTC)"), widget=moment())
    residence = forms.CharField(label=_("Place of residence"), required=False, max_length=150)
    occupation = forms.CharField(label=_("Occupation"), required=False, max_length=150)
    name_begins = forms.CharField(label=_("Name begins with"), required=False, max_length=100)

    def pattern(self) -> Pattern:
        """The same, for the services."""
        return Pattern(**self.cleaned_data)


def look_url(found: Found) -> str:
    """The address at which a pattern's signatures can be looked at."""
    pattern = found.pattern
    query = {
        "letter": pattern.letter.pk,
        "since": pattern.since.strftime("%Y-%m-%d %H:%M:%S"),
        "until": pattern.until.strftime("%Y-%m-%d %H:%M:%S"),
        "residence": pattern.residence,
        "occupation": pattern.occupation,
        "name_begins": pattern.name_begins,
    }
    filled_in = {name: value for name, value in query.items() if value}
    return f"{reverse('admin:attack_look')}?{urlencode(filled_in)}"


@admin.register(Sweep)
class SweepAdmin(ReadOnlyAdmin):
    """What was decided about many, and the way to decide again. For moderators."""

    list_display = [
        "decision",
        "reason",
        "letter",
        "decided_by",
        "started_at",
        "total",
        "undone_at",
    ]
    list_select_related = ["letter", "decided_by"]
    change_list_template = "admin/signatures/sweep/change_list.html"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("signatures.moderate_signature")

    def has_view_permission(self, request: HttpRequest, _obj: Sweep | None = None) -> bool:
        return self.has_module_permission(request)

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("desk/", wrap(self.desk_view), name="attack_desk"),
            path("look/", wrap(self.look_view), name="attack_look"),
            *super().get_urls(),
        ]

    def desk_view(self, request: HttpRequest) -> HttpResponse:
        """What stands out, letter by letter, each with a link to look at it."""
        self._require_moderator(request)
        letters = [(each, _shown(each)) for each in Letter.objects.published()]
        only = {"letter": letters[0][0]} if len(letters) == 1 else {}
        form = PatternForm(initial=only)
        return self._page(request, "desk", _("Attack desk"), letters=letters, form=form)

    def look_view(self, request: HttpRequest) -> HttpResponse:
        """The signatures that fit; and when the form below them is posted, the decision."""
        self._require_moderator(request)
        form = PatternForm(request.GET)
        if not form.is_valid():
            return self._page(request, "look", _("What fits"), form=form, found=[])
        if request.method == "POST":
            return self._begin(request, form.pattern())
        fitting = pattern_signatures(form.pattern())
        context = {
            "form": form,
            "found": list(fitting.defer("email_sealed")[:PREVIEW]),
            "number": len(fitting.values_list("pk")[: COUNTED_TO + 1]),
            "decisions": SweepDecision.choices,
        }
        return self._page(request, "look", _("What fits"), **context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        _form_url: str = "",
        _extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """How far it has come, drawn anew every few seconds; and the way to take it back."""
        self._require_moderator(request)
        sweep = row_or_404(Sweep.objects.select_related("letter", "decided_by"), object_id)
        if request.method == "POST":
            return self._undo(request, sweep)
        met, left = sweep.swept.count(), sweep.swept.filter(undone=False).count()
        is_busy = bool(left) if sweep.undone_at else sweep.finished_at is None
        response = self._page(
            request, "progress", str(sweep), sweep=sweep, met=met, left=left, is_busy=is_busy
        )
        if is_busy:
            response["Refresh"] = str(REFRESH_SECONDS)
        return response

    def _begin(self, request: HttpRequest, pattern: Pattern) -> HttpResponse:
        decision = request.POST.get("decision", "")
        if decision not in SweepDecision.values:
            raise PermissionDenied
        try:
            sweep = sweep_begin(
                pattern=pattern,
                decision=SweepDecision(decision),
                reason=reason_in(request),
                actor=staff(request),
            )
        except SignatureError as error:
            messages.error(request, str(error))
            return HttpResponseRedirect(request.get_full_path())
        return HttpResponseRedirect(_progress_url(sweep))

    def _undo(self, request: HttpRequest, sweep: Sweep) -> HttpResponse:
        try:
            sweep_undo(sweep=sweep, actor=staff(request))
        except SignatureError as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(_progress_url(sweep))

    def _require_moderator(self, request: HttpRequest) -> None:
        if not self.has_module_permission(request):
            raise PermissionDenied

    def _page(self, request: HttpRequest, name: str, title: Any, **context: Any) -> HttpResponse:
        frame = self.admin_site.each_context(request)
        context = {**frame, "title": title, "opts": self.model._meta, **context}
        return render(request, f"admin/signatures/sweep/{name}.html", context)


def _progress_url(sweep: Sweep) -> str:
    return reverse("admin:signatures_sweep_change", args=[sweep.pk])


def _shown(letter: Letter) -> list[tuple[Any, Any, list[tuple[Found, str]]]]:
    """Each kind of pattern: its heading, what is shared where no words are, what was found."""
    found = letter_patterns(letter=letter)
    hour, minute = _("arrived within the same hour"), _("arrived within the same minute")
    kinds = [
        (_("Shared residence and occupation"), "", found.people),
        (_("Names alike up to a number"), "", found.names),
        (_("Hours with the most signatures"), hour, found.hours),
        (_("Minutes with the most signatures"), minute, found.minutes),
    ]
    return [(words, time, [(each, look_url(each)) for each in kind]) for words, time, kind in kinds]
