"""Public pages as bytes: rendered once, compressed once, the same for everybody.

An entry is fresh until something that it shows has changed, and for ten seconds at most. When it
is stale one visitor's request renders it anew and all others get the stale bytes meanwhile; when
the database does not answer, the stale entry does.
"""

from __future__ import annotations

import gzip
import logging
import time
from collections.abc import Callable
from hashlib import sha256
from typing import NamedTuple

import brotli
from django.core.cache import cache
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from redis.exceptions import RedisError

from ..freshness import pages_changed_at

logger = logging.getLogger(__name__)

FRESH = 10  # seconds until a page is rendered anew although nothing is known to have changed
REST = 10  # times its own cost that a page is left alone, so that rendering takes a tenth at most
KEPT = 24 * 3600  # seconds that a stale page may stand in while the database is away
REBUILD = 20  # seconds that one rebuild may take before another is begun
OWN_COPY = 0.2  # seconds for which a process does not ask the shared cache again
POLICY = f"public, max-age=5, stale-while-revalidate=60, stale-if-error={KEPT}"


class Page(NamedTuple):
    """One page in the encodings of RFC 9110, 8.4.1.

    `made_at` is in seconds since the epoch, `cost` is how many seconds the making took.
    """

    made_at: float
    cost: float
    tag: str
    plain: bytes
    gzip: bytes
    brotli: bytes


class PageResponse(HttpResponse):
    """The answer that hands out `page`."""

    page: Page


_own: dict[str, tuple[float, Page]] = {}


def cached_page(request: HttpRequest, build: Callable[[], HttpResponse]) -> HttpResponse:
    """The page at this request's path: from the cache, or made by `build` (status 200 only).

    What `build` raises or answers instead ends the kept page: it was taken down.
    """
    key = f"page:{request.path}"
    page = _fetch(key)
    if page is None or (_is_stale(page) and _may_rebuild(key)):
        built = _rebuild(key, build, stale=page)
        if isinstance(built, HttpResponse):
            return built
        page = built
    return _respond(request, page)


def is_current(page: Page, path: str) -> bool:
    """Whether this process would hand out `page` at `path` without asking anybody."""
    own = _own.get(f"page:{path}")
    if own is None or own[1] is not page or own[0] <= time.monotonic():
        return False
    return not _is_stale(page)


def _fetch(key: str) -> Page | None:
    now = time.monotonic()
    own = _own.get(key)
    if own and own[0] > now:
        return own[1]
    try:
        stored = cache.get(key)
    except (OSError, RedisError):
        return own[1] if own else None
    if stored is None:
        return None
    page = Page(*stored)
    _own[key] = (now + OWN_COPY, page)
    return page


def _is_stale(page: Page) -> bool:
    # A page of the future, made before the clock was put back, is as stale as one of the past.
    age = abs(time.time() - page.made_at)
    if pages_changed_at() >= page.made_at:
        return age > page.cost * REST
    return age > FRESH


def _may_rebuild(key: str) -> bool:
    """Whether this request is the one that renders a stale page anew."""
    try:
        return bool(cache.add(f"{key}:rebuild", 1, REBUILD))
    except (OSError, RedisError):
        return True


def _rebuild(
    key: str, build: Callable[[], HttpResponse], stale: Page | None
) -> Page | HttpResponse:
    made_at, began = time.time(), time.monotonic()
    try:
        response = build()
    except DatabaseError:
        if stale is None:
            raise
        logger.warning("the database is away; a stale page stands in")
        return stale
    except Http404:
        _forget(key)
        raise
    if response.status_code != 200:
        _forget(key)
        return response
    page = _compress(response.content, made_at, began)
    _own[key] = (time.monotonic() + OWN_COPY, page)
    try:
        cache.set(key, tuple(page), KEPT)
        cache.delete(f"{key}:rebuild")
    except (OSError, RedisError):
        logger.warning("the cache is away; pages are kept per process")
    return page


def _forget(key: str) -> None:
    """Hand out the page at `key` no longer; other processes follow within OWN_COPY seconds."""
    _own.pop(key, None)
    try:
        cache.delete_many([key, f"{key}:rebuild"])
    except (OSError, RedisError):
        logger.warning("the cache is away; a page that was taken down may be kept elsewhere")


def _compress(plain: bytes, made_at: float, began: float) -> Page:
    small = gzip.compress(plain, 9, mtime=0)
    smaller = brotli.compress(plain, mode=brotli.MODE_TEXT, quality=9)
    return Page(
        made_at=made_at,
        cost=time.monotonic() - began,
        tag=sha256(plain).hexdigest()[:20],
        plain=plain,
        gzip=small,
        brotli=smaller,
    )


def _respond(request: HttpRequest, page: Page) -> HttpResponse:
    accepted = request.headers.get("Accept-Encoding", "")
    encoding, content = "", page.plain
    if "br" in accepted:
        encoding, content = "br", page.brotli
    elif "gzip" in accepted:
        encoding, content = "gzip", page.gzip
    tag = f'"{page.tag}{encoding}"'
    response: HttpResponse
    if tag in request.headers.get("If-None-Match", ""):
        response = HttpResponseNotModified()
    else:
        response = PageResponse(content)
        response.page = page
        if encoding:
            response.headers["Content-Encoding"] = encoding
    response.headers["ETag"] = tag
    response.headers["Cache-Control"] = POLICY
    response.headers["Vary"] = "Accept-Encoding"
    return response
