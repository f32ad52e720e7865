"""Benchmarks wait for what they need, and not for ever."""

from __future__ import annotations

from bench.waiting import until


def test_what_is_true_is_not_waited_for():
    assert until(lambda: True, 0) is True


def test_what_becomes_true_ends_the_wait():
    answers = iter([False, False, True, False])

    assert until(lambda: next(answers), 60, every=0) is True
    assert list(answers) == [False]


def test_what_never_becomes_true_is_given_up():
    answers = iter([False, True])

    assert until(lambda: next(answers), 0) is False
    assert list(answers) == [True]
