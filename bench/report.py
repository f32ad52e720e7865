"""The figures as a table to read, and as JSON to keep."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from .figures import Figure

HEADER = f"{'':35}{'rows':>10}{'ours':>11}{'bare':>10}{'ratio':>7}{'p50 ms':>9}{'p99 ms':>9}"


def line(figure: Figure) -> str:
    """One figure as one line under HEADER."""
    cells = [
        f"{figure.what:35}",
        f"{figure.rows:>10,}",
        f"{_short(figure.ours):>8} {figure.unit:2}",
        f"{_short(figure.bare):>10}",
        f"{'' if figure.ratio is None else format(figure.ratio, '.2f'):>7}",
        f"{_short(figure.p50):>9}",
        f"{_short(figure.p99):>9}",
    ]
    return "".join(cells) + (f"  {figure.note}" if figure.note else "")


def _short(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def machine() -> dict[str, object]:
    """Where the figures come from, without a name or an address."""
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
    }


def keep(figures: Iterable[Figure], folder: Path) -> Path:
    """Write the figures and the machine to a new JSON file in `folder`; return its path."""
    folder.mkdir(exist_ok=True)
    path = folder / f"{datetime.now(UTC):%Y-%m-%dT%H%M%S}.json"
    lines = [asdict(figure) | {"ratio": figure.ratio} for figure in figures]
    content = {"machine": machine(), "figures": lines}
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")
    return path
