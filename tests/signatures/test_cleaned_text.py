"""What is stored of what a person typed: the same words, in one line, without useless baggage."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given

from signatures.normalise import clean_text

from .text_strategies import hostile_text


@pytest.mark.parametrize(
    "space",
    [" ", "  ", "\t", "\n", "\r\n", "\x0b", "\x0c", "\x85", "\u00a0", "\u2003", "\u2028", "\u3000"],
)
def test_every_kind_of_space_becomes_one(space: str):
    pasted = f"{space}Ada{space}Lovelace{space}"

    cleaned = clean_text(pasted)

    assert cleaned == "Ada Lovelace"


def test_it_composes_letters():
    assert clean_text("Jose\u0301 Nguye\u0302\u0303n") == "José Nguyễn"


@pytest.mark.parametrize(
    "name",
    [
        "O'Connor-Nguyễn",
        "O’Connor",
        "J. R.",
        "阿凡提·买买提",
        "བསྟན་འཛིན",
        "राम",
        "X Æ",
        "李",
        "葛\U000e0100城",
        "ｱﾝﾄﾞｳ",
    ],
)
def test_a_name_in_order_stays_as_it_is(name: str):
    assert clean_text(name) == name


@pytest.mark.parametrize("name", ["می\u200cخواهم", "क्\u200dष", "ශ්\u200dරී", "ᠨᠠ\u180eᠠ"], ids=ascii)
def test_a_joiner_between_letters_stays(name: str):
    assert clean_text(name) == name


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("\u200dAda\u200c", "Ada"),
        ("Ada \u200cLovelace", "Ada Lovelace"),
        ("1\u200d2", "12"),
        ("می\u200c\u200cخواهم", "می\u200cخواهم"),
        ("Ada\n\u200c", "Ada"),
    ],
    ids=ascii,
)
def test_a_joiner_elsewhere_goes(typed: str, stored: str):
    assert clean_text(typed) == stored


@pytest.mark.parametrize(
    "invisible",
    ["\u00ad", "\u200b", "\u2060", "\ufeff", "\u200e", "\u200f", "\u061c"],
    ids=unicodedata.name,
)
def test_invisible_baggage_goes(invisible: str):
    assert clean_text(f"{invisible}Ada{invisible}m أحمد{invisible}") == "Adam أحمد"


@pytest.mark.parametrize("control", ["\x00", "\x07", "\x1b", "\x1c", "\x1f", "\x7f", "\u202e"])
def test_what_must_be_refused_is_left_to_be_seen(control: str):
    assert control in clean_text(f"Ada{control}Lovelace")


@given(hostile_text)
def test_cleaning_twice_is_cleaning_once(text: str):
    once = clean_text(text)

    assert clean_text(once) == once


@given(hostile_text)
def test_the_result_is_one_composed_line(text: str):
    cleaned = clean_text(text)

    assert unicodedata.is_normalized("NFC", cleaned)
    assert cleaned == cleaned.strip(" ")
    assert not set(cleaned) & set("\t\n\r\x85\u2028\u00a0\u3000\u200b\ufeff\u200e")
