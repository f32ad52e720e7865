"""The forms that go into keys: equal for the same person's spellings, different for two people."""

from __future__ import annotations

import unicodedata

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import assume, given
from hypothesis import strategies as st

from signatures.normalise import canonical, canonical_email, clean_text

from .text_strategies import hostile_text


@pytest.mark.parametrize(
    "spellings",
    [
        ["José", "JOSE", "jose", "Jose\u0301", "Jose´"],
        ["O'Connor", "O’Connor", "OʼConnor", "O´Connor", "O`Connor", "OConnor"],
        ["J. R. Smith", "J.R.Smith", "J R SMITH"],
        ["Saint-Denis", "Saint Denis", "saint‑denis", "Saint – Denis"],
        ["Straße", "STRASSE", "STRAẞE"],
        ["Işık", "IŞIK", "ISIK", "isik"],
        ["İbrahim", "Ibrahim", "ıbrahim"],
        ["Nguyễn", "NGUYEN"],
        ["Ελένη", "ΕΛΕΝΗ", "ελενη"],
        ["Γιώργος", "ΓΙΩΡΓΟΣ"],
        ["Пётр", "ПЕТР"],
        ["مُحَمَّد", "محمد", "محـمد"],
        ["أحمد", "احمد"],
        ["שָׁלוֹם", "שלום"],
        ["ｱﾝﾄﾞｳ", "アンドウ"],
        ["Ｊｏｈｎ", "John"],
        ["ﬁona", "Fiona"],
        ["阿凡提·买买提", "阿凡提 买买提", "阿凡提•买买提", "阿凡提・买买提"],
        ["葛\U000e0100城", "葛城"],
        ["བསྟན་འཛིན", "བསྟན་འཛིན་"],
        ["می\u200cخواهم", "میخواهم"],
        ["Oʻzbek", "Ozbek", "O‘zbek"],
        ["Paris, France", "Paris,France", "PARIS  FRANCE"],
    ],
    ids=lambda spellings: spellings[0],
)
def test_spellings_of_one_name_are_equal(spellings: list[str]):
    assert len({canonical(spelling) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("राम", "रमा"),
        ("राम", "रम"),
        ("บุญ", "บิญ"),
        ("ကို", "ကု"),
        ("བུ", "བི"),
        ("か", "が"),
        ("ハ", "パ"),
        ("김", "감"),
        ("杨", "楊"),
        ("Anna", "Ana"),
        ("Łukasz", "Tukasz"),
        ("Ann Lee", "Annlee"),
        ("C", "C++"),
    ],
)
def test_what_spells_another_name_stays_different(one: str, other: str):
    assert canonical(one) != canonical(other)


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        ("  Ada\u00a0 LOVELACE ", "ada lovelace"),
        ("김민수", "김민수"),
        ("...", "..."),
        ("—", "—"),
        ("😀", "😀"),
        ("\u0301", "\u0301"),
        ("   ", ""),
        ("\u200b", ""),
    ],
    ids=ascii,
)
def test_its_form(typed: str, form: str):
    assert canonical(typed) == form


@given(hostile_text)
def test_the_form_of_a_form_is_itself(text: str):
    form = canonical(text)

    assert canonical(form) == form


@given(hostile_text)
def test_composition_does_not_matter(text: str):
    composed, decomposed = unicodedata.normalize("NFC", text), unicodedata.normalize("NFD", text)

    assert canonical(composed) == canonical(decomposed) == canonical(text)


@given(hostile_text)
def test_case_does_not_matter(text: str):
    # Iota subscript capitalises to a letter, which changes the order of marks around it.
    assume("\u0345" not in text)

    assert canonical(text.upper()) == canonical(text) == canonical(text.lower())


@given(hostile_text)
def test_extra_spaces_do_not_matter(text: str):
    spaced = "\u3000" + clean_text(text).replace(" ", " \u00a0 ") + "\n"

    assert canonical(spaced) == canonical(text)


@given(hostile_text)
def test_the_form_of_anything_kept_is_never_empty(text: str):
    assert bool(canonical(text)) == bool(clean_text(text))


@pytest.mark.parametrize(
    ("typed", "form"),
    [
        (" Ada@Example.ORG\n", "ada@example.org"),
        ("Ada+un@Example.org", "ada+un@example.org"),
        ("a.d.a@example.org", "a.d.a@example.org"),
        ("jose\u0301@mu\u0308nchen.example", "josé@xn--mnchen-3ya.example"),
        ("JOSÉ@MÜNCHEN.example", "josé@xn--mnchen-3ya.example"),
        ("wang@例え.jp", "wang@xn--r8jz45g.jp"),
        ("ada@mail.test", "ada@mail.test"),
        ("Not an Address", "not an address"),
        ("a@[192.0.2.1]", "a@[192.0.2.1]"),
        ("\ud800@example.org", "\ud800@example.org"),
        ("", ""),
    ],
    ids=ascii,
)
def test_the_form_of_an_email_address(typed: str, form: str):
    assert canonical_email(typed) == form


@given(hostile_text | st.emails())
def test_an_address_has_one_form(address: str):
    form = canonical_email(address)

    assert canonical_email(form) == form
    assert canonical_email(f" {unicodedata.normalize('NFD', address)}\t") == form


@given(st.from_regex(r"[a-zA-Z0-9.!#$%&*+/=?^_{|}~-]{1,20}@[a-zA-Z0-9.-]{1,20}", fullmatch=True))
def test_a_plain_address_is_what_the_validator_would_make_of_it(address: str):
    try:
        parts = validate_email(
            address, check_deliverability=False, globally_deliverable=False, test_environment=True
        )
        expected = f"{parts.local_part}@{parts.ascii_domain}".lower()
    except EmailNotValidError:
        expected = address.lower()

    assert canonical_email(address) == expected
