"""The arithmetic of the benchmarks: percentiles, ratios, and telling two samples apart."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from statistics import median


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest of `values` that at least `share` (0 to 1) of them do not exceed.

    That is the nearest-rank definition. Raises ValueError for no values.
    """
    if not values:
        raise ValueError("no values, no percentile")
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]


def auc(first: Sequence[float], second: Sequence[float]) -> float:
    """How likely a random value of `second` is above one of `first`, ties counted half.

    The area under the ROC curve (Mann-Whitney's U over its maximum): 0.5 where nobody can tell
    the two apart. Raises ValueError where either is empty.
    """
    if not first or not second:
        raise ValueError("two samples are needed")
    ordered = sorted(first)
    above = sum(bisect_left(ordered, value) + bisect_right(ordered, value) for value in second)
    return above / (2 * len(first) * len(second))


@dataclass(frozen=True)
class Load:
    """What a load generator saw: answers by status, seconds each took, seconds in all."""

    statuses: dict[int, int]
    times: list[float]
    elapsed: float

    @property
    def rate(self) -> float:
        """Good answers (2xx and 3xx) a second."""
        return sum(n for status, n in self.statuses.items() if 200 <= status < 400) / self.elapsed

    @property
    def errors(self) -> int:
        """Answers that were not good; a broken connection counts as status 0."""
        return sum(n for status, n in self.statuses.items() if not 200 <= status < 400)


@dataclass(frozen=True)
class Figure:
    """One line of the report: what was measured at which size, and the bare figure beside it."""

    what: str
    rows: int
    unit: str
    ours: float
    bare: float | None = None
    p50: float | None = None  # milliseconds
    p99: float | None = None  # milliseconds
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours over the bare figure, None where there is none."""
        return self.ours / self.bare if self.bare else None


def loads_figure(what: str, rows: int, ours: Sequence[Load], bare: Sequence[Load]) -> Figure:
    """The middle rate of several loads beside the middle rate of the bare ones."""
    times = [seconds for load in ours for seconds in load.times]
    errors = sum(load.errors for load in ours)
    return Figure(
        what=what,
        rows=rows,
        unit="/s",
        ours=median(load.rate for load in ours),
        bare=median(load.rate for load in bare) if bare else None,
        p50=percentile(times, 0.5) * 1000 if times else None,
        p99=percentile(times, 0.99) * 1000 if times else None,
        note=f"{errors} ERRORS" if errors else "",
    )
