"""Requests that Django refuses before a view sees them, in the site's own words."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

READ_OFF = 16 * 1024 * 1024  # bytes
PIECE = 64 * 1024


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """413 for more than any form holds (RFC 9110, 15.5.14), 400 for all that cannot be read.

    The request is not asked for anything again, not even by a template: it is what was refused.
    """
    status = 413 if isinstance(exception, RequestDataTooBig) else 400
    if status == 413:
        _read_off(request)
    return HttpResponse(render_to_string(f"{status}.html"), status=status)


def _read_off(request: HttpRequest) -> None:
    """Take in what is still being sent, up to 16 MB.

    A browser that is cut off while it sends shows an error of its own, never this page.
    """
    stream = request.META.get("wsgi.input")
    left = min(int(request.META.get("CONTENT_LENGTH") or 0), READ_OFF)
    while stream is not None and left > 0 and (piece := stream.read(min(left, PIECE))):
        left -= len(piece)
