"""An organiser logs in, looks at what waits, decides, and takes the list away."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from signatures.enums import State
from signatures.models import AuditEntry, Signature

QUEUE = "/admin/signatures/signature/?queue=yes"


def choose(page: Page, action: str) -> None:
    page.locator("[name=action]").first.select_option(action)
    page.locator("[name=index]").first.click()


def test_what_waits_is_accepted_in_bulk(desk):
    desk.goto(QUEUE)
    expect(desk.locator("#result_list tbody tr")).to_have_count(3)

    desk.locator("#action-toggle").check()
    choose(desk, "accept")

    expect(desk.locator(".success")).to_contain_text("3 signatures were changed")
    assert not Signature.objects.in_queue().exists()


def test_a_signature_is_rejected_with_a_reason_and_taken_back(desk):
    waiting = Signature.objects.in_queue().latest("id")
    desk.goto(f"/admin/signatures/signature/{waiting.id}/change/")

    desk.locator("[name=reason]").fill("Not a person.")
    desk.locator('button[value="reject"]').click()
    expect(desk.locator(".success")).to_be_visible()
    assert Signature.objects.get(id=waiting.id).state == State.REJECTED
    desk.locator('button[value="undo"]').click()
    expect(desk.locator(".success")).to_be_visible()

    assert Signature.objects.get(id=waiting.id).state == State.PENDING
    assert AuditEntry.objects.filter(signature_id=waiting.id).count() == 2


def test_the_accepted_ones_leave_as_a_file(desk):
    desk.goto("/admin/signatures/signature/?state__exact=accepted")
    desk.locator("#action-toggle").check()

    with desk.expect_download() as download:
        choose(desk, "export_csv")

    with Path(download.value.path()).open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    assert len(lines) == 101


@pytest.mark.parametrize(
    "path",
    [
        "/admin/",
        QUEUE,
        "/admin/letters/letter/",
        "/admin/signatures/update/add/",
        "/admin/signatures/auditentry/",
        "/admin/deliveries/delivery/",
        "/admin/deliveries/delivery/prepare/",
        "/admin/password_change/",
    ],
)
def test_a_page_of_the_desk_keeps_to_the_content_security_policy(desk, path):
    response = desk.goto(path)  # what the browser complains about, the fixture reports

    assert response
    assert response.status == 200
