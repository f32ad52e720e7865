"""Every person's name is welcome; what hides, reverses, overflows or links is not."""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Iterator
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from faker import Faker
from hypothesis import given

from signatures.normalise import canonical, clean_text
from signatures.validators import odd_characters, validate_person_text

from .text_strategies import hostile_text

LOCALES = [
    "ar_EG",
    "az_AZ",
    "bg_BG",
    "bn_BD",
    "cs_CZ",
    "da_DK",
    "de_DE",
    "el_GR",
    "en_NG",
    "es_MX",
    "et_EE",
    "fa_IR",
    "fi_FI",
    "fr_FR",
    "gu_IN",
    "he_IL",
    "hi_IN",
    "hu_HU",
    "hy_AM",
    "id_ID",
    "is_IS",
    "it_IT",
    "ja_JP",
    "ka_GE",
    "ko_KR",
    "lt_LT",
    "mr_IN",
    "ne_NP",
    "nl_NL",
    "no_NO",
    "pl_PL",
    "pt_BR",
    "ro_RO",
    "ru_RU",
    "si_LK",
    "sk_SK",
    "sl_SI",
    "sq_AL",
    "sv_SE",
    "ta_IN",
    "th_TH",
    "tr_TR",
    "uk_UA",
    "uz_UZ",
    "vi_VN",
    "yo_NG",
    "zh_CN",
    "zh_TW",
]

# Faker glues English endings to Bulgarian towns and has a Latin E in a Greek profession, which is
# what the rule is there to find.
FAKER_MIXES = {"bg_BG", "el_GR"}

WELCOME = [
    "O'Connor-Nguyễn",
    "J. R.",
    "阿凡提·买买提",
    "བསྟན་འཛིན",
    "བསྒྲུབས",
    "राम",
    "X Æ",
    "李",
    "E",
    "Þór",
    "لىۋ شياۋبو",
    "می\u200cخواهم",
    "שָׁלוֹם כֹּהֵן",
    "လျှို့ဝှက်",
    "ณัฐวุฒิ",
    "𠮷野",
    "𱍊",
    "7of9",
    "Jean-Luc (père)",
    "Martin Luther King, Jr.",
    "St.Petersburg",
    "J.R.Smith",
    "Dr.Who",
    "Washington D.C.",
    "U.S.A",
    "Node.js developer",
    "amazon.com employee",
    "St.Gallen/Wil",
    "Dipl.Ing/Architekt",
    "B.Sc/M.Sc",
    "writer / editor",
    "R&D @ home",
    "mother of 3 🙂",
    "\u200fأحمد\u200f",
    "Ada\nLovelace",
]

REFUSED = {
    "control": [
        "Ada\x00",
        "A\x1bda",
        "Ada\x1cLovelace",
        "Ada\x7f",
        "Ada\x9b",
        "Ada\ud800",
        "Ada\ufffe",
        "Ada\ufdd0",
        "Ada\U000e0041",
        "Ada\U000e0001",
        "Ada\u2062",
        "Ada\ufff9",
    ],
    "bidi": [f"Ada{chr(point)}" for point in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))],
    "nothing_visible": [
        "",
        " ",
        "\u3000",
        "\u200b",
        "\u200d",
        "\u3164",
        "\u115f\u1160",
        "\uffa0",
        "\u2800",
        "\ue000",
        "\u0301",
        "\ufe0f",
        "...",
        "…",
        "---",
        "😀",
        "👩\u200d🚀",
    ],
    "marks": ["Z" + "\u0335" * 5, "e" + "\u0301\u0323" * 3, "ก" + "\u0e47" * 5, "H" + "\u20dd" * 5],
    "link": [
        "https://example.org",
        "HTTP://EXAMPLE.ORG",
        "see ftp://files",
        "javascript://x",
        "www.example.org",
        "WWW.Example",
        "www2.example.org",
        "example.com/x",
        "Buy at shop.example.com/offer now",
        "example.net:8080/x",
        "t.me/somebody",
        "bit.ly/3x",
        "ｈｔｔｐ：／／ｅｘａｍｐｌｅ",
    ],
}

