"""The public record for programs; see openapi.json."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from signatures.views.api import absolute, open_json

from .enums import DeliveryState
from .facts import Kind
from .models import Delivery
from .views import find_delivery

PAGE_SIZE = 100


@require_safe
def deliveries_json(request: HttpRequest) -> JsonResponse:
    """Deliveries, newest first, PAGE_SIZE a page; `next` is the address of the page after it."""
    found = Delivery.objects.select_related("letter", "since").filter(state=DeliveryState.READY)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 10:
        found = found.filter(number__lt=int(before))
    deliveries = list(found[: PAGE_SIZE + 1])
    shown = deliveries[:PAGE_SIZE]
    is_more = len(deliveries) > PAGE_SIZE
    next_url = f"{reverse('deliveries_json')}?before={shown[-1].number}" if is_more else None
    return open_json({"deliveries": [_summary(each) for each in shown], "next": next_url})


@require_safe
def delivery_json(_request: HttpRequest, number: int) -> JsonResponse:
    """One delivery with its packets' digests and the numbers that were withdrawn since."""
    delivery = find_delivery(number)
    withdrawn = delivery.withdrawn_rows.order_by("row_id")
    is_addendum = delivery.kind == Kind.ADDENDUM  # it has no list of its own
    return open_json(
        _summary(delivery)
        | {
            "note": delivery.note,
            "digests_url": None if is_addendum else absolute("delivery_digests", number),
            "packets": [
                {
                    "recipient": packet.recipient,
                    "manifest_digest": packet.manifest_digest,
                    "manifest_url": absolute("delivery_manifest", number, packet.name),
                }
                for packet in delivery.packets.all()
            ],
            "withdrawn": [
                {"delivery": delivered, "number": row}
                for delivered, row in withdrawn.values_list("row__delivery__number", "row__number")
            ],
        }
    )


def _summary(delivery: Delivery) -> dict[str, Any]:
    return {
        "delivery": delivery.number,
        "letter": delivery.letter.slug,
        "kind": delivery.kind,
        "since": delivery.since.number if delivery.since else None,
        "total": delivery.total,
        "frozen_at": delivery.frozen_at,
        "handed_over_on": delivery.handed_over_on,
        "url": absolute("delivery", delivery.number),
    }
