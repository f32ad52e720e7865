"""Where delivery staff prepare, download and record what was handed over."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from signatures.admin.audit import row_or_404, staff
from signatures.admin.reauth import fresh_login
from signatures.models import AuditEntry

from .exceptions import DeliveryError
from .facts import Kind
from .forms import PrepareForm, RecordForm
from .models import Delivery, Packet
from .services.asking import delivery_ask

REFRESH_SECONDS = 3


@admin.register(Delivery)
class DeliveryAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """A delivery is prepared, not edited; only the record of its handing-over is written later."""

    list_display = ["number", "letter", "kind", "state", "total", "frozen_at", "handed_over_on"]
    list_filter = ["letter", "state"]
    form = RecordForm
    fields = ["handed_over_on", "note", "acknowledgement"]
    view_on_site = False  # the page itself leads to the public record, once there is one
    change_form_template = "admin/deliveries/delivery/change_form.html"
    change_list_template = "admin/deliveries/delivery/change_list.html"

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: object = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Delivery | None = None) -> bool:
        """Nothing can be recorded of what is not there yet."""
        allowed: bool = super().has_change_permission(request, obj)
        return allowed and (obj is None or obj.is_ready)

    def get_urls(self) -> list[Any]:
        wrap = self.admin_site.admin_view
        return [
            path("prepare/", wrap(self.prepare_view), name="delivery_prepare"),
            path("packet/<int:packet_id>/", wrap(self.download_view), name="packet_download"),
            path(
                "acknowledgement/<path:name>",
                wrap(self.acknowledgement_view),
                name="acknowledgement",
            ),
            *super().get_urls(),
        ]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The record; while it is being prepared, its progress, drawn anew every 3 seconds."""
        delivery = row_or_404(Delivery.objects.all(), object_id)
        context = {"delivery": delivery, "packets": delivery.packets.all(), **(extra_context or {})}
        response = super().change_view(request, object_id, form_url, context)
        if delivery.state == "preparing":
            response["Refresh"] = str(REFRESH_SECONDS)
        return response

    def save_model(self, request: HttpRequest, obj: Delivery, form: Any, change: bool) -> None:
        obj.save(update_fields=["handed_over_on", "note", "acknowledgement"])
        AuditEntry.objects.create(
            actor=staff(request),
            action="delivery recorded",
            letter=obj.letter,
            details={"delivery": obj.number},
        )

    def prepare_view(self, request: HttpRequest) -> HttpResponse:
        """Ask which list for whom, then hand the work to the background."""
        if not request.user.has_perm("deliveries.add_delivery"):
            raise PermissionDenied
        if request.method == "POST" and (asked_again := fresh_login(request)):
            return asked_again
        form = PrepareForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            try:
                delivery = self._ask(request, form.cleaned_data)
            except DeliveryError as error:
                messages.error(request, str(error))
            else:
                page = reverse("admin:deliveries_delivery_change", args=[delivery.pk])
                return HttpResponseRedirect(page)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Prepare a delivery"),
            "opts": self.model._meta,
            "form": form,
        }
        return render(request, "admin/deliveries/delivery/prepare.html", context)

    def _ask(self, request: HttpRequest, chosen: dict[str, Any]) -> Delivery:
        return delivery_ask(
            letter=chosen["letter"],
            kind=Kind(chosen["kind"]),
            recipients=chosen["recipients"],
            age_key=chosen["age_key"],
            actor=staff(request),
        )

    def download_view(self, request: HttpRequest, packet_id: int) -> HttpResponse | FileResponse:
        """One packet as a file; who took it is logged."""
        if not request.user.has_perm("deliveries.download_delivery"):
            raise PermissionDenied
        packet = get_object_or_404(Packet.objects.select_related("delivery"), pk=packet_id)
        if asked_again := fresh_login(request):
            return asked_again
        if not packet.delivery.is_ready or not packet.file.is_file():
            raise Http404("no such packet")
        AuditEntry.objects.create(
            actor=staff(request),
            action="packet downloaded",
            letter=packet.delivery.letter,
            details={
                "delivery": packet.delivery.number,
                "rows": packet.delivery.total,
                "manifest": packet.manifest_digest,
            },
        )
        name = f"delivery-{packet.delivery.number}-{packet.file.name}"
        return FileResponse(packet.file.open("rb"), as_attachment=True, filename=name)

    def acknowledgement_view(self, request: HttpRequest, name: str) -> FileResponse:
        """What the recipient answered, for staff who may see deliveries."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        delivery = get_object_or_404(Delivery, acknowledgement=name)
        return FileResponse(delivery.acknowledgement.open("rb"), as_attachment=True, filename=name)
