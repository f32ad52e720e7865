"""Public names and counts, as a page and as JSON, from one queryset."""

from __future__ import annotations

from typing import NamedTuple

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from letters.models import Letter

from ..cursors import make_cursor, read_cursor
from ..models import Signature
from ..services.counts import letter_count
from .letter import alternates, find_letter, find_text

PAGE_SIZE = 100


class Page(NamedTuple):
    """Up to PAGE_SIZE public signatures, newest first, and the cursor of what is older."""

    signatures: list[Signature]
    older: str


def names_after(letter: Letter, cursor: str) -> Page:
    """The public signatures older than `cursor` (empty: the newest); Http404 for a bad one."""
    names = Signature.objects.on_the_site().filter(letter=letter).order_by("-id")
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
    context = {
        "letter": letter,
        "text": find_text(letter),
        "signatures": page.signatures,
        "count": letter_count(letter=letter),
        "older_url": f"{own_url}?before={page.older}" if page.older else "",
        "newest_url": own_url if cursor else "",
        "alternates": alternates("names", slug),
    }
    response = render(request, "signatures/names.html", context)
    response["Cache-Control"] = "public, max-age=10"
    response["X-Robots-Tag"] = "noindex"
    return response


def _open_json(content: dict[str, object]) -> JsonResponse:
    """JSON that any site may read (CORS) and any cache may keep for ten seconds."""
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Cache-Control"] = "public, max-age=10"
    return response


@require_safe
def names_json(request: HttpRequest, slug: str) -> JsonResponse:
    """One page of public signatures: `signatures`, and `next`, the address of the page after it."""
    page = names_after(find_letter(slug), request.GET.get("before", ""))
    names = [
        {"name": row.name, "residence": row.residence, "occupation": row.occupation}
        for row in page.signatures
    ]
    next_url = f"{reverse('names_json', args=[slug])}?before={page.older}" if page.older else None
    response = _open_json({"letter": slug, "signatures": names, "next": next_url})
    response["X-Robots-Tag"] = "noindex"
    return response


@require_safe
def count_json(_request: HttpRequest, slug: str) -> JsonResponse:
    """How many signatures count, and the goal."""
    letter = find_letter(slug)
    return _open_json({"letter": slug, "count": letter_count(letter=letter), "goal": letter.goal})
