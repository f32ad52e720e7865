"""Narrow screens, long words, fingers, and what a first visit weighs."""

from __future__ import annotations

import pytest
from playwright.sync_api import ViewportSize

from .states import states

SMALLEST = 44  # CSS pixels; WCAG 2.2, 2.5.5
LIGHT = 100_000  # bytes
NARROW: ViewportSize = {"width": 320, "height": 640}
WIDTHS = [320, 390]

# What can be pressed, and is not a link in the middle of a sentence (exempt by 2.5.5, "inline").
TOO_SMALL = """
smallest => [...document.querySelectorAll(
    'a[href], button, input:not([type=hidden]), select, textarea, summary'
)].filter(each => {
    const inText = each.parentElement.closest('.words, .appeal');
    const box = each.getBoundingClientRect();
    const isAway = each.closest('[aria-hidden=true]') || each.matches('.skip');
    return !inText && !isAway && box.width && (box.width < smallest || box.height < smallest);
}).map(each => `${each.outerHTML.slice(0, 90)} ${JSON.stringify(each.getBoundingClientRect())}`)
"""
OVERFLOW = """
() => [...document.querySelectorAll('body *')].filter(each => {
    const box = each.getBoundingClientRect();
    const isAway = each.closest('.away, .skip, pre');
    return !isAway && box.width && (box.right > innerWidth + 1 || box.left < -1);
}).map(each => each.outerHTML.slice(0, 90))
"""
# German needs about a third more room than English, in words that do not break.
LENGTHEN = """
() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const node = walker.currentNode;
        node.data = node.data.replace(/\\p{L}{4,}/gu, word => word + word.slice(1, 4));
    }
}
"""


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("width", [320, 1280])
def test_everything_that_can_be_pressed_is_large_enough_for_a_finger(
    visit, campaign, language, width
):
    page = visit(viewport={"width": width, "height": 800}).page
    found = {}

    for name, show in states(campaign, language):
        show(page)
        found[name] = page.evaluate(TOO_SMALL, SMALLEST)

    assert {name: small for name, small in found.items() if small} == {}


@pytest.mark.parametrize("language", ["en", "ar"])
def test_at_320_pixels_nothing_sticks_out(visit, campaign, language):
    page = visit(viewport=NARROW).page
    found = {}

    for name, show in states(campaign, language):
        show(page)
        found[name] = page.evaluate(OVERFLOW)
        page.evaluate(LENGTHEN)
        found[f"{name}, long words"] = page.evaluate(OVERFLOW)

    assert {name: wide for name, wide in found.items() if wide} == {}


@pytest.mark.parametrize("language", ["fr", "es", "ru", "zh-hans", "zh-hant"])
def test_on_a_telephone_every_language_has_room(visit, campaign, language):
    page = visit(viewport=NARROW).page
    found = {}

    for name, show in states(campaign, language):
        page.set_viewport_size(NARROW)
        show(page)
        found[f"{name}, fingers"] = page.evaluate(TOO_SMALL, SMALLEST)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 640})
            found[f"{name}, {width}"] = page.evaluate(OVERFLOW)

    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def test_at_four_times_the_size_the_letter_is_one_column(visit, campaign):
    page = visit(viewport={"width": 1280 // 4, "height": 1024 // 4}).see("/letters/un-2011/")

    assert page.evaluate("document.scrollingElement.scrollWidth") <= 320


@pytest.mark.parametrize("path", ["/", "/ar/letters/un-2011/", "/letters/un-2011/signatures/"])
def test_a_first_visit_weighs_under_100_kilobytes(visit, path):
    visitor = visit()
    sizes = []
    visitor.context.on("requestfinished", lambda each: sizes.append(each.sizes()))

    visitor.page.goto(path, wait_until="networkidle")

    weight = sum(each["responseBodySize"] + each["responseHeadersSize"] for each in sizes)
    assert 10_000 < weight < LIGHT
