"""The arithmetic of the benchmarks."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.figures import Figure, Load, auc, loads_figure, percentile
from bench.report import line

numbers = st.lists(st.floats(0, 1000), min_size=1, max_size=60)


@pytest.mark.parametrize(("share", "value"), [(0.0, 1), (0.5, 2), (0.75, 3), (0.99, 4), (1.0, 4)])
def test_a_percentile_is_one_of_the_values(share, value):
    assert percentile([4, 2, 1, 3], share) == value


def test_a_percentile_of_nothing_is_refused():
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


@given(numbers, st.floats(0, 1))
def test_at_least_that_share_is_not_above_a_percentile(values, share):
    found = percentile(values, share)

    assert found in values
    assert sum(value <= found for value in values) >= share * len(values) - 1e-9


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [([1, 2], [3, 4], 1.0), ([3, 4], [1, 2], 0.0), ([1, 2], [1, 2], 0.5), ([5], [5, 5], 0.5)],
)
def test_auc_tells_how_far_two_samples_lie_apart(first, second, expected):
    assert auc(first, second) == expected


@given(numbers, numbers)
def test_auc_counts_every_pair_once(first, second):
    pairs = [(b > a) + (b == a) / 2 for a in first for b in second]

    assert auc(first, second) == pytest.approx(sum(pairs) / len(pairs))


def test_auc_of_the_same_source_is_near_a_half():
    chance = random.Random(1)
    first, second = ([chance.gauss(0, 1) for _ in range(500)] for _ in range(2))

    assert 0.45 < auc(first, second) < 0.55


def test_auc_wants_two_samples():
    with pytest.raises(ValueError, match="two samples"):
        auc([], [1.0])


def test_only_good_answers_count_as_rate():
    load = Load({200: 30, 303: 10, 422: 5, 0: 1}, [0.1], elapsed=10.0)

    assert (load.rate, load.errors) == (4.0, 6)


def test_a_figure_takes_the_middle_of_its_rounds():
    ours = [Load({303: number}, [number / 1000], 1.0) for number in (10, 90, 80)]
    bare = [Load({302: number}, [0.001], 1.0) for number in (100, 110, 90)]

    figure = loads_figure("signatures", 5, ours, bare)

    assert (figure.ours, figure.bare, figure.ratio) == (80, 100, 0.8)
    assert (figure.p50, figure.p99, figure.note) == (80, 90, "")


def test_errors_stand_beside_the_figure():
    figure = loads_figure("pages", 5, [Load({200: 1, 500: 2}, [0.1], 1.0)], [])

    assert (figure.ratio, figure.note) == (None, "2 ERRORS")


def test_a_line_of_the_table_leaves_out_what_is_not_known():
    assert line(Figure("recount", 1_000_000, "s", 2.34)).split() == [
        "recount",
        "1,000,000",
        "2.3",
        "s",
    ]


def test_a_line_of_the_table_holds_ratio_and_percentiles():
    figure = Figure(
        "signatures", 10_000, "/s", 900.0, 1000.0, p50=12.34, p99=120.0, note="1 ERRORS"
    )

    assert line(figure).split() == [
        "signatures", "10,000", "900", "/s", "1,000", "0.90", "12.3", "120", "1", "ERRORS",
    ]  # fmt: skip
