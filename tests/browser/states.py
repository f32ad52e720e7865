"""Every public page and state, by name, for those tests that look at all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import Page

from signatures.tokens import Purpose

from .campaign import Campaign

ERRORS = [400, 403, 413, 429, 500, 503]
Show = Callable[[Page], object]


def states(campaign: Campaign, language: str) -> Iterator[tuple[str, Show]]:
    """Names and what brings a page there."""
    for name, path in _pages(campaign, language):
        yield name, partial(_open, path)
    for status in ERRORS:
        yield f"error-{status}", partial(_show_error, status, language)
    letter = campaign.address("letter", language, "un-2011")
    change = campaign.own("signature_change", language)
    yield "letter-errors", partial(_send_empty, letter)
    yield "change-errors", partial(_send_empty, change)


def _open(path: str, page: Page) -> None:
    page.goto(path)


def _show_error(status: int, language: str, page: Page) -> None:
    """The page for `status`, which no visitor can ask for, at an address of the site."""
    with translation.override(language):
        body = render_to_string(f"{status}.html")
    page.route("**/error", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto("/error")
    page.unroute("**/error")


def _pages(campaign: Campaign, language: str) -> Iterator[tuple[str, str]]:
    for name, route, *args in [
        ("home", "home"),
        ("letters", "letter_list"),
        ("letter-later", "letter", "later"),
        ("letter-ended", "letter", "ended"),
        ("names", "names", "un-2011"),
        ("names-empty", "names", "later"),
        ("statistics", "statistics", "un-2011"),
        ("statistics-empty", "statistics", "later"),
        ("updates", "updates", "un-2011"),
        ("updates-empty", "updates", "later"),
        ("share", "share", "un-2011"),
        ("embed", "embed", "un-2011"),
        ("privacy", "privacy"),
        ("deliveries", "delivery_list"),
        ("delivery", "delivery", "1"),
        ("missing", "letter", "nowhere"),
        ("gone", "signature", "x"),
    ]:
        yield name, campaign.address(route, language, *args)
    for route, purpose in [
        ("signature", Purpose.PAGE),
        ("signature_confirm", Purpose.CONFIRM),
        ("signature_not_me", Purpose.NOT_ME),
        ("signature_change", Purpose.PAGE),
        ("signature_withdraw", Purpose.PAGE),
        ("signature_erase", Purpose.PAGE),
        ("unsubscribe", Purpose.UNSUBSCRIBE),
    ]:
        yield route, campaign.own(route, language, purpose=purpose)


def _send_empty(path: str, page: Page) -> None:
    page.goto(path)
    page.locator("main form input:not([type=radio], [type=checkbox])").first.fill("")
    with page.expect_navigation():
        page.locator("main form [type=submit]").click()