ODD = [
    "Раypal",
    "Αnna",
    "𝕁𝕠𝕙𝕟",
    "Ｊｏｈｎ",
    "Ⓐnna",
    "Ada 😀",
    "aaaaaaa",
    "哈哈哈哈",
    "12345",
    "<b>Ada</b>",
    "{{7*7}}",
    "Ada\ufffd",
    "Ada\ue000",
    "Z\u0335\u0321\u0301\u0302a",
]

ORDINARY = [
    "Anna",
    "Anna Анна",
    "卡拉OK",
    "T恤",
    "㈱東芝",
    "東京タワー",
    "ひらがなカタカナ漢字",
    "Oo Oo",
    "AAA",
    "Nguyễn",
    "शर्मा",
    "Ada <ada>",
    "Straße 12",
    "𠮷野",
    "𱍊",
    "ｱﾝﾄﾞｳ",
    "mother of 3",
    "Jacqueline 2nd",
]


def people(locale: str, count: int) -> Iterator[str]:
    """Names, cities and jobs as Faker makes them for a locale, always the same ones."""
    with warnings.catch_warnings(action="ignore"):
        faker = Faker(locale)
    faker.seed_instance(1989)
    for make in ("name", "city", "job"):
        with suppress(AttributeError):
            yield from (getattr(faker, make)() for _ in range(count))


def refusal(value: str) -> str | None:
    """The code of the refusal, None when the text is accepted."""
    try:
        validate_person_text(value)
    except ValidationError as error:
        return error.code
    return None


@pytest.mark.parametrize("value", WELCOME, ids=ascii)
def test_it_is_welcome(value: str):
    assert refusal(value) is None


@pytest.mark.parametrize("locale", LOCALES)
def test_ordinary_people_are_never_refused(locale: str):
    refused = [person for person in people(locale, 200) if refusal(person)]

    assert refused == []


@pytest.mark.parametrize(
    ("code", "value"),
    [(code, value) for code, values in REFUSED.items() for value in values],
    ids=ascii,
)
def test_it_is_refused(code: str, value: str):
    assert refusal(value) == code


@pytest.mark.parametrize("value", [values[0] or "…" for values in REFUSED.values()], ids=ascii)
def test_a_refusal_is_one_plain_sentence_without_the_value(value: str):
    with pytest.raises(ValidationError) as refused:
        validate_person_text(value)

    (sentence,) = refused.value.messages
    assert sentence.startswith("Please ")
    assert sentence.endswith(".")
    assert value not in sentence


def test_four_marks_pass_and_five_do_not():
    assert refusal("a" + "\u0301" * 4) is None
    assert refusal("a" + "\u0301" * 5) == "marks"


@given(hostile_text)
def test_whatever_is_typed_is_judged_as_it_would_be_stored(text: str):
    assert refusal(text) == refusal(clean_text(text))


@given(hostile_text)
def test_what_is_accepted_can_be_stored_keyed_and_sent(text: str):
    if refusal(text):
        return

    assert clean_text(text).encode()
    assert canonical(text)
    assert "\x00" not in clean_text(text)


@pytest.mark.parametrize("value", ODD, ids=ascii)
def test_it_deserves_a_look(value: str):
    assert odd_characters(value)


@pytest.mark.parametrize("value", [*ORDINARY, *WELCOME[:20]], ids=ascii)
def test_it_needs_no_look(value: str):
    assert not odd_characters(value)


@pytest.mark.parametrize("locale", [locale for locale in LOCALES if locale not in FAKER_MIXES])
def test_ordinary_people_need_no_look(locale: str):
    odd = [person for person in people(locale, 100) if odd_characters(person)]

    assert odd == []


@given(hostile_text)
def test_looking_for_odd_characters_never_fails(text: str):
    assert odd_characters(text) in (True, False)


def test_every_assigned_letter_of_unicode_is_accepted():
    letters = (chr(point) for point in range(0x110000) if unicodedata.category(chr(point)) == "Lo")

    refused = [letter for letter in letters if refusal(letter)]

    assert refused == ["\u115f", "\u1160", "\u3164", "\uffa0"]
