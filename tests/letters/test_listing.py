"""Words in a row are separated as the reader's language does it."""

from __future__ import annotations

import pytest

from letters.listing import listed


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
