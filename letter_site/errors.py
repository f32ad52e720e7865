"""What goes wrong outside a view, in the site's own words and the visitor's language."""

from __future__ import annotations

import sys

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

READ_OFF = 16 * 1024 * 1024  # bytes
PIECE = 64 * 1024
COME_BACK = 60  # seconds


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """413 for more than any form holds (RFC 9110, 15.5.14), 400 for all that cannot be read.

    The request is not asked for anything again, not even by a template: it is what was refused.
    """
    status = 413 if isinstance(exception, RequestDataTooBig) else 400
    if status == 413:
        _read_off(request)
    return HttpResponse(render_to_string(f"{status}.html"), status=status)


def server_error(_request: HttpRequest) -> HttpResponse:
    """503 with Retry-After where the database does not answer (RFC 9110, 15.6.4), else 500.

    Called by Django while the exception is being handled. The pages ask nothing of the database.
    """
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        headers = {"Retry-After": str(COME_BACK)}
        return HttpResponse(render_to_string("503.html"), status=503, headers=headers)
    return HttpResponse(render_to_string("500.html"), status=500)


def _read_off(request: HttpRequest) -> None:
    """Take in what is still being sent, up to 16 MB.

    A browser that is cut off while it sends shows an error of its own, never this page.
    """
    stream = request.META.get("wsgi.input")
    left = min(int(request.META.get("CONTENT_LENGTH") or 0), READ_OFF)
    while stream is not None and left > 0 and (piece := stream.read(min(left, PIECE))):
        left -= len(piece)
