"""axe-core on every public page and state, best practices and 7:1 contrast included."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from django.conf import settings
from playwright.sync_api import Page

from .states import states

# Off in axe unless asked for, because it is WCAG's level AAA.
RULES = {"color-contrast-enhanced": {"enabled": True}}
DARK_TOO = ["color-contrast", "color-contrast-enhanced", "link-in-text-block"]


def violations(page: Page, **options: object) -> list[str]:
    """One line for each thing that axe finds wrong on `page` as it is."""
    found = Axe().run(page, options={"resultTypes": ["violations"], **options})
    return [
        f"{rule['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for rule in found.response["violations"]
        for node in rule["nodes"]
    ]


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_axe_finds_nothing_in_light_and_dark(visit, campaign, language):
    page = visit(reduced_motion="reduce").page
    found = {}

    for name, show in states(campaign, language):
        show(page)
        page.emulate_media(color_scheme="light")
        found[name] = violations(page, rules=RULES)
        page.emulate_media(color_scheme="dark")
        dark = violations(page, runOnly={"type": "rule", "values": DARK_TOO})
        found[f"{name} (dark)"] = dark

    assert {name: wrong for name, wrong in found.items() if wrong} == {}
