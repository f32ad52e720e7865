"""Public names, from the one queryset that page and API share."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from letters.models import Letter

from ..cursors import make_cursor, read_cursor
from ..models import Signature
from ..services.counts import letter_count
from ..services.guard import public_names
from .letter import alternates, find_letter, find_text

PAGE_SIZE = 100


class Page(NamedTuple):
    """Up to PAGE_SIZE public signatures, newest first, and the cursor of what is older."""

    signatures: list[Signature]
    older: str


def names_after(letter: Letter, cursor: str) -> Page:
    """The public signatures older than `cursor` (empty: the newest); Http404 for a bad one."""
    names = public_names(letter=letter).order_by("-id")
    if cursor:
        place = read_cursor(cursor)
        if place is None:
            raise Http404("no such place in the list")
        names = names.filter(id__lt=place)
    found = list(names.only("id", "name", "residence", "occupation")[: PAGE_SIZE + 1])
    shown = found[:PAGE_SIZE]
    return Page(shown, make_cursor(shown[-1].id) if len(found) > PAGE_SIZE else "")


@require_safe
def names_page(request: HttpRequest, slug: str) -> HttpResponse:
    letter = find_letter(slug)
    cursor = request.GET.get("before", "")
    page = names_after(letter, cursor)
    own_url = reverse("names", args=[slug])
    context = names_context(letter, page) | {
        "older_url": f"{own_url}?before={page.older}" if page.older else "",
        "newest_url": own_url if cursor else "",
    }
    response = render(request, "signatures/names.html", context)
    response["Cache-Control"] = "public, max-age=10"
    response["X-Robots-Tag"] = "noindex"
    return response


def names_context(letter: Letter, page: Page) -> dict[str, Any]:
    """What one page of names shows, without its links to others."""
    return {
        "letter": letter,
        "text": find_text(letter),
        "signatures": page.signatures,
        "count": letter_count(letter=letter),
        "alternates": alternates("names", letter.slug),
    }
