"""Names in Latin letters: rough, but rough in the same way for every hand that writes them."""

from __future__ import annotations

import re

import pytest
from hypothesis import given

from signatures.name_match import name_tokens
from signatures.places import place_words
from signatures.romanise import has_unwritten_vowels, romanise, script_of, skeleton, sound

from .text_strategies import hostile_text


@pytest.mark.parametrize(
    ("name", "latin"),
    [
        ("杨建利", "yangjianli"),
        ("楊建利先生", "yangjianli"),
        ("单雄信", "shan xiongxin"),
        ("曾国藩", "zeng guofan"),
        ("김민수", "kim minsu"),
        ("박지영 교수님", "park jiyeong"),
        ("이영희", "lee yeonghi"),
        ("Мария Щербакова", "mariya shcherbakova"),
        ("Ευάγγελος Παπαδόπουλος", "evangelos papadopulos"),
        ("Μπάμπης Ντάλης", "bampis dalis"),
        ("عبد الله الحسن", "bd al lh al hsn"),
        ("דוד כהן", "dwd kn"),
        ("विक्रम सिंह", "vikrm singh"),
        ("བསྟན་འཛིན་ནོར་བུ", "tandzin norbu"),
        ("བཀྲ་ཤིས་རྡོ་རྗེ", "tashi dorje"),
        ("ཀརྨ་ལྷ་མོ", "karma lhamo"),
        ("Nguyễn Văn Anh", "nguyen van anh"),
        ("O’Connor", "oconnor"),
        ("…", ""),
    ],
)
def test_it_is_romanised(name: str, latin: str):
    assert romanise(name) == latin


@given(hostile_text)
def test_any_text_becomes_plain_words(text: str):
    assert re.fullmatch(r"([a-z0-9]+( [a-z0-9]+)*)?", romanise(text))


@pytest.mark.parametrize(
    "spellings",
    [
        ["Mohammed", "Muhammad", "Mohamad"],
        ["Aleksey", "Alexei", "Alexey"],
        ["Yusuf", "Yousouf", "Jusuf"],
        ["Maria", "Mariya", "Marija"],
        ["Mueller", "Muller"],
        ["Jon", "John"],
        ["Sarah", "Sara"],
        ["Jiyoung", "Jiyeong"],
        ["Lakshmi", "Laxmi"],
        ["Lee", "Yi", "Rhee"],
    ],
    ids=lambda spellings: spellings[0],
)
def test_common_spellings_sound_alike(spellings: list[str]):
    assert len({sound(spelling.lower()) for spelling in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("maria", "mario"), ("anna", "hanna"), ("ivan", "evan"), ("kim", "kam")]
)
def test_other_names_sound_different(one: str, other: str):
    assert sound(one) != sound(other)


@pytest.mark.parametrize(
    ("native", "latin"),
    [
        ("محمد", "mohammed"),
        ("خالد", "khaled"),
        ("يوسف", "youssef"),
        ("דוד", "david"),
        ("יעקב", "yaakov"),
        ("शर्मा", "sharma"),
        ("Γιώργος", "giorgos"),
        ("Хрущёв", "khrushchev"),
        ("བསོད་ནམས", "sonam"),
    ],
)
def test_consonants_survive_a_change_of_script(native: str, latin: str):
    assert skeleton(romanise(native)) == skeleton(latin)


@pytest.mark.parametrize(
    ("text", "script", "unwritten"),
    [
        ("Ada", "LATIN", False),
        ("Мария", "CYRILLIC", False),
        ("محمد", "ARABIC", True),
        ("ئەخمەت", "ARABIC", False),
        ("דוד", "HEBREW", True),
        ("राम", "DEVANAGARI", True),
        ("杨建利", "CJK", False),
        ("123", "", False),
    ],
)
def test_it_knows_scripts_that_leave_out_vowels(text: str, script: str, unwritten: bool):
    assert script_of(text) == script
    assert has_unwritten_vowels(text) is unwritten


@pytest.mark.parametrize(
    ("name", "tokens"),
    [
        ("Dr. Ada Lovelace", ["ada", "lovelace"]),
        ("YANG, Jian Li", ["jian", "li", "yang"]),
        ("María de la Cruz", ["maria", "cruz"]),
        ("Li De", ["li", "de"]),
        ("Mohammed Al-Hassan", ["mohammed", "hassan"]),
        ("г-н Иван Петров", ["ivan", "petrov"]),
        ("عمر مرزوق", ["mr", "mrzwq"]),
        ("Prof.", ["prof"]),
        ("", []),
    ],
)
def test_titles_and_particles_are_no_part_of_a_name(name: str, tokens: list[str]):
    assert name_tokens(name) == tokens


@pytest.mark.parametrize(
    ("residence", "words"),
    [
        ("القاهرة", ["cairo"]),
        ("Wien, Österreich", ["vienna", "austria"]),
        ("北京市", ["beijing"]),
        ("纽约", ["new", "york"]),
        ("Boston, USA", ["boston", "united", "states"]),
        ("Ouagadougou", ["ouagadougou"]),
        ("Київ", ["kiiv"]),
        ("", []),
    ],
)
def test_well_known_places_have_one_name(residence: str, words: list[str]):
    assert place_words(residence) == words
