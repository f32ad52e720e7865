"""Pictures of every page, to be looked at: test-results/screenshots/, kept by CI."""

from __future__ import annotations

import pytest
from django.conf import settings

from .states import states

FOLDER = settings.BASE_DIR / "test-results" / "screenshots"


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [390, 1280])
def test_every_page_can_be_looked_at(visit, campaign, language, width):
    page = visit(viewport={"width": width, "height": 900}, reduced_motion="reduce").page
    FOLDER.mkdir(parents=True, exist_ok=True)
    made = []

    for name, show in states(campaign, language):
        show(page)
        path = FOLDER / f"{name}-{language}-{width}.png"
        page.screenshot(path=path, full_page=True)
        made.append(path)

    assert all(path.stat().st_size > 5_000 for path in made)
