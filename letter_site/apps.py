"""The frame's own application: the checks of a production machine, and what work leaves behind."""

from __future__ import annotations

import sys

from django.apps import AppConfig
from django.conf import settings

from .uncaught import log_uncaught


class LetterSiteConfig(AppConfig):
    """Registers `letter_site.checks` and `letter_site.failed_work` when Django starts.

    In production, errors that end a process go to the log.
    """

    name = "letter_site"

    def ready(self) -> None:
        from . import checks, failed_work  # noqa: F401 (importing registers them)

        if not settings.DEBUG:
            sys.excepthook = log_uncaught
