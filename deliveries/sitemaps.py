"""The public record, for search engines."""

from __future__ import annotations

from datetime import datetime

from django.contrib.sitemaps import Sitemap
from django.db.models import QuerySet

from .enums import DeliveryState
from .models import Delivery


class DeliverySitemap(Sitemap[Delivery]):
    """Every delivery that is ready, in every language."""

    i18n = True
    alternates = True
    x_default = True

    def items(self) -> QuerySet[Delivery]:
        return Delivery.objects.filter(state=DeliveryState.READY)

    def lastmod(self, item: Delivery) -> datetime | None:
        return item.frozen_at


SITEMAPS = {"deliveries": DeliverySitemap()}
