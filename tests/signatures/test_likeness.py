"""Duplicates as suggestions: one person's names found in any script, two people left alone."""

from __future__ import annotations

from itertools import combinations

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from bench.likeness.__main__ import is_found, outcomes
from bench.likeness.make_pairs import SCRIPTS, make_pairs
from signatures.likeness import Person, blocking_keys, likeness, transliterated_tokens

from .text_strategies import hostile_text

people = st.builds(Person, hostile_text, hostile_text, hostile_text, st.sampled_from([None, "a"]))


def signer(name: str, residence="Boston, USA", occupation="teacher", email_key=None) -> Person:
    return Person(name, residence, occupation, email_key)


def keys(person: Person) -> frozenset[str]:
    return blocking_keys(name=person.name, residence=person.residence, occupation=person.occupation)


ONE_PERSON = [
    ["杨建利", "楊建利", "Yang Jianli", "YANG, Jian Li", "Jianli Yang", "杨建利先生"],
    ["Мария Иванова", "Maria Ivanova", "Mariya Ivanova", "ИВАНОВА Мария", "Иванова, Мария"],
    ["أحمد منصور", "Ahmad Mansour", "Ahmed Mansur", "منصور أحمد"],
    ["عبد الله الخطيب", "Abdullah Al-Khatib"],
    ["عبد الرحمن شاكر", "Abdelrahman Shaker"],
    ["رشيد طه", "Rachid Taha"],
    ["إلهام غزال", "Ilham Ghazal"],
    ["양미란", "Yang Miran"],
    ["김민수", "Kim Minsu", "Kim Min-soo", "Minsu Kim"],
    ["राम शर्मा", "Ram Sharma", "श्री राम शर्मा"],
    ["Γιώργος Παπαδόπουλος", "Giorgos Papadopoulos", "PAPADOPOULOS Giorgos"],
    ["דוד כהן", "David Cohen"],
    ["עמית ברוך", "Amit Baruch"],
    ["བསོད་ནམས་སྒྲོལ་མ", "Sonam Dolma", "Dolma Sonam"],
    ["José García", "Jose Garcia", "JOSÉ GARCÍA", "García, José"],
    ["John P. Smith", "John Smith", "Dr. John Smith", "Jon Smith"],
    ["Katherine Johansson", "Kathrine Johansson", "Katherine Johnasson"],
    ["Jürgen Müller", "Juergen Mueller", "Jurgen Muller"],
    ["Мария Сергеевна Иванова", "Иванова Мария"],
]

TWO_PEOPLE = [
    ("Wang Wei", "Wang Wen"),
    ("王伟", "王薇"),
    ("王伟", "Wang Wen"),
    ("Mario Rossi", "Maria Rossi"),
    ("Daniel Ortiz", "Daniela Ortiz"),
    ("Иван Петров", "Ирина Петрова"),
    ("Иван Петров", "Иван Петрова"),
    ("박지영", "박지연"),
    ("John Smith", "Joan Smith"),
    ("Michael Stone", "Michelle Stone"),
    ("Ada Lovelace", "Ada Byron"),
    ("刘龙", "이준영"),
    ("J. Smith", "Ada Smith"),
    ("Ada", "Ada Lovelace"),
    ("!", "?"),
]


@pytest.mark.parametrize(
    ("one", "other"),
    [pair for spellings in ONE_PERSON for pair in combinations(spellings, 2)],
    ids=lambda name: name.replace(" ", "_"),
)
def test_one_person_written_twice_is_found(one: str, other: str):
    assert is_found(signer(one), signer(other))


@pytest.mark.parametrize(("one", "other"), TWO_PEOPLE)
def test_two_people_with_one_address_are_left_alone(one: str, other: str):
    assert not likeness(signer(one), signer(other)).is_suggestion


def test_the_same_name_needs_a_second_signal():
    ada = signer("Ada Lovelace", "London", "teacher")

    assert likeness(ada, signer("Ada Lovelace", "London", "nurse")).is_suggestion
    assert likeness(ada, signer("Ada Lovelace", "Oslo", "teacher")).is_suggestion
    assert not likeness(ada, signer("Ada Lovelace", "Oslo", "nurse")).is_suggestion


def test_a_missing_detail_does_not_speak_against_it():
    assert likeness(signer("Ada Lovelace"), signer("Ada Lovelace", "", "")).is_suggestion


def test_the_same_mailbox_is_a_second_signal():
    ada = signer("Ada Lovelace", "London", "teacher", "key")
    moved = signer("A. Lovelace", "Oslo", "nurse", "key")

    assert likeness(ada, moved).is_suggestion
    assert likeness(ada, moved).words == "similar name, same mailbox"
    with translation.override("zh-hans"):
        assert likeness(ada, moved).words == "姓名相似、邮箱相同"


