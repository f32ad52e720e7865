"""One promise, what was seen of it, and whether it holds."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """`seen` beside `wanted`, both to read; `holds` says whether the promise is kept."""

    what: str
    seen: object
    wanted: object
    holds: bool

    def __str__(self) -> str:
        verdict = "ok" if self.holds else "BROKEN"
        return f"{verdict:7}{self.what:52}{self.seen!s:>10}   (wanted {self.wanted})"
