"""The canonical text can be rebuilt by anybody, and means the same however it was typed."""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from letters.canonical import canonical_body, canonical_text, text_digest

WORDS = st.text(st.characters(exclude_categories=["Cs"]))
PARTS: dict[str, Any] = {
    "addressee": "Her Excellency\nThe Assembly",
    "cc": "First Committee\nSecond Committee",
    "sender": "A Society",
    "letter_date": date(2011, 6, 4),
    "language": "fr",
    "title": "Une lettre",
    "body": "Madame,\n\n- un\n- deux",
}
CANONICAL = """\
To: Her Excellency, The Assembly
Cc: First Committee; Second Committee
From: A Society
Date: 2011-06-04
Language: fr
Title: Une lettre

Madame,

- un
- deux
"""


def test_it_is_a_header_an_empty_line_and_the_markdown():
    text = canonical_text(**PARTS)

    assert text == CANONICAL


def test_its_digest_is_what_sha256sum_prints_for_the_file():
    digest = text_digest(**PARTS)

    assert digest == hashlib.sha256(CANONICAL.encode()).hexdigest()
    assert digest == "90b9c453230384c537e7d86ab71a21cc2510cb8cf3789bf9c3eb6f9e693babae"


def test_no_copies_leave_a_header_line_without_trailing_space():
    text = canonical_text(**PARTS | {"cc": ""})

    assert text.splitlines()[1] == "Cc:"


def test_header_values_cannot_forge_another_header_line():
    text = canonical_text(**PARTS | {"title": "One\nDate: 1999-01-01", "sender": "A\u2028B"})

    assert text.splitlines()[:7] == [
        "To: Her Excellency, The Assembly",
        "Cc: First Committee; Second Committee",
        "From: A B",
        "Date: 2011-06-04",
        "Language: fr",
        "Title: One Date: 1999-01-01",
        "",
    ]


@pytest.mark.parametrize(
    "typed",
    [
        "Madame,\r\n\r\n- un\r\n- deux",
        "Madame,\r\r- un\r- deux",
        "\n\nMadame,  \n\t\n- un \t\n- deux\n\n",
    ],
    ids=["windows", "old mac", "loose spaces"],
)
def test_line_ends_and_loose_spaces_do_not_change_the_digest(typed):
    digest = text_digest(**PARTS | {"body": typed})

    assert digest == text_digest(**PARTS)


def test_composed_and_decomposed_accents_have_one_digest():
    composed = text_digest(**PARTS | {"body": "\u00e9t\u00e9", "title": "\u00e9"})
    decomposed = text_digest(**PARTS | {"body": "e\u0301te\u0301", "title": "e\u0301"})

    assert composed == decomposed


@pytest.mark.parametrize("part", sorted(PARTS))
def test_every_part_is_in_the_digest(part):
    other = date(2011, 6, 5) if part == "letter_date" else PARTS[part] + "x"

    digest = text_digest(**PARTS | {part: other})

    assert digest != text_digest(**PARTS)


def test_indentation_inside_the_markdown_is_kept():
    assert canonical_body("- a\n    code\n") == "- a\n    code"


@given(WORDS)
def test_a_canonical_body_stays_as_it_is(body):
    once = canonical_body(body)

    assert canonical_body(once) == once


@given(body=WORDS, title=WORDS, addressee=WORDS, cc=WORDS, sender=WORDS)
def test_it_is_nfc_with_lf_and_six_header_lines_whatever_is_in_it(
    body, title, addressee, cc, sender
):
    parts = {"body": body, "title": title, "addressee": addressee, "cc": cc, "sender": sender}

    text = canonical_text(**PARTS | parts)

    header, _, words = text.partition("\n\n")
    assert [line.split(":")[0] for line in header.split("\n")] == [
        "To", "Cc", "From", "Date", "Language", "Title",
    ]  # fmt: skip
    assert words == canonical_body(body) + "\n"
    assert unicodedata.is_normalized("NFC", text)
    assert "\r" not in text
    assert not any(line.endswith((" ", "\t")) for line in text.split("\n"))
