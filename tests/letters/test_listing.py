"""Words in a row are separated as the reader's language does it."""

from __future__ import annotations

import pytest
from django.utils import translation

from letters.listing import listed


@pytest.mark.parametrize(
    ("language", "line"),
    [
        ("en", "a, b, c"),
        ("ar", "a، b، c"),
        ("zh-hans", "a、b、c"),
        ("zh-hant", "a、b、c"),
        ("fr", "a, b, c"),
        ("ru", "a, b, c"),
        ("es", "a, b, c"),
    ],
)
def test_each_language_has_its_separator(language, line):
    with translation.override(language):
        assert listed(["a", "b", "c"]) == line


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ([], ""),
        (["a"], "a"),
        (["", "a", "", "b"], "a, b"),
        (["100%", "%(list)s"], "100%, %(list)s"),
    ],
)
def test_empty_words_are_left_out_and_others_stay_as_they_are(words, line):
    assert listed(words) == line
