"""No clear e-mail address stays in a text that is kept for a person to read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signatures.intake.addresses import has_address, mask_addresses


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Email: jane.doe+x@example.org", "Email: …@example.org"),
        ("<mailto:jane@example.org>", "<mailto:…@example.org>"),
        ("mailto:jane%40example.org", "mailto:…%40example.org"),
        ('"jane doe"@example.org', "…@example.org"),
        ("o'neil@example.org", "…@example.org"),
        ("100%jane@example.org", "…@example.org"),
        ("jane＠example.org", "…＠example.org"),
        ("jane (at) example (dot) org", "… (at) example (dot) org"),
        ("jane [at] example.org", "… [at] example.org"),
        ("邮箱：李明@例子.中国", "邮箱：…@例子.中国"),
        ("a@x.org, b@y.org;c@z.org", "…@x.org, …@y.org;…@z.org"),
        ("On Monday Jane <jane@x.org> wrote:", "On Monday Jane <…@x.org> wrote:"),
        ("Follow @jane at home (100%)", "Follow @jane at home (100%)"),
    ],
)
def test_the_local_part_is_masked_and_nothing_else(text: str, masked: str):
    assert mask_addresses(text) == masked


@given(
    st.from_regex(r"[A-Za-z0-9.!#$&*+/=?^_`{|}~'-]{1,40}", fullmatch=True),
    st.sampled_from(["", "Email: ", "<", "(", "[", "\n", "，", "mailto:"]),
)
def test_no_local_part_of_rfc_5322_stays(local: str, before: str):
    masked = mask_addresses(f"{before}{local}@example.org")

    assert not has_address(masked.replace("…@", " "))
    assert masked.startswith(before)


@given(st.text(max_size=200))
def test_masking_twice_is_masking_once(text: str):
    once = mask_addresses(text)

    assert mask_addresses(once) == once


@pytest.mark.parametrize("piece", ["a", "a@", '"', "%4", "%40", "a (", '"a', "(at"])
def test_a_text_made_to_be_slow_is_read_once(piece: str):
    text = piece * (262_144 // len(piece))

    assert len(mask_addresses(text)) <= len(text)
