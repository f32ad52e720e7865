"""Links, page stamps and list cursors: ours are read back, everything else is refused."""

from __future__ import annotations

import string
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from signatures.cursors import make_cursor, read_cursor
from signatures.tokens import (
    STAMP_SECONDS,
    Claim,
    Purpose,
    make_stamp,
    make_token,
    read_stamp,
    read_token,
)

PURPOSES = st.sampled_from(Purpose)
VERSIONS = st.integers(min_value=0, max_value=255)
URL_SAFE = string.ascii_letters + string.digits + "-_"
CHARACTERS = st.sampled_from(URL_SAFE + "+/=. é\x00") | st.characters()
DIGEST = "0123456789abcdef" * 4


@st.composite
def altered(draw, written: str) -> str:
    """`written` with one character replaced, put in, or left out."""
    place = draw(st.integers(0, len(written) - 1))
    character = draw(CHARACTERS.filter(lambda each: each != written[place]))
    kind = draw(st.sampled_from(["replaced", "left out", "put in", "appended"]))
    if kind == "replaced":
        return written[:place] + character + written[place + 1 :]
    if kind == "left out":
        return written[:place] + written[place + 1 :]
    return written + character if kind == "appended" else character + written


@given(PURPOSES, st.uuids(), VERSIONS)
def test_a_token_says_what_it_was_made_for(purpose, signature_id, version):
    token = make_token(purpose, signature_id, version)

    assert len(token) == 44
    assert set(token) <= set(URL_SAFE)
    assert read_token(purpose, token) == Claim(signature_id, version)


@given(PURPOSES, PURPOSES, st.uuids())
def test_a_token_is_good_for_its_own_purpose_only(made_for, used_for, signature_id):
    token = make_token(made_for, signature_id)

    assert (read_token(used_for, token) is not None) == (made_for is used_for)


@given(st.data(), PURPOSES, st.uuids(), VERSIONS)
def test_an_altered_token_is_refused(data, purpose, signature_id, version):
    token = data.draw(altered(make_token(purpose, signature_id, version)))

    assert read_token(purpose, token) is None


@given(PURPOSES, st.text(CHARACTERS, max_size=60))
def test_no_text_makes_reading_a_token_fail(purpose, text):
    assert read_token(purpose, text) is None


def test_versions_begin_again_after_255():
    assert make_token(Purpose.PAGE, UUID(int=1), 256) == make_token(Purpose.PAGE, UUID(int=1), 0)


@given(st.uuids())
def test_a_cursor_says_where_it_stands(signature_id):
    cursor = make_cursor(signature_id)

    assert len(cursor) == 43
    assert read_cursor(cursor) == signature_id


@given(st.uuids())
def test_a_cursor_hides_the_id(signature_id):
    assert signature_id.hex not in make_cursor(signature_id)


@given(st.data(), st.uuids())
def test_an_altered_cursor_is_refused(data, signature_id):
    cursor = data.draw(altered(make_cursor(signature_id)))

    assert read_cursor(cursor) is None


def test_the_spare_bits_of_a_cursor_are_no_second_spelling():
    cursor = make_cursor(UUID(int=1989))
    last = URL_SAFE.replace("-", "") + "-"

    spellings = [
        cursor[:-1] + character for character in last if read_cursor(cursor[:-1] + character)
    ]

    assert spellings == [cursor]


@given(st.text(CHARACTERS, max_size=60))
def test_no_text_makes_reading_a_cursor_fail(text):
    assert read_cursor(text) is None


@given(st.integers(min_value=0, max_value=2**40))
def test_a_stamp_says_when_and_under_which_text(now):
    read = read_stamp(make_stamp(DIGEST, now))

    assert read is not None
    rendered_at, digest = read
    assert 0 <= now - rendered_at < STAMP_SECONDS
    assert digest == DIGEST


def test_a_stamp_is_the_same_for_everybody_within_five_minutes():
    assert make_stamp(DIGEST, 3000.0) == make_stamp(DIGEST, 3299.9)
    assert make_stamp(DIGEST, 3000.0) != make_stamp(DIGEST, 3300.0)


@given(st.data(), st.integers(min_value=0, max_value=2**40))
def test_an_altered_stamp_is_refused(data, now):
    stamp = data.draw(altered(make_stamp(DIGEST, now)))

    assert read_stamp(stamp) is None


@given(st.text(CHARACTERS, max_size=60))
def test_no_text_makes_reading_a_stamp_fail(text):
    assert read_stamp(text) is None
    assert read_stamp(f"1.{text}") is None
