"""What anybody's program may read: letters, counts, public names. openapi.json describes it."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from letters.models import Letter

from ..services.counts import letter_count
from .letter import find_letter, find_text
from .names import PAGE_SIZE, names_after


def open_json(content: dict[str, Any]) -> JsonResponse:
    """JSON that any site may read (CORS) and any cache may keep for ten seconds."""
    response = JsonResponse(content, json_dumps_params={"ensure_ascii": False})
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    response["Cache-Control"] = "public, max-age=10"
    return response


def absolute(route: str, *args: object) -> str:
    """The full address of `route`, in the active language."""
    return settings.SITE_URL + reverse(route, args=args)


@require_safe
def letters_json(request: HttpRequest) -> JsonResponse:
    """Published letters by slug, PAGE_SIZE a page; `next` is the address of the page after it."""
    found = Letter.objects.published().filter(texts__is_courtesy_translation=False)
    after = found.filter(slug__gt=request.GET.get("after", "")).order_by("slug")
    letters = list(after[: PAGE_SIZE + 1])
    shown = letters[:PAGE_SIZE]
    is_more = len(letters) > PAGE_SIZE
    next_url = f"{reverse('letters_json')}?after={shown[-1].slug}" if is_more else None
    return open_json({"letters": [_summary(letter) for letter in shown], "next": next_url})


@require_safe
def letter_json(_request: HttpRequest, slug: str) -> JsonResponse:
    """One letter in full, with its words in every language it has."""
    letter = find_letter(slug)
    return open_json(
        _summary(letter)
        | {
            "addressee": letter.addressee_lines,
            "cc": letter.cc_lines,
            "opens_at": letter.opens_at,
            "closes_at": letter.closes_at,
            "texts": [
                {
                    "language": text.language,
                    "is_binding": not text.is_courtesy_translation,
                    "title": text.title,
                    "body": text.body,
                    "digest": text.digest,
                }
                for text in letter.texts.all()
            ],
        }
    )


def _summary(letter: Letter) -> dict[str, Any]:
    text = find_text(letter)
    return {
        "letter": letter.slug,
        "title": text.title,
        "language": text.language,
        "sender": letter.sender,
        "date": letter.letter_date,
        "phase": letter.phase().value,
        "count": letter_count(letter=letter),
        "goal": letter.goal,
        "url": absolute("letter", letter.slug),
    }


@require_safe
def count_json(_request: HttpRequest, slug: str) -> JsonResponse:
    """How many signatures count, and the goal."""
    letter = find_letter(slug)
    return open_json({"letter": slug, "count": letter_count(letter=letter), "goal": letter.goal})


@require_safe
def names_json(request: HttpRequest, slug: str) -> JsonResponse:
    """One page of public signatures: `signatures`, and `next`, the address of the page after it."""
    page = names_after(find_letter(slug), request.GET.get("before", ""))
    names = [
        {"name": row.name, "residence": row.residence, "occupation": row.occupation}
        for row in page.signatures
    ]
    next_url = f"{reverse('names_json', args=[slug])}?before={page.older}" if page.older else None
    response = open_json({"letter": slug, "signatures": names, "next": next_url})
    response["X-Robots-Tag"] = "noindex"
    return response
