"""Refusing posts that another site makes a visitor's browser send."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
View = Callable[..., HttpResponse]


def is_cross_site(request: HttpRequest) -> bool:
    """Whether a browser says that another site made it send this request.

    Sec-Fetch-Site (W3C Fetch Metadata) decides where it is sent; else Origin is compared with the
    host asked. Missing headers and `Origin: null` (Tor, strict referrer policies) are no error:
    there is no session that such a post could ride on.
    """
    if request.method in SAFE_METHODS:
        return False
    site = request.META.get("HTTP_SEC_FETCH_SITE")
    if site:
        return site not in {"same-origin", "none"}
    origin = request.META.get("HTTP_ORIGIN")
    if not origin or origin == "null":
        return False
    own = {urlsplit(settings.SITE_URL).netloc, request.get_host()}
    return origin.partition("://")[2] not in own


def same_site_posts(view: View) -> View:
    """Let `view` be posted to without a CSRF cookie, but not from another site (403)."""

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_cross_site(request):
            return render(request, "signatures/cross_site.html", status=403)
        return view(request, *args, **kwargs)

    return guarded
