"""Text for property tests: any code point, with the troublesome ones far more often than chance."""

from __future__ import annotations

from hypothesis import strategies as st

TROUBLESOME = (
    "aeIıİßſŒœﬁﬄℌ℡Ⓐ\u00b5Σςᾳ\u0345\u0301\u0323\u0327\u1fef\u1ffd\u037e"
    "'’ʼʻ´`\"׳…-–·. \t\n\x85\u2028\u3000\u00a0\x00\x1b\x1f\x7f"
    "\u200b\u200c\u200d\u200e\u200f\u061c\u00ad\ufeff\u2060\u180e\u034f\ufe0f\U000e0100"
    "\u202a\u202e\u2066\u2069\U000e0041\ufdd0\uffff\ud800\udfff\ue000\ufffd"
    "\u1160\u3164\u2800한김\u1112か\u3099がｶﾞ々葛𠮷𱍊\u0640أىمحمدשָׁלוֹם"
    "रा\u094dमকবস\u0f71\u0f72བསྟན་กำุ็လျှို့😀👩🏽¨^"
)

any_text = st.text(st.characters(exclude_categories=()), max_size=30)
hostile_text = any_text | st.text(st.sampled_from(TROUBLESOME), max_size=12)
