"""How the application is called in the admin."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SignaturesConfig(AppConfig):
    """The people: from the form to the retention purge."""

    name = "signatures"
    verbose_name = _("Signatures")
