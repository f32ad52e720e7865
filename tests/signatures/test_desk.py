"""The admin's start page: what waits, today's numbers, and what to do where it is empty."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from deliveries.models import Delivery
from signatures.enums import State
from signatures.models import CountChange
from signatures.services import desk as numbers
from signatures.services.counts import counts_fold
from tests.factories import SignatureFactory, TextFactory, make_delivery_staff, make_moderator


@pytest.fixture
def desk(admin_user: User) -> Client:
    """The browser of an organiser who may do everything."""
    client = Client()
    client.force_login(admin_user)
    return client


def page(client: Client) -> str:
    response = client.get("/admin/")
    assert response.status_code == 200
    return response.content.decode()


def wait(text, number: int) -> None:
    for _ in range(number):
        SignatureFactory(text=text, state=State.PENDING, email="")


def count(letter, ago: int, change: int) -> None:
    day = timezone.now().date() - timedelta(days=ago)
    CountChange.objects.create(letter=letter, day=day, change=change)


# What to do where there is nothing


def test_without_a_letter_one_is_asked_to_write_one(desk, db):
    shown = page(desk)

    assert "No letter is published yet" in shown
    assert 'href="/admin/letters/letter/add/">Write a letter' in shown
    assert "Prepare a delivery" not in shown


def test_an_empty_queue_says_what_will_stand_there(desk, text):
    shown = page(desk)

    assert "Nothing waits." in shown
    assert "Nobody has signed in the last weeks." in shown
    assert "Nothing has been delivered yet." in shown
    assert "<rect" not in shown


# What there is


def test_what_waits_is_one_click_away(desk, text):
    wait(text, 3)

    shown = page(desk)

    assert '<strong class="figure">3</strong> signatures wait.' in shown
    assert "The oldest since June 4, 2026, noon (UTC)." in shown
    assert 'href="/admin/signatures/signature/?queue=yes">Look at them' in shown


def test_a_long_queue_is_not_counted_to_its_end(desk, text, monkeypatch):
    monkeypatch.setattr(numbers, "COUNTED_TO", 2)
    wait(text, 5)

    assert '<strong class="figure">2+</strong>' in page(desk)


def test_todays_numbers_and_the_weeks_are_those_that_count(desk, letter):
    for ago, change in ((0, 4), (3, 2), (7, 50), (29, 1), (30, 99)):
        count(letter, ago, change)
    counts_fold()
    count(letter, 0, -1)

    shown = page(desk)

    assert "<dt>Today</dt><dd>3</dd>" in shown
    assert "<dt>In the last 7 days</dt><dd>5</dd>" in shown
    assert shown.count("<rect") == 4
    assert "<td>155</td>" in shown


def test_the_newest_deliveries_say_what_became_of_them(desk, letter):
    Delivery.objects.create(
        number=1,
        letter=letter,
        kind="whole",
        state="failed",
        failure="The disk is full.",
        touched_at=timezone.now(),
    )

    assert "failed: The disk is full." in page(desk)


# Who sees what


def test_moderators_see_the_queue_and_no_button_for_a_delivery(client, text):
    client.force_login(make_moderator())

    shown = page(client)

    assert "What waits for a person" in shown
    assert "Prepare a delivery" not in shown


def test_delivery_staff_prepare_a_delivery_from_here(client, text):
    client.force_login(make_delivery_staff())

    assert 'href="/admin/deliveries/delivery/prepare/">Prepare a delivery' in page(client)


# What it costs


def test_it_asks_the_same_number_of_questions_at_any_size(
    desk, text, django_assert_max_num_queries, django_assert_num_queries
):
    page(desk)
    with django_assert_max_num_queries(25) as small:
        page(desk)

    wait(text, 30)
    for number in range(5):
        other = TextFactory(letter__slug=f"other-{number}")
        count(other.letter, number, 7)

    with django_assert_num_queries(len(small)):
        page(desk)
