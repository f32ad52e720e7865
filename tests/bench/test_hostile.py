"""What the hostile bench sends is the same in every run, and what it looks for is markup."""

from __future__ import annotations

from itertools import islice

import pytest

from bench.trust.hostile import Seen, pieces
from bench.trust.naughty import SEEDS, changed, naughty


def test_every_seed_and_every_string_from_outside_is_sent():
    strings = naughty(["one more"])

    assert {seed.encode() for seed in SEEDS} <= set(strings)
    assert b"one more" in strings


def test_a_lone_surrogate_from_outside_is_sent_as_it_is():
    assert b"\xed\xa0\x80" in naughty(["\ud800"])


def test_changed_strings_are_the_same_in_every_run_and_longer():
    first, second = (list(islice(changed([b"abc"]), 50)) for _run in range(2))

    assert first == second
    assert len(set(first)) > 40
    assert all(3 < len(string) <= 9 for string in first)


@pytest.mark.parametrize(
    ("string", "found"),
    [
        (b"<script>alert(1)</script>", {"<script>alert(1)</script>"}),
        (b"<img/src=x onerror=alert(1)>", {"<img/src=x"}),
        (b'"a b"@example.org', {'b"@example.org'}),
        (b"'>javascript:alert(1)", set()),
        (b"<b>x\xff\x00", set()),
        (b"Amal Haddad", set()),
    ],
)
def test_pieces_are_what_a_browser_would_read_as_markup(string, found):
    assert pieces(string) == found


@pytest.mark.parametrize(
    ("page", "found"),
    [
        (b"<p>&lt;script&gt;alert(1)</p>", []),
        (b"<p><script>alert(1)</p>", ["<script>alert(1)"]),
    ],
)
def test_what_is_not_escaped_is_found(page, found):
    seen = Seen(ordinary="<p></p>")

    seen.look((200, page), {"<script>alert(1)", "<p></p>"})

    assert seen.unescaped == found


@pytest.mark.parametrize(("status", "holds"), [(303, True), (422, True), (500, False), (0, False)])
def test_a_fault_or_a_broken_connection_breaks_the_promise(status, holds):
    seen = Seen("")

    seen.look((status, b""), set())

    answers, escaped = seen.findings("posts")
    assert (answers.holds, escaped.holds) == (holds, True)
