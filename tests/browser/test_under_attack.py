"""A person signs a letter that asks for a proof of work, and notices nothing but a moment."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from signatures.enums import Defence
from signatures.models import Guard, Signature

from .test_accessibility import RULES, violations
from .test_signing_walk import fill_in, send


@pytest.fixture
def attacked(campaign) -> str:
    """The page of a letter under attack."""
    Guard.objects.create(letter=campaign.letter, proof=Defence.ON)
    return f"/letters/{campaign.letter.slug}/"


@pytest.mark.parametrize(("script", "reasons"), [(True, []), (False, ["proof"])])
def test_the_riddle_is_solved_unseen_or_somebody_looks(visit, attacked, script, reasons):
    page = visit(java_script_enabled=script).see(attacked)

    fill_in(page)
    send(page)
    expect(page).to_have_url(re.compile(r"/s/[^/]+/$"))

    assert Signature.objects.latest("created_at").hold_reasons == reasons


@pytest.mark.parametrize("language", ["en", "ar"])
def test_axe_finds_nothing_in_a_form_that_asks_for_a_proof(visit, campaign, attacked, language):
    address = campaign.address("letter", language, campaign.letter.slug)
    page = visit(reduced_motion="reduce").see(address)
    found = {}

    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found[scheme] = violations(page, rules=RULES)

    assert found == {"light": [], "dark": []}
