"""Signatures over time as bars, for an SVG that the server draws."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple

WIDTH, HEIGHT = 600, 160
GAP = 0.15  # of a bar's room
WIDEST = 40  # of a bar
MOST_BARS = 92
DAY = timedelta(days=1)


class Step(StrEnum):
    """What one bar stands for."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


class Bar(NamedTuple):
    """One bar, in units of the picture; `first` is the day its time begins."""

    first: date
    number: int
    x: float
    y: float
    width: float
    height: float


class Chart(NamedTuple):
    """Bars from the first day with a signature to the last, with none left out."""

    step: Step
    bars: list[Bar]
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def highest(self) -> Bar:
        return max(self.bars, key=lambda bar: bar.number)


def make_chart(days: dict[date, int]) -> Chart | None:
    """A chart of signatures by the day; by week or month where there are too many. None of none."""
    if not days:
        return None
    step = _step(min(days), max(days))
    numbers = dict.fromkeys(_steps(_begin(min(days), step), max(days), step), 0)
    for day, number in days.items():
        numbers[_begin(day, step)] += number
    highest, room = max(max(numbers.values()), 1), WIDTH / len(numbers)
    bars = [
        _bar(first, max(number, 0), index * room, room, highest)
        for index, (first, number) in enumerate(numbers.items())
    ]
    return Chart(step, bars)


def _bar(first: date, number: int, x: float, room: float, highest: int) -> Bar:
    height = round(number * HEIGHT / highest, 1)
    width = min(room * (1 - GAP), WIDEST)
    start = x + (room - width) / 2
    return Bar(first, number, round(start, 2), HEIGHT - height, round(width, 2), height)


def _step(first: date, last: date) -> Step:
    days = (last - first).days
    if days < MOST_BARS:
        return Step.DAY
    return Step.WEEK if days < MOST_BARS * 7 else Step.MONTH


def _begin(day: date, step: Step) -> date:
    if step is Step.MONTH:
        return day.replace(day=1)
    return day - day.weekday() * DAY if step is Step.WEEK else day


def _steps(first: date, last: date, step: Step) -> Iterator[date]:
    stride = {Step.DAY: 1, Step.WEEK: 7, Step.MONTH: 31}[step]
    while first <= last:
        yield first
        first = _begin(first + stride * DAY, step)
