"""The public record of what was handed over."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from signatures.views.letter import alternates, find_text

from .enums import DeliveryState
from .models import Delivery, Packet

KEEP = "public, max-age=300"


def find_delivery(number: int) -> Delivery:
    """The delivery of that number, where it is ready; raises Http404."""
    delivery = (
        Delivery.objects.select_related("letter", "since")
        .filter(number=number, state=DeliveryState.READY)
        .first()
    )
    if delivery is None:
        raise Http404("no such delivery")
    return delivery


@require_safe
def delivery_list(request: HttpRequest) -> HttpResponse:
    """Every delivery there has been, newest first."""
    ready = Delivery.objects.select_related("letter").filter(state=DeliveryState.READY)
    response = render(request, "deliveries/delivery_list.html", deliveries_context(ready[:200]))
    response["Cache-Control"] = KEEP
    return response


def deliveries_context(deliveries: Iterable[Delivery]) -> dict[str, Any]:
    """What a list of deliveries shows."""
    return {"deliveries": deliveries, "alternates": alternates("delivery_list")}


@require_safe
def delivery_page(request: HttpRequest, number: int) -> HttpResponse:
    """When, to whom, how many, digests, how to verify."""
    context = delivery_context(find_delivery(number))
    response = render(request, "deliveries/delivery.html", context)
    response["Cache-Control"] = KEEP
    return response


def delivery_context(delivery: Delivery) -> dict[str, Any]:
    """What the record of one delivery shows."""
    return {
        "delivery": delivery,
        "text": find_text(delivery.letter),
        "packets": delivery.packets.all(),
        "withdrawn": delivery.withdrawn_rows.select_related("row__delivery").order_by("row_id"),
        "alternates": alternates("delivery", delivery.number),
    }


@require_safe
def digests(_request: HttpRequest, number: int) -> FileResponse:
    """`digests.txt`, the same in every packet of the delivery."""
    packet = find_delivery(number).packets.first()
    return _public_file(packet, "digests.txt", "text/plain; charset=utf-8")


@require_safe
def manifest(_request: HttpRequest, number: int, name: str) -> FileResponse:
    """`manifest.json` of one packet; it names no signatory."""
    packet = find_delivery(number).packets.filter(name=name).first()
    return _public_file(packet, "manifest.json", "application/json")


def _public_file(packet: Packet | None, name: str, media_type: str) -> FileResponse:
    path: Path | None = packet.folder / name if packet else None
    if path is None or not path.is_file():
        raise Http404("no such file")
    response = FileResponse(path.open("rb"), content_type=media_type)
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Cache-Control"] = KEEP
    return response
