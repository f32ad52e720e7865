"""How the application is called in the admin."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeliveriesConfig(AppConfig):
    """What was handed over, and its proof."""

    name = "deliveries"
    verbose_name = _("Deliveries")
