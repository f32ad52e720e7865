"""Writing news, looking at it as the recipients will see it, sending it, watching it go."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from letters.rendering import render_markdown

from ..exceptions import SignatureError
from ..models import Update
from ..services.updates import update_recipients, update_send
from .audit import staff
from .letter_choice import ChoosesLetter

REFRESH_SECONDS = 5


@admin.register(Update)
class UpdateAdmin(ChoosesLetter, admin.ModelAdmin):  # type: ignore[type-arg]
    """An update may be changed until it is sent."""

    list_display = ["subject", "letter", "created_at", "started_at", "finished_at", "total"]
    list_filter = ["letter"]
    fields = ["letter", "language", "subject", "body", "is_public"]
    change_form_template = "admin/signatures/update/change_form.html"

    def has_change_permission(self, request: HttpRequest, obj: Update | None = None) -> bool:
        unsent = obj is None or obj.started_at is None
        return unsent and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Update | None = None) -> bool:
        unsent = obj is None or obj.started_at is None
        return unsent and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: Update, form: Any, change: bool) -> None:
        if not change:
            obj.created_by = staff(request)
        super().save_model(request, obj, form, change)

    def get_urls(self) -> list[Any]:
        send = self.admin_site.admin_view(self.send_view)
        return [path("<int:update_id>/send/", send, name="update_send"), *super().get_urls()]

    def send_view(self, request: HttpRequest, update_id: int) -> HttpResponse:
        """Preview and button before sending; progress, drawn anew every 5 seconds, after."""
        if not request.user.has_perm("signatures.send_update"):
            raise PermissionDenied
        update = get_object_or_404(Update, id=update_id)
        if request.method == "POST":
            return self._send(request, update)
        response = render(
            request, "admin/signatures/update/send.html", self._send_context(request, update)
        )
        if update.started_at and not update.finished_at:
            response["Refresh"] = str(REFRESH_SECONDS)
        return response

    def _send(self, request: HttpRequest, update: Update) -> HttpResponse:
        try:
            update_send(update=update, actor=staff(request))
        except SignatureError as error:
            messages.error(request, str(error))
        return HttpResponseRedirect(reverse("admin:update_send", args=[update.id]))

    def _send_context(self, request: HttpRequest, update: Update) -> dict[str, Any]:
        return {
            **self.admin_site.each_context(request),
            "title": _("Send an update"),
            "opts": self.model._meta,
            "update": update,
            "body_html": render_markdown(update.body),
            "recipients": update.total
            if update.started_at
            else update_recipients(letter=update.letter).count(),
            "sent": update.mails.filter(refused=False).count(),
            "refused": update.mails.filter(refused=True).count(),
        }
