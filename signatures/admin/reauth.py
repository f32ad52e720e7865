"""Asking who is there once more, before a list of people leaves the house."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

Asking = Callable[[HttpRequest], HttpResponse | None]


def fresh_login(request: HttpRequest) -> HttpResponse | None:
    """The page to answer with where staff have not confirmed their identity lately, else None.

    How they do so is the site's affair: settings.REAUTHENTICATE names the function that asks.
    """
    ask: Asking = import_string(settings.REAUTHENTICATE)
    return ask(request)
