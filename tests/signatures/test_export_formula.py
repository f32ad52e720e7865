"""A cell of an exported list never becomes a formula, and its text can be had back."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signatures.exporters import escape_cell, unescape_cell

SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫−"
HOSTILE = st.text(st.sampled_from("=+-@＝'; \t\r\n\x00\u200b\u3164a\"|,"), max_size=12)


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize(
    "before",
    [
        "",
        " ",
        "\t",
        "\r\n",
        "\x00",
        "\u00a0",
        "\u3000",
        "\u200b",
        "\ufeff",
        "\u3164",
        "\x1f",
    ],
)
def test_a_sign_at_the_start_is_quoted_whatever_invisible_stands_before(sign, before):
    cell = f"{before}{sign}1+1"

    escaped = escape_cell(cell)

    assert escaped == "'" + cell


def test_a_sign_behind_the_semicolon_where_excel_may_cut_is_quoted():
    cell = "Lhasa; =cmd|' /C calc'!A0"

    escaped = escape_cell(cell)

    assert escaped == "Lhasa;' =cmd|' /C calc'!A0"


@pytest.mark.parametrize("cell", ["\tLi", "\rLi", "\nLi", "\x00Li"])
def test_a_cell_that_starts_with_a_break_or_nul_is_quoted(cell):
    assert escape_cell(cell) == "'" + cell


def test_a_leading_quote_is_doubled_so_that_it_comes_back():
    escaped = escape_cell("'Abd al-Raḥmān")

    assert escaped == "''Abd al-Raḥmān"
    assert unescape_cell(escaped) == "'Abd al-Raḥmān"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "Li Wei",
        "O'Connor-Nguyễn",
        "J. R.",
        "阿凡提·买买提",
        "བསྟན་འཛིན",
        "राम",
        "X Æ",
        "ʻOkina",
        "a=b",
        "1+1",
    ],
)
def test_an_ordinary_text_is_left_alone(name):
    assert escape_cell(name) == name


@given(st.text() | HOSTILE)
def test_the_way_back_gives_every_text(text):
    assert unescape_cell(escape_cell(text)) == text


@given(HOSTILE | st.text(max_size=8))
def test_no_piece_of_an_escaped_cell_starts_with_a_sign(text):
    for piece in escape_cell(text).split(";"):
        visible = piece.lstrip("".join(filter(_is_invisible, piece)))

        assert not visible.startswith(tuple(SIGNS))


def test_every_character_that_unicode_calls_space_control_or_format_is_seen_through():
    everything = map(chr, [*range(0xD800), *range(0xE000, 0x110000)])
    missed = [
        f"U+{ord(c):04X}" for c in everything if _is_invisible(c) and escape_cell(c + "=")[0] != "'"
    ]

    assert missed == []


def _is_invisible(character: str) -> bool:
    return (
        unicodedata.category(character) in {"Zs", "Zl", "Zp", "Cc", "Cf"}
        or character in "\u3164\uffa0"
    )
