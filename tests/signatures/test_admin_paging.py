"""Leafing through a long list: page after page from the newest back, and nothing counted."""

from __future__ import annotations

import pytest
from django.test import Client

from letters.models import LetterText
from signatures.admin.signature import SignatureAdmin
from signatures.models import AuditEntry
from tests.factories import SignatureFactory, make_moderator

LIST = "/admin/signatures/signature/"


@pytest.fixture
def desk(client: Client, text: LetterText, monkeypatch) -> Client:
    """A moderator's browser, and seven signatures in pages of three."""
    monkeypatch.setattr(SignatureAdmin, "list_per_page", 3)
    for number in range(7):
        SignatureFactory.create(text=text, name=f"Person {number}")
    client.force_login(make_moderator())
    return client


def names(response) -> list[str]:
    return [row.name.removeprefix("Person ") for row in response.context["cl"].result_list]


def test_each_page_goes_on_where_the_one_before_it_ended(desk):
    first = desk.get(LIST)
    second = desk.get(LIST + first.context["cl"].older_url)
    third = desk.get(LIST + second.context["cl"].older_url)

    assert [names(page) for page in (first, second, third)] == [
        ["6", "5", "4"],
        ["3", "2", "1"],
        ["0"],
    ]
    assert third.context["cl"].older == ""


def test_a_signature_that_comes_meanwhile_moves_nobody(desk, text):
    first = desk.get(LIST)
    SignatureFactory.create(text=text, name="Person new")

    second = desk.get(LIST + first.context["cl"].older_url)

    assert names(second) == ["3", "2", "1"]


def test_the_way_on_and_the_way_back_are_links(desk):
    first = desk.get(LIST)
    second = desk.get(LIST + first.context["cl"].older_url)

    assert b">Older</a>" in first.content
    assert b">Newest</a>" not in first.content
    assert b">Newest</a>" in second.content


def test_filters_and_search_are_kept_on_the_way(desk):
    first = desk.get(f"{LIST}?q=person&state__exact=accepted")

    second = desk.get(LIST + first.context["cl"].older_url)

    assert names(second) == ["3", "2", "1"]
    assert second.context["cl"].query == "person"


def test_a_place_that_is_none_leads_to_the_beginning(desk):
    response = desk.get(f"{LIST}?p=2")

    assert response.status_code == 302


def test_the_order_is_not_the_visitors_to_choose(desk):
    assert names(desk.get(f"{LIST}?o=1")) == ["6", "5", "4"]


def test_a_page_is_never_counted(desk, django_assert_num_queries):
    with django_assert_num_queries(10) as asked:
        desk.get(LIST)

    assert [query["sql"] for query in asked.captured_queries if "COUNT(" in query["sql"]] == []


def test_all_that_match_can_be_chosen_without_their_number(desk):
    page = desk.get(LIST).content.decode()

    assert "Select all that match" in page
    assert "Select all 4" not in page


def test_the_audit_log_is_leafed_through_alike(admin_client):
    for number in range(51):
        AuditEntry.objects.create(action=f"action {number}")

    first = admin_client.get("/admin/signatures/auditentry/")
    second = admin_client.get("/admin/signatures/auditentry/" + first.context["cl"].older_url)

    assert [entry.action for entry in second.context["cl"].result_list] == ["action 0"]
