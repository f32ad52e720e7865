"""A person signs, corrects, confirms, changes, withdraws and erases, as people do it."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from signatures.enums import State
from signatures.models import Signature
from tests.signatures.posting import work_off

WAYS = [
    pytest.param("en", True, id="english"),
    pytest.param("en", False, id="english-without-script"),
    pytest.param("ar", True, id="arabic"),
    pytest.param("ar", False, id="arabic-without-script"),
]
each_way = pytest.mark.parametrize(("language", "script"), WAYS)


def fill_in(page: Page, **changes: str) -> None:
    lines = {"name": "رنا الأحمد", "residence": "Amman", "occupation": "nurse", "email": ""}
    for field, value in {**lines, **changes}.items():
        page.locator(f"#id_{field}").fill(value)
    page.locator("#id_consent").check()


def send(page: Page) -> None:
    with page.expect_navigation():
        page.locator("main form [type=submit]").click()


def row() -> Signature:
    return Signature.objects.latest("created_at")


def mailed_link(ending: str) -> str:
    """The path of the link in the newest mail that ends so."""
    work_off()
    found = re.search(rf"https?://[^/\s]+(/\S*{ending})", str(mail.outbox[-1].body))
    assert found
    return found[1]


def go(page: Page, ending: str) -> None:
    """Follow the link on this page whose address ends so."""
    with page.expect_navigation():
        page.locator(f'main a[href$="{ending}"]').first.click()


@each_way
def test_a_signature_is_written_confirmed_changed_withdrawn_and_erased(
    visit, campaign, language, script
):
    visitor = visit(java_script_enabled=script)
    page = visitor.see(campaign.address("letter", language, "un-2011"))

    fill_in(page, email="rana@example.org")
    send(page)
    expect(page).to_have_url(re.compile(r"/s/[^/]+/$"))
    page.goto(mailed_link("/confirm/"))
    send(page)
    assert row().state == State.ACCEPTED

    go(page, "/change/")
    page.locator("#id_visibility_2").check()
    send(page)
    assert row().visibility == "counted"

    go(page, "/withdraw/")
    send(page)
    assert row().state == State.WITHDRAWN

    go(page, "/erase/")
    before = Signature.objects.count()
    send(page)
    assert Signature.objects.count() == before - 1
    assert visitor.context.cookies() == []


@each_way
def test_what_is_wrong_is_said_above_and_beside_and_can_be_put_right(
    visit, campaign, language, script
):
    page = visit(java_script_enabled=script).see(campaign.address("letter", language, "un-2011"))

    fill_in(page, name="", email="not an address")
    send(page)
    summary = page.locator("#errors")
    expect(summary.locator("a")).to_have_count(2)
    if script:
        expect(summary).to_be_focused()
    summary.locator('a[href="#id_name"]').click()
    expect(page.locator("#id_name")).to_be_focused()
    expect(page.locator("#id_name")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#id_residence")).to_have_value("Amman")

    fill_in(page)
    send(page)

    expect(page).to_have_url(re.compile(r"/s/[^/]+/$"))
    assert row().state == State.PENDING


def test_a_form_of_a_browser_that_refuses_cookies_is_taken(visit, campaign):
    visitor = visit()
    visitor.page.add_init_script(
        "Object.defineProperty(document, 'cookie', {get() { throw new Error('refused') }})"
    )
    page = visitor.see("/letters/un-2011/")

    fill_in(page)
    send(page)

    expect(page).to_have_url(re.compile(r"/s/[^/]+/$"))


def test_signing_by_keyboard_takes_twelve_presses_besides_typing(visit, campaign):
    page = visit().see("/letters/un-2011/")
    presses = []

    def press(*keys: str) -> None:
        for key in keys:
            presses.append(key)
            page.keyboard.press(key)

    press("Tab", "Tab", "Enter")
    page.keyboard.type("Rana")
    press("Tab")
    page.keyboard.type("Amman")
    press("Tab")
    page.keyboard.type("nurse")
    press("Tab", "Tab", "Tab", "Tab", "Space", "Tab", "Enter")

    expect(page).to_have_url(re.compile(r"/s/[^/]+/$"))
    assert row().name == "Rana"
    assert len(presses) <= 12
