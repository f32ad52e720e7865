"""When the database is away in the middle of signing: say so, and give back what was typed."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

logger = logging.getLogger(__name__)

View = Callable[..., HttpResponse]
COME_BACK = 5  # seconds
SHOWN = {
    "name": _("Name"),
    "residence": _("Place of residence"),
    "occupation": _("Occupation"),
    "email": _("E-mail"),
}
SENT_AGAIN = [*SHOWN, "visibility", "wants_updates", "consent", "website", "rendered"]


def keeps_what_was_typed(view: View) -> View:
    """Answer 503 with Retry-After (RFC 9110, 15.6.4) and the same form ready to be sent again.

    Never a success: whether the row was stored just before is not known, and sending it again
    counts nobody twice. The page asks nothing of the database.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except (OperationalError, InterfaceError) as error:
            logger.error("the database is away", extra={"error": type(error).__name__})  # noqa: TRY400 (its message may quote the row)
            return _not_now(request)

    return answer


def _not_now(request: HttpRequest) -> HttpResponse:
    context = {
        "action": request.path,
        "details": [(label, request.POST.get(name, "")) for name, label in SHOWN.items()],
        "sent_again": [(name, request.POST[name]) for name in SENT_AGAIN if name in request.POST],
    }
    response = render(request, "signatures/not_now.html", context, status=503)
    response["Retry-After"] = str(COME_BACK)
    return response