def test_a_family_may_share_a_mailbox():
    ada, byron = signer("Ada Byron", email_key="key"), signer("George Byron", email_key="key")

    assert not likeness(ada, byron).is_suggestion


def test_two_people_without_a_mailbox_do_not_share_one():
    ada = signer("Ada Lovelace", "London", "teacher", "")

    assert not likeness(ada, signer("Ada Lovelace", "Oslo", "nurse", "")).is_suggestion


@pytest.mark.parametrize(
    ("a", "b", "words"),
    [
        (
            signer("杨建利", "北京", "学者"),
            signer("Yang Jianli", "Beijing", "scholar"),
            "same name in another script, same residence",
        ),
        (
            signer("杨建利", "北京", "学者"),
            signer("楊建利", "北京市", "学者"),
            "same name, traditional and simplified, same residence, same occupation",
        ),
        (
            signer("Ada Lovelace", "London", "teacher"),
            signer("Ada Lovelase", "London", "school teacher"),
            "similar name, same residence, same occupation",
        ),
        (
            signer("محمد منصور", "القاهرة", "معلم"),
            signer("Mohammed Mansour", "Cairo, Egypt", "teacher"),
            "similar name in another script, same residence",
        ),
        (signer("Ada Lovelace"), signer("Grace Hopper"), "different names"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_it_says_why_in_plain_words(a: Person, b: Person, words: str):
    assert likeness(a, b).words == words


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Boston", "Boston, USA", True),
        ("Boston, MA", "USA, Boston", True),
        ("Paris, France", "Lyon, France", False),
        ("Москва", "Moscow", True),
        ("Αθήνα", "Athens, Greece", True),
        ("北京市海淀区", "北京", True),
        ("郑州", "杭州", False),
        ("上海", "Beijing", False),
        ("Thessaloniki", "Tessaloniki", True),
    ],
)
def test_residences_are_compared_as_people_write_them(one: str, other: str, same: bool):
    a, b = signer("Ada Lovelace", one, "nurse"), signer("Ada Lovelace", other, "teacher")

    assert likeness(a, b).is_suggestion is same


def test_a_closer_likeness_ranks_higher():
    ada = signer("Ada Lovelace")
    others = [
        signer("Ada Lovelace"),
        signer("Ada M. Lovelace"),
        signer("Ada Lovelase"),
        signer("Ada Lovelase", "Oslo"),
        signer("Grace Hopper"),
    ]

    scores = [likeness(ada, other).score for other in others]

    assert scores == sorted(scores, reverse=True)
    assert (scores[0], scores[-1]) == (1.0, 0.0)


def test_tokens_are_sorted_latin_words():
    assert transliterated_tokens("Dr. Иванова, Мария") == ("ivanova", "mariya")


def test_keys_do_not_depend_on_order_case_or_accents():
    assert keys(signer("José García")) == keys(signer("GARCIA, Jose"))


def test_a_name_without_details_still_has_a_key():
    assert blocking_keys(name="Ada", residence="", occupation="") == {"n.aad"}


def test_nothing_that_draws_no_letter_has_a_key():
    assert blocking_keys(name="…", residence="Oslo", occupation="nurse") == frozenset()


@given(people)
def test_keys_are_few_short_and_ascii(person: Person):
    made = keys(person)

    assert len(made) <= 6
    assert all(key.isascii() and len(key) <= 64 for key in made)


@given(people, people)
def test_likeness_is_symmetric_and_within_bounds(a: Person, b: Person):
    assert likeness(a, b) == likeness(b, a)
    assert 0.0 <= likeness(a, b).score <= 1.0


@given(people)
def test_nobody_is_unlike_themselves(person: Person):
    if transliterated_tokens(person.name):
        assert is_found(person, person)


@pytest.mark.parametrize("half", [0, 1])
def test_the_labelled_pairs_are_always_the_same(half: int):
    pairs = make_pairs(half)

    assert pairs == make_pairs(half)
    assert len(pairs) == 1_000
    assert {pair.script for pair in pairs} == set(SCRIPTS)
    assert sum(pair.same for pair in pairs) == 500


@pytest.mark.parametrize("half", [0, 1])
def test_suggestions_reach_their_targets(half: int):
    counts = outcomes(make_pairs(half))

    found = counts[True, True] + counts[False, True]
    assert counts[True, True] / found >= 0.95
    assert counts[True, True] / 500 >= 0.90
