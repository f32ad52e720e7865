"""The admin as it is, in a real browser, under the strict policy of the public pages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import Page, sync_playwright

from tests.browser.conftest import FLAGS, find_chromium
from tests.factories import SignatureFactory

from .door import PASSWORD, age_session, code_of, key_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = ["letters/letter/", "letters/letter/add/", "signatures/auditentry/", "auth/user/add/"]
CALENDAR_CLOCK_AND_MORE = [".date-icon", ".clock-icon", ".theme-toggle", "#toggle-nav-sidebar"]


@pytest.fixture
def signed(jane, transactional_db) -> str:
    """The number of a letter that somebody signed."""
    return str(SignatureFactory.create().letter_id)


@pytest.fixture
def complaints() -> list[str]:
    """What the browser complained about: a refused script, style, image or request."""
    return []


@pytest.fixture
def page(signed, live_server, complaints) -> Iterator[Page]:
    chromium = find_chromium()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(base_url=live_server.url)
        page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
        page.on("console", lambda m: complaints.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        yield page
        browser.close()


def submit(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        page.fill(f"[name={name.replace('_', '-')}]", value)
    page.click("#content [type=submit]")


def set_up(page: Page) -> list[str]:
    """Through the door for the first time; the recovery codes."""
    page.goto("/admin/")
    submit(page, username="jane", password=PASSWORD)
    submit(page, code=code_of(key_in(page.inner_text(".secret"))))
    going_on = page.locator("text=go on")
    going_on.wait_for()
    codes = page.locator(".recovery-codes code").all_inner_texts()
    going_on.click()
    page.wait_for_url("**/admin/")
    return codes


def test_the_admin_works_and_nothing_in_it_is_refused(page: Page, signed: str, complaints):
    set_up(page)
    for path in PAGES:
        page.goto(f"/admin/{path}", wait_until="networkidle")

    page.goto(f"/admin/letters/letter/{signed}/change/", wait_until="networkidle")
    for button in CALENDAR_CLOCK_AND_MORE:
        page.locator(button).locator("visible=true").first.click()
        page.keyboard.press("Escape")

    assert complaints == []


@pytest.fixture
def security_key(page: Page, live_server, settings) -> None:
    """A device that answers when it is asked, in the browser of `page`."""
    settings.OTP_WEBAUTHN_RP_ID = "localhost"
    settings.OTP_WEBAUTHN_ALLOWED_ORIGINS = [live_server.url]
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "usb",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


def test_a_passkey_is_set_up_opens_the_admin_and_lets_an_export_go(
    page: Page, security_key, complaints, monkeypatch
):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    page.goto("/admin/")
    submit(page, username="jane", password=PASSWORD)
    page.click("text=Set up a passkey")
    page.click("text=go on")
    page.click("text=Log out")
    page.goto("/admin/")
    submit(page, username="jane", password=PASSWORD)
    page.click("text=Use a passkey")
    page.wait_for_url("**/admin/")
    key = next(c["value"] for c in page.context.cookies() if "sessionid" in c["name"])
    age_session(SessionStore(key), minutes=11)
    page.goto("/admin/signatures/signature/")
    page.check("#action-toggle")
    page.select_option("select[name=action]", "export_csv")
    page.click("button[name=index]")
    page.fill("[name=identity-password]", PASSWORD)

    with page.expect_download() as download:
        page.click("text=Confirm with a passkey")

    assert download.value.suggested_filename == "signatures.csv"
    assert complaints == []


def test_a_browser_whose_device_stays_silent_says_so(page: Page, security_key):
    page.goto("/admin/")
    submit(page, username="jane", password=PASSWORD)
    page.evaluate("() => { navigator.credentials.create = () => Promise.reject('dismissed'); }")

    page.click("text=Set up a passkey")

    page.locator(".passkey .failed").wait_for()
    assert page.locator(".passkey .failed").inner_text().startswith("No passkey answered.")


def test_an_export_goes_on_by_itself_after_asking_who_is_there(page: Page, complaints, monkeypatch):
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    codes = set_up(page)
    key = next(c["value"] for c in page.context.cookies() if "sessionid" in c["name"])
    age_session(SessionStore(key), minutes=11)
    page.goto("/admin/signatures/signature/")
    page.check("#action-toggle")
    page.select_option("select[name=action]", "export_csv")
    page.click("button[name=index]")

    with page.expect_download() as download:
        submit(page, identity_password=PASSWORD, identity_code=codes[0])

    assert download.value.suggested_filename == "signatures.csv"
    assert complaints == []
