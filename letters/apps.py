"""How the application is called in the admin."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class LettersConfig(AppConfig):
    """The text: what is asked, of whom, in which languages."""

    name = "letters"
    verbose_name = _("Letters")
