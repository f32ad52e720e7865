"""What came in by mail, in tables and on paper: the list, the original, the entry of sheets."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from letters.models import Letter

from ..enums import Source, State
from ..exceptions import SignatureError
from ..forms_paper import (
    LinesForm,
    SheetForm,
    SheetRowForm,
    SheetRowSet,
    StagedForm,
    focus_here,
    sheet_rows,
)
from ..intake.addresses import mask_addresses
from ..models import IntakeItem, Signature, StagedSignature
from ..sealing import SealBroken, unseal
from ..services.paper import sheet_enter, sheet_lines
from ..services.signing import Signatory
from ..services.staging import item_enter, staged_correct, staged_dismiss
from .audit import ReadOnlyAdmin, staff


@admin.register(IntakeItem)
class IntakeItemAdmin(ReadOnlyAdmin):
    """Every item that was read, with what was made of it; also what was no signature."""

    list_display = ["ref", "kind", "signers", "reason", "source", "letter", "taken_at"]
    list_filter = ["kind", "source", "letter"]
    list_select_related = ["letter"]
    search_fields = ["ref"]
    change_list_template = "admin/signatures/intakeitem/change_list.html"
    change_form_template = "admin/signatures/intakeitem/change_form.html"

    def get_urls(self) -> list[Any]:
        paper = self.admin_site.admin_view(self.paper_view)
        enter = self.admin_site.admin_view(self.enter_view)
        return [
            path("paper/", paper, name="paper_entry"),
            path("<int:item_id>/enter/", enter, name="intake_enter"),
            *super().get_urls(),
        ]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        item = context["original"]
        if request.user.has_perm("signatures.view_signature"):
            made = Signature.objects.filter(staged__item=item).order_by("id")
            context["made"] = made.defer("email_sealed")
        if request.user.has_perm("signatures.moderate_signature") and item.text:
            context["entry"] = SheetRowForm()
        return super().render_change_form(request, context, *args, **kwargs)

    def enter_view(self, request: HttpRequest, item_id: int) -> HttpResponse:
        """Enter a signer whom the program did not find in the original."""
        if not request.user.has_perm("signatures.moderate_signature") or request.method != "POST":
            raise PermissionDenied
        item = get_object_or_404(IntakeItem, id=item_id)
        form = SheetRowForm(request.POST)
        page = reverse("admin:signatures_intakeitem_change", args=[item.pk])
        try:
            if _is_sound(request, form):
                who = Signatory(**form.cleaned_data)
                row = item_enter(item_id=item.pk, actor=staff(request), signatory=who)
                page = reverse("admin:signatures_signature_change", args=[row.pk])
        except SignatureError as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(page)

    def paper_view(self, request: HttpRequest) -> HttpResponse:
        """A grid to type a sheet into, by keyboard alone, begun anew or gone on with."""
        if not request.user.has_perm("signatures.moderate_signature"):
            raise PermissionDenied
        if request.method == "POST":
            return self._enter(request)
        begun = SheetForm(request.GET)
        if not begun.is_valid():
            letter = Letter.objects.order_by("-is_featured", "-id").first()
            return self._page(request, SheetForm(initial={"letter": letter}), sheet_rows(), {})
        sheet = begun.cleaned_data
        entered = sheet_lines(letter=sheet["letter"], sheet=sheet["sheet"])
        first = max(entered, default=0) + 1
        form = SheetForm(initial={**sheet, "first": first})
        return self._page(request, form, sheet_rows(first=first), entered)

    def _enter(self, request: HttpRequest) -> HttpResponse:
        """Save what is typed and go on below it; what is wrong stays to be mended."""
        sheet = SheetForm(request.POST)
        is_valid = sheet.is_valid()
        rows = sheet_rows(request.POST, first=sheet.cleaned_data.get("first", 1))
        if not (rows.is_valid() and is_valid):
            return self._page(request, sheet, rows, {})
        chosen = sheet.cleaned_data
        made = sheet_enter(
            text=sheet.text(),
            sheet=chosen["sheet"],
            scan=chosen["scan"],
            people=rows.people(),
            actor=staff(request),
        )
        sentence = ngettext(
            "%(n)d signature was taken in.", "%(n)d signatures were taken in.", made
        )
        messages.success(request, sentence % {"n": made})
        same = {"letter": chosen["letter"].pk, "sheet": chosen["sheet"], "scan": chosen["scan"]}
        return HttpResponseRedirect(f"{reverse('admin:paper_entry')}?{urlencode(same)}")

    def _page(
        self,
        request: HttpRequest,
        sheet: SheetForm,
        rows: SheetRowSet,
        entered: dict[int, Signature | None],
    ) -> HttpResponse:
        focus_here(sheet, rows)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Enter a paper sheet"),
            "opts": self.model._meta,
            "sheet": sheet,
            "rows": rows,
            "entered": entered,
        }
        return render(request, "admin/signatures/intakeitem/paper.html", context)


def staged_context(signature_id: str) -> dict[str, Any]:
    """The original beside what was read from it, for the signature's page; empty for the form's."""
    staged = (
        StagedSignature.objects.filter(signature_id=signature_id)
        .select_related("item", "signature")
        .first()
    )
    if staged is None:
        return {}
    waits = staged.signature.state in {State.PENDING, State.DUPLICATE}
    correction = StagedForm(initial=_lines(staged.signature))
    return {"staged": staged, "correction": correction, "waits": waits}


def _lines(signature: Signature) -> dict[str, str]:
    return {
        "name": signature.name,
        "residence": signature.residence,
        "occupation": signature.occupation,
        "email": _masked(signature.email_sealed),
    }


def _masked(sealed: str | None) -> str:
    """What a moderator may see of an address: its host, as in the original beside it."""
    try:
        return mask_addresses(unseal(sealed)) if sealed else ""
    except SealBroken:
        return ""


def staged_view(request: HttpRequest, signature_id: UUID) -> HttpResponse:
    """Correct what was read wrongly, or say that it is no signature at all."""
    if not request.user.has_perm("signatures.moderate_signature") or request.method != "POST":
        raise PermissionDenied
    signature = get_object_or_404(Signature.objects.exclude(source=Source.WEB), id=signature_id)
    page = reverse("admin:signatures_signature_change", args=[signature.id])
    try:
        if "dismiss" in request.POST:
            staged_dismiss(signature_id=signature.id, actor=staff(request))
            messages.success(request, _("It is removed; its original stays listed."))
            page = reverse("admin:signatures_signature_changelist")
        else:
            _correct(request, signature)
    except SignatureError as error:
        messages.error(request, str(error))
    return HttpResponseRedirect(page)


def _correct(request: HttpRequest, signature: Signature) -> None:
    lines = _lines(signature)
    sent = {field: request.POST.get(field, "") for field in lines if field != "email"}
    form = StagedForm({**sent, "email": request.POST.get("email", lines["email"])}, initial=lines)
    if _is_sound(request, form):
        staged_correct(signature_id=signature.id, actor=staff(request), **form.cleaned_data)
        messages.success(request, _("It is corrected."))


def _is_sound(request: HttpRequest, form: LinesForm) -> bool:
    for field, errors in form.errors.items():
        messages.error(request, f"{form[field].label}: {' '.join(map(str, errors))}")
    return form.is_valid()
