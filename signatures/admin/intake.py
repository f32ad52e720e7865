"""What came in by mail, in tables and on paper: the list, the original, the entry of sheets."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from ..enums import Source, State
from ..exceptions import SignatureError
from ..forms import PersonForm
from ..forms_paper import SheetForm, sheet_rows
from ..models import IntakeItem, Signature, StagedSignature
from ..services.paper import sheet_enter
from ..services.staging import staged_correct, staged_dismiss
from .audit import ReadOnlyAdmin, staff


@admin.register(IntakeItem)
class IntakeItemAdmin(ReadOnlyAdmin):
    """Every item that was read, with what was made of it; also what was no signature."""

    list_display = ["ref", "kind", "signers", "reason", "source", "letter", "taken_at"]
    list_filter = ["kind", "source", "letter"]
    list_select_related = ["letter"]
    search_fields = ["ref"]
    change_list_template = "admin/signatures/intakeitem/change_list.html"

    def get_urls(self) -> list[Any]:
        paper = self.admin_site.admin_view(self.paper_view)
        return [path("paper/", paper, name="paper_entry"), *super().get_urls()]

    def paper_view(self, request: HttpRequest) -> HttpResponse:
        """A grid to type a sheet into, by keyboard alone; what is wrong stays to be mended."""
        if not request.user.has_perm("signatures.moderate_signature"):
            raise PermissionDenied
        data = request.POST if request.method == "POST" else None
        sheet, rows = SheetForm(data), sheet_rows(data)
        if data and sheet.is_valid() and rows.is_valid():
            made = sheet_enter(
                text=sheet.text(),
                sheet=sheet.cleaned_data["sheet"],
                scan=sheet.cleaned_data["scan"],
                people=rows.people(),
                actor=staff(request),
            )
            sentence = ngettext(
                "%(n)d signature was taken in.", "%(n)d signatures were taken in.", made
            )
            messages.success(request, sentence % {"n": made})
            return HttpResponseRedirect(reverse("admin:paper_entry"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Enter a paper sheet"),
            "opts": self.model._meta,
            "sheet": sheet,
            "rows": rows,
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
    correction = PersonForm(initial=_lines(staged.signature))
    return {"staged": staged, "correction": correction, "waits": waits}


def _lines(signature: Signature) -> dict[str, str]:
    return {
        "name": signature.name,
        "residence": signature.residence,
        "occupation": signature.occupation,
    }


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
    lines = {field: request.POST.get(field, "") for field in _lines(signature)}
    form = PersonForm(lines)
    for field in ("residence", "occupation"):
        form.fields[field].required = False
    if not form.is_valid():
        for field, errors in form.errors.items():
            messages.error(request, f"{form[field].label}: {' '.join(map(str, errors))}")
        return
    cleaned = {field: form.cleaned_data[field] for field in lines}
    staged_correct(signature_id=signature.id, actor=staff(request), **cleaned)
    messages.success(request, _("It is corrected."))
