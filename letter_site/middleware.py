"""What every response carries, and the language that a path asks for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import BadRequest, RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect
from django.http.response import HttpResponseBase
from django.middleware.common import CommonMiddleware
from django.utils import translation
from django.utils.http import escape_leading_slashes

Handler = Callable[[HttpRequest], HttpResponse]

# Where staff keep the scan of a receipt.
STAFF = "/admin/"
UPLOADS = "/admin/deliveries/delivery/"
UPLOAD_BYTES = 20 * 1024 * 1024


def _policy(directives: dict[str, list[str]]) -> str:
    return "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items())


def headers(get_response: Handler) -> Handler:
    """Add the security headers that Django 5.2 has no setting for.

    A view may set its own `Content-Security-Policy` (the embed does, for its frame-ancestors).
    The setting's name and shape are those of Django 6, so that this shrinks when the base moves.
    """
    policy = _policy(settings.SECURE_CSP)

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("Permissions-Policy", settings.SECURE_PERMISSIONS_POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        return response

    return middleware


def plain_requests(get_response: Handler) -> Handler:
    """Refuse a body that is larger than any form, and a question with a NUL in it.

    Django measures the fields of a form but not its files. Its forms refuse a NUL, which PostgreSQL
    keeps in no text; the filters of the admin hand it on.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        takes_files = request.path_info.startswith(UPLOADS)
        most = UPLOAD_BYTES if takes_files else settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        if int(request.META.get("CONTENT_LENGTH") or 0) > most:
            raise RequestDataTooBig("The body is larger than any form.")
        question = request.META.get("QUERY_STRING", "")
        if "%00" in question or "\0" in question:
            raise BadRequest("There is a NUL in the question.")
        return get_response(request)

    return middleware


class SlashMiddleware(CommonMiddleware):
    """Adds the slash that an address lacks; what was posted is posted again (RFC 9110, 15.4.9).

    Django's own would lose it, and in development answers 500 to say so.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        is_lost = response.status_code == 404 and request.method not in {"GET", "HEAD"}
        if is_lost and self.should_redirect_with_slash(request):
            path = escape_leading_slashes(request.get_full_path(force_append_slash=True))
            return HttpResponsePermanentRedirect(path, preserve_request=True)
        return super().process_response(request, response)


def language_of(request: HttpRequest) -> str:
    """The language whose prefix the path carries, or the site's own.

    The admin has one address, which no proxy keeps: there the browser's wish decides.
    """
    path = request.path_info
    if path.startswith(STAFF):
        return translation.get_language_from_request(request)
    prefix = path.split("/", 2)[1] if path.startswith("/") else ""
    known = {code for code, _name in settings.LANGUAGES}
    return prefix if prefix in known else settings.LANGUAGE_CODE


def language_from_path(get_response: Handler) -> Handler:
    """Let the address of a public page decide its language: no cookie, one cache entry."""

    def middleware(request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
            response.headers.setdefault("Content-Language", language)
        return response

    return middleware
