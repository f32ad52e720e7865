"""The frame's own application: it brings the checks of a production machine."""

from __future__ import annotations

from django.apps import AppConfig


class LetterSiteConfig(AppConfig):
    """Registers `letter_site.checks` when Django starts."""

    name = "letter_site"

    def ready(self) -> None:
        from . import checks  # noqa: F401 (importing registers them)
