"""Requests that Django refuses before a view sees them, in the site's own words."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string


def bad_request(_request: HttpRequest, exception: Exception) -> HttpResponse:
    """413 for more than any form holds (RFC 9110, 15.5.14), 400 for all that cannot be read.

    The request is not asked for anything again, not even by a template: it is what was refused.
    """
    status = 413 if isinstance(exception, RequestDataTooBig) else 400
    return HttpResponse(render_to_string(f"{status}.html"), status=status)
