"""Draw what a run of `./run bench` found: python -m bench.plot RESULTS.json docs/scaling.svg

Over the size of the table: pages and signatures a second beside the bare views, what
staff and readers wait for, and the long commands. Drawn by hand: nothing has to be installed.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

WIDTH, HEIGHT, GAP = 300, 190, 70
LEFT, TOP = 60, 60
COLOURS = ["#1b5e9e", "#b3431e", "#3c7a3c", "#7a4a9c", "#8a6d1a", "#555555"]


class Panel(NamedTuple):
    """A title, its unit, and the lines in it by the words of the report."""

    title: str
    unit: str
    lines: tuple[str, ...]
    bare: tuple[str, ...] = ()


PANELS = (
    Panel("Letter pages", "a second", ("letter pages",), ("letter pages",)),
    Panel("Signatures", "a second", ("signatures", "signatures, as shipped",
          "signatures, with e-mail", "signatures, with e-mail, as shipped"), ("signatures",)),
    Panel("One page that is not cached", "ms", ("public list", "admin list", "admin queue",
          "admin search", "duplicates of one")),
    Panel("Commands", "s", ("recount", "CSV")),
)  # fmt: skip
Points = list[tuple[int, float]]


def points(figures: list[dict[str, Any]], what: str, key: str) -> Points:
    """Size of the table and figure, for every size at which it was measured."""
    return [(each["rows"], each[key]) for each in figures if each["what"] == what and each[key]]


def across(rows: int) -> float:
    """Where a size stands: each tenfold as wide as the others, an empty table at the left edge."""
    return WIDTH * max(0.0, math.log10(max(rows, 1_000)) - 3) / 4


def panel(number: int, drawn: Panel, figures: list[dict[str, Any]]) -> Iterator[str]:
    lines = [(what, points(figures, what, "ours"), "") for what in drawn.lines]
    lines += [(f"{what}: bare", points(figures, what, "bare"), "4 3") for what in drawn.bare]
    most = max((value for _what, seen, _dash in lines for _rows, value in seen), default=1.0)
    x = LEFT + number * (WIDTH + GAP + 60)
    yield f'<g transform="translate({x} {TOP})">'
    yield f'<text y="-14" class="title">{escape(drawn.title)}, {drawn.unit}</text>'
    yield from _axes(most)
    for place, (what, seen, dash) in enumerate(lines):
        colour = COLOURS[place % len(drawn.lines)]
        yield _line(seen, most, colour, dash)
        yield _key(place, what, colour, dash)
    yield "</g>"


def _axes(most: float) -> Iterator[str]:
    yield f'<path d="M0 0V{HEIGHT}H{WIDTH}" class="axis"/>'
    for share in (0, 0.5, 1):
        y = HEIGHT * (1 - share)
        yield f'<text x="-6" y="{y + 4:.0f}" text-anchor="end">{_short(most * share)}</text>'
    for rows, words in ((0, "0"), (10_000, "10 000"), (1_000_000, "1 m"), (6_100_000, "6.1 m")):
        y = HEIGHT + 16
        yield f'<text x="{across(rows):.0f}" y="{y}" text-anchor="middle">{words}</text>'


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"


def _line(seen: Points, most: float, colour: str, dash: str) -> str:
    path = " ".join(f"{across(rows):.1f},{HEIGHT * (1 - value / most):.1f}" for rows, value in seen)
    return f'<polyline points="{path}" stroke="{colour}" stroke-dasharray="{dash}"/>'


def _key(place: int, what: str, colour: str, dash: str) -> str:
    y = HEIGHT + 40 + 16 * place
    return (
        f'<path d="M0 {y - 4}h24" stroke="{colour}" stroke-dasharray="{dash}"/>'
        f'<text x="30" y="{y}">{escape(what)}</text>'
    )


def drawing(result: dict[str, Any]) -> Iterable[str]:
    machine = result["machine"]
    width, height = LEFT + len(PANELS) * (WIDTH + GAP + 60), TOP + HEIGHT + 150
    said = f"{machine['at'][:10]}, {machine['processors']} processors, Python {machine['python']}"
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">'
    yield f"<title>Figures by rows in the table; {escape(said)}</title>"
    yield "<style>text{font:12px sans-serif;fill:#222}.title{font-weight:bold}"
    yield ".axis,polyline,path{fill:none;stroke-width:1.6}.axis{stroke:#999}</style>"
    yield f'<rect width="{width}" height="{height}" fill="#fff"/>'
    yield f'<text x="{LEFT}" y="20">Rows in the table. {escape(said)}</text>'
    for number, drawn in enumerate(PANELS):
        yield from panel(number, drawn, result["figures"])
    yield "</svg>"


def main(arguments: list[str]) -> None:
    if len(arguments) != 2:
        sys.exit("usage: python -m bench.plot RESULTS.json DRAWING.svg")
    source, target = map(Path, arguments)
    target.write_text("\n".join(drawing(json.loads(source.read_text()))) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
