"""Public news about a letter, as a page and as a feed."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from letters.models import Letter
from letters.rendering import render_markdown

from ..models import Update
from ..services.updates import updates_public
from .letter import alternates, find_letter, find_text
from .page_cache import cached_page


class UpdatesFeed(Atom1Feed):
    """Atom, whose `updated` (RFC 4287, 4.2.15) says when something changed, not when it was read.

    `begun_at` (aware) is what it says while there is no news.
    """

    def __init__(self, *, begun_at: datetime, **fields: Any) -> None:
        super().__init__(**fields)
        self.begun_at = begun_at

    def latest_post_date(self) -> datetime:
        return super().latest_post_date() if self.items else self.begun_at


@require_safe
def updates_page(request: HttpRequest, slug: str) -> HttpResponse:
    return cached_page(
        request,
        lambda: render(request, "signatures/updates.html", updates_context(find_letter(slug))),
    )


def updates_context(letter: Letter) -> dict[str, Any]:
    """What the page shows; the same for every visitor."""
    return {
        "letter": letter,
        "text": find_text(letter),
        "updates": [(update, render_markdown(update.body)) for update in _told(letter)],
        "alternates": alternates("updates", letter.slug),
    }


@require_safe
def updates_feed(_request: HttpRequest, slug: str) -> HttpResponse:
    """The same as an Atom feed (RFC 4287)."""
    letter = find_letter(slug)
    text = find_text(letter)
    page = _absolute("updates", slug)
    feed = UpdatesFeed(
        begun_at=datetime.combine(letter.letter_date, time(), UTC),
        title=text.title,
        link=page,
        description="",
        language=get_language(),
        feed_url=_absolute("updates_feed", slug),
        feed_guid=_absolute("updates_feed", slug),
        author_name=letter.sender,
    )
    for update in _told(letter):
        feed.add_item(**_item(update, page))
    response = HttpResponse(feed.writeString("utf-8"), content_type="application/atom+xml")
    response["Cache-Control"] = "public, max-age=300"
    return response


def _item(update: Update, page: str) -> dict[str, Any]:
    address = f"{page}#update-{update.pk}"
    return {
        "title": update.subject,
        "link": address,
        "unique_id": address,
        "description": render_markdown(update.body),
        "pubdate": update.finished_at,
        "updateddate": update.finished_at,
    }


def _told(letter: Letter) -> list[Update]:
    return updates_public(letter=letter, language=get_language() or settings.LANGUAGE_CODE)


def _absolute(route: str, slug: str) -> str:
    return settings.SITE_URL + reverse(route, args=[slug])
