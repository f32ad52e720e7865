"""Answering again what was just answered, before anything else is asked.

A page that the cache holds is the same for everybody, and so are its headers. What the whole stack
made of it for one visitor is handed to the next who asks the same, for as long as the cache itself
would hand it out; see `page_cache`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from django.http import HttpRequest, HttpResponse
from django.urls import ResolverMatch

from .page_cache import Page, PageResponse, is_current

Handler = Callable[[HttpRequest], HttpResponse]
Question = tuple[str | None, ...]

MOST = 1_000  # questions that are kept; hosts and encodings are the visitor's to choose


class Ready(NamedTuple):
    """An answer as it left the stack, and the view that had made it."""

    page: Page
    content: bytes
    headers: dict[str, str]
    match: ResolverMatch | None


_ready: dict[Question, Ready] = {}


def ready_pages(get_response: Handler) -> Handler:
    """Answer from memory where the page is current; else ask, and keep a page that may be kept."""

    def middleware(request: HttpRequest) -> HttpResponse:
        question = _question(request)
        ready = _ready.get(question) if question else None
        if ready and is_current(ready.page, request.path):
            request.resolver_match = ready.match  # for whoever counts requests by route
            return HttpResponse(ready.content, headers=ready.headers)
        response = get_response(request)
        if question and isinstance(response, PageResponse) and not response.cookies:
            _keep(question, request, response)
        return response

    return middleware


def _question(request: HttpRequest) -> Question | None:
    """All that an answer may depend on; None for a request that is not a plain GET."""
    meta = request.META
    if request.method != "GET" or meta.get("QUERY_STRING") or "HTTP_IF_NONE_MATCH" in meta:
        return None
    host, encoding = meta.get("HTTP_HOST"), meta.get("HTTP_ACCEPT_ENCODING")
    return request.scheme, host, request.path, encoding


def _keep(question: Question, request: HttpRequest, response: PageResponse) -> None:
    if len(_ready) >= MOST:
        _ready.clear()
    headers = dict(response.headers.items())
    _ready[question] = Ready(response.page, response.content, headers, request.resolver_match)
