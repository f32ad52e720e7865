"""A browser that runs no script, keeps no cookie and tells no address it comes from."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from signatures.enums import State, Visibility

from .test_signing_walk import fill_in, go, mailed_link, row, send

UNSENT = {"referer", "cookie", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest"}


def strip(route: Route) -> None:
    """Send a request on as the most careful browsers do, with `Origin: null` from a form."""
    headers = {k: v for k, v in route.request.headers.items() if k not in UNSENT}
    if "origin" in headers:
        headers["origin"] = "null"
    route.continue_(headers=headers)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_it_signs_confirms_changes_and_withdraws(visit, campaign, language):
    visitor = visit(java_script_enabled=False)
    asked: list[str] = []
    visitor.context.on("request", lambda request: asked.append(request.url))
    visitor.context.route("**/*", strip)
    page = visitor.see(campaign.address("letter", language, "un-2011"))

    fill_in(page, email="rana@example.org")
    send(page)
    page.goto(mailed_link("/confirm/"))
    send(page)
    assert row().state == State.ACCEPTED

    go(page, "/change/")
    page.locator("#id_residence").fill("Irbid")
    page.locator("#id_visibility_2").check()
    send(page)
    assert (row().residence, row().visibility) == ("Irbid", Visibility.COUNTED)

    go(page, "/withdraw/")
    send(page)
    expect(page.locator("main h1")).to_be_visible()
    assert (row().state, row().name) == (State.WITHDRAWN, "")

    page.wait_for_load_state("networkidle")
    assert visitor.context.cookies() == []
    assert len(asked) > 8
    assert [url for url in asked if not url.startswith((visitor.site, "data:"))] == []
