"""One visitor's browser, and a record of everything that it asked for and complained about."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request, Response

# Chromium's own words for an answer of 4xx or 5xx; which answers were wrong is judged by `broken`.
REFUSED = "Failed to load resource: the server responded with a status of"

# The next page was opened before this file had come.
LEFT_BEHIND = "net::ERR_ABORTED"


class Visitor:
    """A fresh browser profile at `site`, with what it loaded from elsewhere and what went wrong."""

    def __init__(self, browser: Browser, site: str, **options: Any) -> None:
        self.site = site
        self.context: BrowserContext = browser.new_context(base_url=site, **options)
        self.context.set_default_timeout(15_000)
        self.external: list[str] = []
        self.complaints: list[str] = []
        self.broken: list[str] = []
        self.bytes_loaded = 0
        self.context.on("request", self._note_request)
        self.context.on("response", self._note_response)
        self.context.on("requestfailed", self._note_failure)
        self.context.on("console", self._note_console)
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.page: Page = self.context.new_page()

    def _note_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https"} and not request.url.startswith(self.site):
            self.external.append(request.url)

    def _note_response(self, response: Response) -> None:
        if response.status >= 400 and not response.request.is_navigation_request():
            self.broken.append(f"{response.status} {response.url}")

    def _note_failure(self, request: Request) -> None:
        is_left_behind = request.failure == LEFT_BEHIND
        if not request.is_navigation_request() and not is_left_behind:
            self.broken.append(f"{request.failure} {request.url}")

    def _note_console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not message.text.startswith(REFUSED):
            self.complaints.append(message.text)

    def see(self, path: str) -> Page:
        """Open `path`."""
        self.page.goto(path)
        return self.page
