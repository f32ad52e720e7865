"""Keep a cell of a CSV file from becoming a formula, in a way that can be taken back.

A spreadsheet runs a cell that starts with `=`, `+`, `-` or `@` (OWASP, "CSV Injection"). Some also
skip white space and invisible characters before the sign, or take its full-width form for it. And
where the decimal sign is a comma, Excel cuts a CSV line at `;` whatever RFC 4180 says, so that a
cell may begin in the middle of ours.

The rule: a `'` goes in front of a cell, and behind every `;` inside it, wherever what follows
starts with such a sign (blanks before it do not count) or with `'` itself. A cell that starts with
a control character gets one too.

The way back: take away one `'` at the start of the cell and one behind every `;`. That gives the
original text, whatever it was.
"""

from __future__ import annotations

import re

_SIGNS = "=+\\-@＝＋－＠﹦﹢﹣﹫−"
_CONTROLS = "\\x00-\\x1f\\x7f-\\x9f"
_SPACES = "\\x20\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000"
_FORMAT = (
    "\\xad\\u0600-\\u0605\\u061c\\u06dd\\u070f\\u0890\\u0891\\u08e2\\u180e\\u200b-\\u200f"
    "\\u202a-\\u202e\\u2060-\\u206f\\ufeff\\ufff9-\\ufffb\\U000110bd\\U000110cd"
    "\\U00013430-\\U0001343f\\U0001bca0-\\U0001bca3\\U0001d173-\\U0001d17a\\U000e0000-\\U000e007f"
)
_DRAWN_BLANK = (
    "\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u2800\\u3164\\ufe00-\\ufe0f\\uffa0"
    "\\U000e0100-\\U000e01ef"
)
_BLANKS = f"{_CONTROLS}{_SPACES}{_FORMAT}{_DRAWN_BLANK}"

_CELL_STARTS = "(?:\\A|(?<=;))"
_NEEDS_QUOTE = re.compile(f"{_CELL_STARTS}(?=[{_BLANKS}]*[{_SIGNS}]|')|\\A(?=[{_CONTROLS}])")
_QUOTE = re.compile(f"{_CELL_STARTS}'")
_WORTH_A_LOOK = re.compile(f"[{_BLANKS}{_SIGNS}']")


def escape_cell(text: str) -> str:
    """`text` with a `'` wherever a spreadsheet might otherwise start a formula."""
    if _WORTH_A_LOOK.match(text) or ";" in text:
        return _NEEDS_QUOTE.sub("'", text)
    return text


def unescape_cell(cell: str) -> str:
    """The text that `escape_cell` was given."""
    return _QUOTE.sub("", cell)


def are_harmless_starts(characters: set[str]) -> bool:
    """Whether cells that start with these characters, and hold no `;`, need no escape."""
    return not any(map(_WORTH_A_LOOK.match, characters))
