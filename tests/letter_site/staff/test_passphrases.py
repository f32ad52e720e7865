"""A passphrase is long, and not one that everybody thinks of."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

WORDS = "heron lantern quarry saddle thistle umbrella velvet willow copper meadow".split()


@pytest.mark.parametrize(
    ("passphrase", "fault"),
    [
        ("fourteen chars", "too short"),
        ("qazwsxedcrfvtgb", "too common"),
        ("jane-the-organiser", "too similar"),
        ("passwordpassword", "repeated or lengthened"),
        ("Password-Password!", "repeated or lengthened"),
        ("password1234567", "repeated or lengthened"),
        ("1234567password", "repeated or lengthened"),
        ("qwertyqwertyqwe", "repeated or lengthened"),
        ("monkey-password1", "repeated or lengthened"),
        ("aaaaaaaaaaaaaaaa", "repeated or lengthened"),
        ("202611230041975", "repeated or lengthened"),
    ],
)
def test_a_weak_one_is_refused(passphrase: str, fault: str):
    user = User(username="jane-the-organiser")

    with pytest.raises(ValidationError) as refused:
        validate_password(passphrase, user)

    assert fault in " ".join(refused.value.messages)


@pytest.mark.parametrize(
    "passphrase",
    ["correcthorsebatterystaple", "seven quiet herons at dawn", "四个随机词语组成一个很长的口令吧"],
)
def test_a_good_one_is_taken(passphrase: str):
    validate_password(passphrase, User(username="jane"))


@given(st.lists(st.sampled_from(WORDS), min_size=4, max_size=6, unique=True))
def test_four_words_at_random_are_always_taken(words: list[str]):
    validate_password(" ".join(words))


@given(st.text(max_size=200))
def test_whatever_is_typed_gets_an_answer(text: str):
    try:
        validate_password(text)
    except ValidationError as refused:
        answers = refused.messages
    else:
        answers = ["taken"]

    assert all(answers)
