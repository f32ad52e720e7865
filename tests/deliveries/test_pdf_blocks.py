"""Markdown as data for the typesetter."""

from __future__ import annotations

from deliveries.pdf.blocks import blocks_of


def text(content: str, style: str = "") -> dict[str, str]:
    return {"text": content, "style": style}


def test_paragraphs_and_headings():
    assert blocks_of("# One\n\ntwo\nthree") == [
        {"kind": "heading", "level": 1, "spans": [text("One")]},
        {"kind": "paragraph", "spans": [text("two"), text(" "), text("three")]},
    ]


def test_emphasis_code_and_line_breaks():
    (paragraph,) = blocks_of("*a* **b** `c`\\\nd")

    assert [span for span in paragraph["spans"] if span["text"] != " "] == [
        text("a", "emph"),
        text("b", "strong"),
        text("c", "code"),
        text("\n"),
        text("d"),
    ]


def test_lists_hold_blocks():
    (bullets, numbers) = blocks_of("- one\n- two\n\n1. three")

    assert [item[0]["spans"] for item in bullets["items"]] == [[text("one")], [text("two")]]
    assert (bullets["ordered"], numbers["ordered"]) == (False, True)


def test_tables_hold_rows_of_cells():
    (table,) = blocks_of("| a | b |\n|---|---|\n| **c** | 1 |")

    assert table["rows"] == [[[text("a")], [text("b")]], [[text("c", "strong")], [text("1")]]]


def test_quotes_code_and_rules():
    quote, code, rule = blocks_of("> said\n\n    printf\n\n---")

    assert quote["blocks"] == [{"kind": "paragraph", "spans": [text("said")]}]
    assert code == {"kind": "code", "text": "printf"}
    assert rule == {"kind": "rule"}


def test_html_and_the_typesetters_markup_are_only_text():
    (paragraph,) = blocks_of("<b>x</b> #panic() $y$ @z")

    assert "".join(span["text"] for span in paragraph["spans"]) == "<b>x</b> #panic() $y$ @z"
