"""Passing a letter on without handing its visitors to anybody: text, plain links, pictures."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any, TypeVar
from urllib.parse import quote, urlencode

import segno
from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from letters.models import Letter, LetterText

from ..services.share_image import share_image
from ..services.sheet import sheet_pdf
from .letter import alternates, find_letter, find_text
from .page_cache import cached_page

Response = TypeVar("Response", bound=HttpResponseBase)

KEEP = "public, max-age=86400"
# Plain links: nothing is loaded from them, and nobody hears of a visitor who does not press one.
ELSEWHERE = [
    ("Telegram", "https://t.me/share/url?{}", "url", "text"),
    ("WhatsApp", "https://wa.me/?{}", "", "text"),
    ("Bluesky", "https://bsky.app/intent/compose?{}", "", "text"),
    ("X", "https://x.com/intent/post?{}", "url", "text"),
    ("Facebook", "https://www.facebook.com/sharer/sharer.php?{}", "u", ""),
]


@require_safe
def share_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Words to copy, links to press, a code to print and a frame for one's own site."""
    return cached_page(
        request, lambda: render(request, "signatures/share.html", _context(find_letter(slug)))
    )


def _context(letter: Letter) -> dict[str, Any]:
    text = find_text(letter)
    address = settings.SITE_URL + letter.get_absolute_url()
    return {
        "letter": letter,
        "text": text,
        "address": address,
        # In three parts, so that the address keeps its direction among Arabic words.
        "message": message(text, address).partition(address),
        "links": list(links(text, address)),
        "embed_url": settings.SITE_URL + reverse("embed", args=[letter.slug]),
        "alternates": alternates("share", letter.slug),
    }


def message(text: LetterText, address: str) -> str:
    """What one person may write to another."""
    return _("Please read this open letter, and sign it if you agree: %(title)s %(address)s") % {
        "title": text.title,
        "address": address,
    }


def links(text: LetterText, address: str) -> Iterator[tuple[str, str]]:
    """Names and addresses of ways to pass it on.

    Spaces are %20, because mail programs show a plus as a plus (RFC 6068, 5).
    """
    words = message(text, address)
    mail = urlencode({"subject": text.title, "body": words}, quote_via=quote)
    yield _("E-mail"), f"mailto:?{mail}"
    yield _("Text message"), f"sms:?{urlencode({'body': words}, quote_via=quote)}"
    for name, pattern, url_field, text_field in ELSEWHERE:
        said = text.title if url_field else words
        fields = {url_field: address, text_field: said}
        query = urlencode({key: value for key, value in fields.items() if key}, quote_via=quote)
        yield name, pattern.format(query)


@require_safe
def share_image_file(_request: HttpRequest, slug: str) -> FileResponse:
    """The picture for previews, in the page's language."""
    path = share_image(text=find_text(find_letter(slug)))
    if path is None:
        raise Http404("no picture")
    return _kept(FileResponse(path.open("rb"), content_type="image/png"))


@require_safe
def paper_sheet(_request: HttpRequest, slug: str) -> FileResponse:
    """A sheet to print and collect signatures on, in the page's language."""
    path = sheet_pdf(text=find_text(find_letter(slug)))
    if path is None:
        raise Http404("no sheet")
    return _kept(FileResponse(path.open("rb"), content_type="application/pdf"))


@require_safe
def qr_code(_request: HttpRequest, slug: str) -> HttpResponse:
    """The letter's address as a QR code (ISO/IEC 18004), in black on white, to print."""
    address = settings.SITE_URL + find_letter(slug).get_absolute_url()
    picture = BytesIO()
    segno.make(address, error="m").save(picture, kind="svg", scale=8, border=4, light="#fff")
    return _kept(HttpResponse(picture.getvalue(), content_type="image/svg+xml"))


def _kept(response: Response) -> Response:
    response["Cache-Control"] = KEEP
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
