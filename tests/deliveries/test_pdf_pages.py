"""Which signature stands on which page, before anything is set."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliveries.pdf.pages import LINES, contents, drawable, paginate

from .packets import delivered_row

LONG = "professor emeritus of comparative constitutional law " * 3


def test_a_page_has_48_signatures():
    pages = list(paginate(map(delivered_row, range(1, 101))))

    assert [(page.first, page.last) for page in pages] == [(1, 48), (49, 96), (97, 100)]


def test_a_very_long_text_takes_two_lines():
    rows = [delivered_row(number, occupation=LONG) for number in range(1, 50)]

    pages = list(paginate(rows))

    assert [(page.first, page.last) for page in pages] == [(1, 24), (25, 48), (49, 49)]


def test_no_signatures_make_no_page():
    assert list(paginate([])) == []


@given(st.lists(st.booleans(), max_size=300))
def test_every_row_stands_on_one_page_in_order_and_no_page_is_overfull(longs):
    rows = [
        delivered_row(number, name=LONG if long else "Li")
        for number, long in enumerate(longs, start=1)
    ]

    pages = list(paginate(rows))

    assert [row[0] for page in pages for row in page.rows] == list(range(1, len(rows) + 1))
    assert all(sum(lines for _, lines, _ in page.rows) <= LINES for page in pages)


@pytest.mark.parametrize(
    ("name", "needs"),
    [
        ("محمد علي", {"rtl": True}),
        ("דוד כהן", {"rtl": True}),
        ("あべ しんぞう", {"language": "ja"}),
        ("김철수", {"language": "ko"}),
        ("x" * 40, {"long": True}),
    ],
)
def test_the_typesetter_is_told_what_a_text_needs(name, needs):
    (page,) = paginate([delivered_row(1, name=name)])

    cell = page.rows[0][2][0]

    assert isinstance(cell, dict)
    assert {key: value for key, value in cell.items() if key != "text"} == needs
    assert cell["text"].replace("\u200b", "") == name


@pytest.mark.parametrize(
    "name", ["Li Wei", "José Ñandú", "李小明", "བསྟན་འཛིན", "राम कुमार", "Dr. محمد"]
)
def test_an_ordinary_text_is_passed_as_it_is(name):
    (page,) = paginate([delivered_row(1, name=name)])

    assert page.rows[0][2][0] == name


def test_a_character_that_no_font_can_have_is_shown_as_its_code():
    assert drawable("Li \ue000 Wei\uffff") == "Li [U+E000] Wei[U+FFFF]"


def test_the_contents_name_each_page_of_a_short_list():
    entries = contents([(1, 48), (49, 96), (97, 100)], first_page=6, at_most=10)

    assert entries == [(1, 48, 6, 6), (49, 96, 7, 7), (97, 100, 8, 8)]


def test_the_contents_of_a_long_list_name_runs_of_pages():
    spans = [(page * 48 + 1, page * 48 + 48) for page in range(100)]

    entries = contents(spans, first_page=6, at_most=10)

    assert len(entries) == 10
    assert entries[1] == (481, 960, 16, 25)
