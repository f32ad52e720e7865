"""How long requests take, by the name of their route: no path, no token, no address."""

from __future__ import annotations

import time

from django.http import HttpRequest, HttpResponse
from prometheus_client import Histogram

from letter_site.middleware import Handler

METHODS = frozenset({"GET", "HEAD", "POST"})
REQUESTS = Histogram(
    "letter_request_seconds",
    "Time to answer, by route name, method and kind of answer",
    ["route", "method", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)


def route_of(request: HttpRequest) -> str:
    """The route's name, such as `sign`; `none` for what no route answers, static files too."""
    match = request.resolver_match
    return (match.view_name if match else "") or "none"


def request_times(get_response: Handler) -> Handler:
    """Measure every request, in seconds, until its answer is ready to be sent.

    Every label comes from a closed set, so that no visitor can make it grow. With
    PROMETHEUS_MULTIPROC_DIR set all processes of a machine count together.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        response = get_response(request)
        method = request.method if request.method in METHODS else "other"
        status = f"{response.status_code // 100}xx"
        REQUESTS.labels(route_of(request), method, status).observe(time.perf_counter() - started)
        return response

    return middleware
