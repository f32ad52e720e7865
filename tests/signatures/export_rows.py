"""Rows for the tests of exporting: generated people, and cells made to do harm."""

from __future__ import annotations

from datetime import date
from typing import Any

from signatures.exporters import ExportRow

DAY = date(2011, 6, 4)

_SIGNS = ["=", "+", "-", "@", "＝", "＋", "－", "＠"]
_BEFORE = [
    "",
    " ",
    "  ",
    "\u00a0",
    "\u3000",
    "\t",
    "\r",
    "\n",
    "'",
    "\u200b",
    "\ufeff",
    '"',
    "x;",
    "x,",
    "x\t",
]
_BODIES = ["1+1", 'HYPERLINK("http://example.org","x")']

FORMULAS = [f"{before}{sign}{body}" for before in _BEFORE for sign in _SIGNS for body in _BODIES][
    :200
]


def export_row(number: int = 1, **changes: Any) -> ExportRow:
    """A row like any other, but for `changes`."""
    plain = ExportRow(number, f"Signer {number}", "Oslo", "teacher", "", DAY, "mailbox", "web")
    return plain._replace(**changes)


def formula_row(number: int) -> ExportRow:
    """A row whose every text column holds the same formula variant."""
    formula = FORMULAS[(number - 1) % len(FORMULAS)]
    return ExportRow(number, formula, formula, formula, formula, DAY, formula, formula)
