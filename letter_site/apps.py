"""The frame's own application: the checks of a production machine, and what work leaves behind."""

from __future__ import annotations

from django.apps import AppConfig


class LetterSiteConfig(AppConfig):
    """Registers `letter_site.checks` and `letter_site.failed_work` when Django starts."""

    name = "letter_site"

    def ready(self) -> None:
        from . import checks, failed_work  # noqa: F401 (importing registers them)
