"""A clock that was a day ahead while people signed, and was put back, leaves nothing wrong."""

from __future__ import annotations

import time
from datetime import timedelta
from uuid import UUID

import pytest
from django.core.cache import cache
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import timezone

from letters.models import LetterText
from signatures import freshness
from signatures.models import KeyingPosition, NameKey
from signatures.models.signature import first_id_at, new_id
from signatures.proof_of_work import challenge_make, solution_spend
from signatures.services.duplicates import CLOCKS_DIFFER, UNDER_WAY, duplicates_find
from signatures.views import page_cache
from tests.factories import SignatureFactory, TextFactory
from tests.signatures.test_proof_of_work import solved

pytestmark = pytest.mark.django_db(transaction=True)

A_DAY = timedelta(hours=25)
PAGE = "/letters/peace/"


@pytest.fixture
def clock(monkeypatch):
    """Puts the wall clock forward or back: `clock(hours=25)`."""
    real, real_ns, real_now = time.time, time.time_ns, timezone.now
    moved = timedelta()

    def move(**by: float) -> None:
        nonlocal moved
        moved += timedelta(**by)

    monkeypatch.setattr(time, "time", lambda: real() + moved.total_seconds())
    monkeypatch.setattr(
        time, "time_ns", lambda: real_ns() + int(moved.total_seconds()) * 1_000_000_000
    )
    monkeypatch.setattr(timezone, "now", lambda: real_now() + moved)
    return move


def test_a_page_of_the_future_is_rendered_anew(client, clock):
    TextFactory(letter__slug="peace", title="Before")
    clock(hours=25)
    client.get(PAGE)
    LetterText.objects.update(title="After")

    clock(hours=-25)

    assert "After" in client.get(PAGE).content.decode()


def test_a_page_of_a_moment_ahead_is_fresh(client, clock, django_assert_num_queries):
    """The clocks of two machines differ a little, and both would render each other's pages."""
    TextFactory(letter__slug="peace")
    clock(seconds=3)
    client.get(PAGE)

    clock(seconds=-3)

    with django_assert_num_queries(0):
        client.get(PAGE)


def test_a_page_during_which_the_clock_was_put_forward_did_not_take_a_day(clock):
    def build() -> HttpResponse:
        clock(hours=25)
        return HttpResponse("page")

    page_cache.cached_page(RequestFactory().get(PAGE), build)

    [(_until, page)] = page_cache._own.values()
    assert 0 <= page.cost < 60


def test_a_change_of_the_future_is_forgotten_and_a_new_one_noticed(clock):
    clock(hours=25)
    freshness._mark()
    clock(hours=-25)
    freshness._own.update(asked_at=0.0)

    before = freshness.pages_changed_at()
    freshness._mark()

    assert before == 0.0
    assert time.time() - 60 < freshness.pages_changed_at() <= time.time()


def test_another_process_is_asked_again_although_it_was_asked_in_the_future(clock, monkeypatch):
    monkeypatch.setattr(freshness, "OWN_COPY", 0.0)
    clock(hours=25)
    freshness.pages_changed_at()
    clock(hours=-25)
    changed_at = time.time()
    cache.set(freshness.KEY, changed_at)

    assert freshness.pages_changed_at() == changed_at


def test_an_id_tells_the_time_of_the_clock_that_was_put_back(clock):
    ahead = new_id()
    clock(hours=-25)

    made = [new_id() for _time in range(3)]

    now = timezone.now()
    minute = timedelta(minutes=1)
    assert ahead > first_id_at(now + timedelta(hours=24))
    assert all(first_id_at(now - minute) < each < first_id_at(now + minute) for each in made)
    assert len(set(made)) == 3


def test_ids_made_one_after_the_other_ascend():
    made = [new_id() for _time in range(1_000)]

    assert made == sorted(made)


def test_who_signs_after_it_was_put_back_is_compared_too():
    text = TextFactory()
    now = timezone.now()
    KeyingPosition.objects.create(id=1, after=first_id_at(now + A_DAY))
    row = SignatureFactory.create(text=text)

    found = duplicates_find(now=now + UNDER_WAY + timedelta(minutes=1))

    assert found == 1
    assert NameKey.objects.filter(signature=row).exists()
    assert KeyingPosition.objects.get().after == row.id


def test_a_little_step_back_looks_through_nothing_again():
    SignatureFactory()
    now = timezone.now()
    after = first_id_at(now + CLOCKS_DIFFER)
    KeyingPosition.objects.create(id=1, after=after)

    assert duplicates_find(now=now) == 0
    assert KeyingPosition.objects.get().after == UUID(int=after.int)


def test_a_riddle_of_the_future_is_none(clock, monkeypatch):
    monkeypatch.setattr("signatures.proof_of_work.HARDEST", 50)
    clock(hours=25)
    solution = solved(challenge_make(7))

    clock(hours=-25)

    assert not solution_spend(solution, 7)
    assert solution_spend(solved(challenge_make(7)), 7)
