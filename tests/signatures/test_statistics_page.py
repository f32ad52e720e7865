"""Progress, the chart with its table, and places without small numbers."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from signatures.enums import State
from signatures.models import CountChange
from signatures.services.places import FEWEST, OTHERS, groups, letter_places, publishable
from signatures.views.chart import HEIGHT, MOST_BARS, WIDTH, Step, make_chart
from tests.factories import SignatureFactory

FIRST = date(2026, 6, 4)


def sign(text, residence: str, number: int, **fields):
    return [SignatureFactory(text=text, residence=residence, **fields) for _ in range(number)]


def page(client) -> str:
    response = client.get("/letters/peace/statistics/")
    assert response.status_code == 200
    return response.content.decode()


# The page


def test_without_signatures_it_says_so(client, text):
    shown = page(client)

    assert "Nobody has signed yet" in shown
    assert "<svg" not in shown
    assert "<table" not in shown


def test_days_are_bars_and_rows_of_a_table(client, letter):
    today = timezone.now().date()
    for ago, number in ((0, 2), (2, 3)):
        CountChange.objects.create(letter=letter, day=today - timedelta(days=ago), change=number)

    shown = page(client)

    assert "<strong>5</strong> people have signed" in shown
    assert "<strong>5</strong> of them in the last seven days" in shown
    assert shown.count("<rect") == 2
    assert re.findall(r"</th><td>(\d+)</td>", shown) == ["3", "0", "2"]


def test_a_number_in_the_picture_has_a_point_in_every_language(client, letter):
    for ago in range(7):
        CountChange.objects.create(letter=letter, day=FIRST - timedelta(days=ago), change=ago + 1)

    shown = client.get("/fr/letters/peace/statistics/").content.decode()

    assert re.findall(r'(?:x|y|width|height)="[^"]*,', shown) == []


def test_places_are_counted_at_night_and_small_ones_together(client, text):
    sign(text, "Beirut, Lebanon", 12)
    sign(text, "beirut  Lebanon", 3)
    sign(text, "Oslo", 4)
    sign(text, "Bergen", 6)
    sign(text, "Paris", 30, state=State.PENDING, confirmed_at=None)

    call_command("recount")
    shown = page(client)

    assert re.findall(r"<bdi>([^<]+)</bdi></th><td>(\d+)<", shown) == [("Beirut, Lebanon", "15")]
    assert "All other places together</th><td>10<" in shown
    assert "Oslo" not in shown


def test_a_place_waits_for_the_night(client, text):
    sign(text, "Beirut, Lebanon", 12)

    assert "Beirut" not in page(client)


def test_counting_again_puts_new_numbers_in_the_place_of_the_old(text, letter):
    gone = sign(text, "Beirut", 11)
    call_command("recount")
    type(gone[0]).objects.filter(id__in=[each.id for each in gone[:2]]).delete()

    call_command("recount")

    assert letter_places(letter=letter) == []


def test_a_dry_run_counts_no_places(text, letter):
    sign(text, "Beirut", 11)

    call_command("recount", "--dry-run")

    assert letter_places(letter=letter) == []


def test_it_asks_the_database_the_same_few_questions_at_any_size(
    client, text, django_assert_max_num_queries
):
    sign(text, "Beirut", 40)
    call_command("recount")

    with django_assert_max_num_queries(6):
        page(client)


# Places


def test_spellings_of_one_place_are_one_under_the_most_usual():
    found = dict(groups([("cairo", 2), ("Cairo", 5), ("القاهرة", 4), ("Каир", 1), ("Oslo", 3)]))

    assert found == {"Cairo": 12, "Oslo": 3}


def test_a_rest_that_would_follow_from_the_total_takes_the_smallest_place_with_it():
    assert publishable([("Rome", 40), ("Oslo", 10), ("Bergen", 3)]) == {"Rome": 40, OTHERS: 13}


def test_too_few_people_altogether_are_not_shown():
    assert publishable([("Rome", 5), ("Oslo", 4)]) == {}


@given(st.dictionaries(st.text(max_size=3), st.integers(1, 40), max_size=130))
def test_no_number_is_small_and_none_follows_from_the_total(numbers):
    shown = publishable(numbers.items())

    total = sum(numbers.values())
    left_out = total - sum(shown.values())
    assert all(number >= FEWEST for number in shown.values())
    assert left_out == 0 or (not shown and total < FEWEST)


# The chart


def test_no_days_make_no_chart():
    assert make_chart({}) is None


@pytest.mark.parametrize(
    ("span", "step"),
    [(0, Step.DAY), (91, Step.DAY), (92, Step.WEEK), (643, Step.WEEK), (4000, Step.MONTH)],
)
def test_a_long_time_is_drawn_in_longer_steps(span, step):
    chart = make_chart({FIRST: 1, FIRST + timedelta(days=span): 1})

    assert chart is not None
    assert chart.step is step


@given(
    st.dictionaries(
        st.dates(FIRST - timedelta(days=3000), FIRST), st.integers(1, 10**6), min_size=1
    )
)
def test_a_chart_shows_everybody_inside_the_picture(days):
    chart = make_chart(days)

    assert chart is not None
    assert sum(bar.number for bar in chart.bars) == sum(days.values())
    assert [bar.first for bar in chart.bars] == sorted({bar.first for bar in chart.bars})
    assert len(chart.bars) <= MOST_BARS * 7
    assert all(bar.x >= 0 and bar.x + bar.width <= WIDTH + 0.1 for bar in chart.bars)
    assert all(bar.y >= 0 and bar.y + bar.height <= HEIGHT + 0.1 for bar in chart.bars)
