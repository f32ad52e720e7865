"""Many signatures by one hand stand out in a report, and nobody is held for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from signatures.enums import State
from signatures.services.clusters import clusters_of
from tests.factories import SignatureFactory, make_delivery_staff, make_moderator

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 4, 12, tzinfo=UTC)
PAGE = "/admin/signatures/suggestion/clusters/"
# In no alphabetical order, by no number.
NAMES = "Noor Ivan Mei Ada Tenzin Bob Yara Li Omar Eva Rui Dee".split()


def sign(text, name: str, minute: int, **fields):
    return SignatureFactory.create(
        text=text, name=name, created_at=NOON + timedelta(minutes=minute), **fields
    )


def elsewhere(number: int) -> dict[str, str]:
    return {"residence": f"Town {number}"}


def found(letter) -> list[tuple[str, list[str]]]:
    return [
        (cluster.words, [row.name for row in cluster.signatures])
        for cluster in clusters_of(letter=letter)
    ]


def test_eight_of_one_place_and_work_within_an_hour_stand_out(text, letter):
    for number, name in enumerate(NAMES[:8]):
        sign(text, name, number * 8, residence="cork" if number % 2 else "Cork")

    assert found(letter) == [
        ("same residence and occupation within an hour · Cork · Baker", NAMES[:8])
    ]


def test_eight_over_a_longer_time_do_not(text, letter):
    for number, name in enumerate(NAMES[:8]):
        sign(text, name, number * 9)

    assert found(letter) == []


def test_who_came_at_another_time_is_not_of_the_burst(text, letter):
    for number, name in enumerate(NAMES):
        sign(text, name, number + (1_000 if number >= 8 else 0))

    assert [names for _words, names in found(letter)] == [NAMES[:8]]


def test_who_gave_no_residence_makes_no_burst(text, letter):
    for number, name in enumerate(NAMES):
        sign(text, name, number, residence="")

    assert found(letter) == []


def test_names_that_differ_by_a_number_stand_out(text, letter):
    names = [f"Voter {number}" for number in (11, 3, 8, 2, 5)]
    for number, name in enumerate(names):
        sign(text, name, number, **elsewhere(number))

    assert found(letter) == [("names that differ by a number", names)]


def test_a_list_in_alphabetical_order_stands_out(text, letter):
    names = ["Zoe", *sorted(NAMES), "Abe"]
    for number, name in enumerate(names):
        sign(text, name, number, **elsewhere(number))

    assert found(letter) == [("names in alphabetical order, one after the other", sorted(NAMES))]


def test_the_largest_cluster_comes_first(text, letter):
    for number in range(5):
        sign(text, f"Voter {9 - number}", number, **elsewhere(number))
    for number, name in enumerate(NAMES):
        sign(text, name, number)

    assert [len(names) for _words, names in found(letter)] == [12, 5]


def test_rejected_ones_are_left_out(text, letter):
    for number, name in enumerate(NAMES):
        sign(text, name, number, state=State.REJECTED)

    assert found(letter) == []


def test_it_is_one_query(text, letter, django_assert_num_queries):
    for number, name in enumerate(NAMES):
        sign(text, name, number)

    with django_assert_num_queries(1):
        clusters_of(letter=letter)


def test_moderators_read_the_report(client: Client, text):
    for number, name in enumerate(NAMES[:8]):
        sign(text, name, number)
    client.force_login(make_moderator())

    page = client.get(PAGE).content.decode()

    assert "same residence and occupation within an hour · Springfield · Baker</bdi>: 8" in page
    assert "<bdi>Tenzin</bdi></a> 2026-06-04 12:04 · accepted" in page


def test_where_nothing_stands_out_it_says_so(client: Client, text):
    client.force_login(make_moderator())

    assert "Nothing stands out." in client.get(PAGE).content.decode()


def test_delivery_staff_do_not(client: Client, text):
    client.force_login(make_delivery_staff())

    assert client.get(PAGE).status_code == 403
