"""Pictures of every page, to be looked at: test-results/screenshots/, kept by CI."""

from __future__ import annotations

import pytest
from django.conf import settings

from .states import states

FOLDER = settings.BASE_DIR / "test-results" / "screenshots"


DESK = {
    "desk": "/admin/",
    "desk-queue": "/admin/signatures/signature/?queue=yes",
    "desk-deliveries": "/admin/deliveries/delivery/",
    "desk-update": "/admin/signatures/update/add/",
}


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_public_page_can_be_looked_at(visit, campaign, language, width):
    page = visit(viewport={"width": width, "height": 900}, reduced_motion="reduce").page
    FOLDER.mkdir(parents=True, exist_ok=True)
    made = []

    for name, show in states(campaign, language):
        show(page)
        path = FOLDER / f"{name}-{language}-{width}.png"
        page.screenshot(path=path, full_page=True)
        made.append(path)

    assert all(path.stat().st_size > 5_000 for path in made)


@pytest.mark.parametrize("width", [390, 1280])
def test_the_organisers_pages_can_be_looked_at(desk, width):
    desk.set_viewport_size({"width": width, "height": 900})
    FOLDER.mkdir(parents=True, exist_ok=True)

    for name, path in DESK.items():
        desk.goto(path)
        desk.screenshot(path=FOLDER / f"{name}-en-{width}.png", full_page=True)

    assert (FOLDER / f"desk-en-{width}.png").stat().st_size > 5_000
