"""A real Chromium in front of a real server. Where there is no browser these tests are skipped,
loudly; where CI says that this is CI (CI=true), that is a failure.

Whatever a test is about, no visitor's browser may ask anybody else for anything, miss a file, or
complain about a script, a style or the content security policy.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connections
from playwright.sync_api import Browser, Page, expect, sync_playwright

from .campaign import Campaign, make_campaign
from .visitor import Visitor

NAMES = ["chromium", "chromium-browser", "google-chrome"]
FLAGS = [
    "--no-sandbox",  # it opens only our own pages, often as root in a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSPHRASE = "a long enough passphrase"
MISSING = "NO BROWSER: tests/browser needs Chromium (Debian: apt install chromium)"

Open = Callable[..., Visitor]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


def find_chromium() -> str:
    """The path of this machine's browser; skips, or fails in CI, where there is none."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(MISSING)
    return str(path)


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """One browser process for all of these tests."""
    path = find_chromium()
    # Playwright's loop runs in this thread, and Django would take it for one of its own.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
        connections.close_all()  # Django keeps those made beside a loop apart from all others


@pytest.fixture
def campaign(chromium, live_server, settings) -> Campaign:
    """The site in the middle of its work: letters, names, a delivery, an update."""
    settings.SITE_URL = live_server.url
    return make_campaign()


@pytest.fixture
def visit(chromium: Browser, campaign: Campaign, live_server) -> Iterator[Open]:
    """Make a visitor with a browser of their own; `visit(locale="ar", java_script_enabled=False)`.

    At the end of the test every one of them is asked what went wrong.
    """
    visitors: list[Visitor] = []

    def open_browser(**options: Any) -> Visitor:
        visitors.append(Visitor(chromium, live_server.url, **options))
        return visitors[-1]

    yield open_browser
    for visitor in visitors:
        visitor.context.close()
    assert [visitor.external for visitor in visitors if visitor.external] == []
    assert [visitor.broken for visitor in visitors if visitor.broken] == []
    assert [visitor.complaints for visitor in visitors if visitor.complaints] == []


@pytest.fixture
def desk(visit, campaign) -> Page:
    """The start page of an organiser who may do everything, logged in."""
    User.objects.create_superuser("organiser", password=PASSPHRASE)
    page = visit().see("/admin/")
    page.locator("#id_username").fill("organiser")
    page.locator("#id_password").fill(PASSPHRASE)
    page.locator("[type=submit]").click()
    expect(page).to_have_url(re.compile(r"/admin/$"))
    return page
