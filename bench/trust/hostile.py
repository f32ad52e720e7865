"""Ten thousand hostile posts, bodies that are no form, and then every page that shows them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from itertools import chain, cycle, islice, product
from urllib.parse import quote_from_bytes, urljoin

from bench.load import Client, get, post
from bench.site import log_in

from .finding import Finding
from .naughty import changed, naughty
from .rig import PAGE, SIGN, Rig

Post = tuple[dict[str, bytes], bytes]  # a form, and what is hostile in it

POSTS = 10_000
CLIENTS = 8
LIST = "/admin/signatures/signature/"
ODD_BODIES: list[tuple[bytes, dict[str, str]]] = [
    (b"name=" + b"A" * 10_000_000, {}),
    (b"&".join(b"f%d=1" % number for number in range(10_000)), {}),
    (b"junk", {"Content-Type": "multipart/form-data"}),
    (b"--x\r\nbroken", {"Content-Type": "multipart/form-data; boundary=x"}),
    (b"{}", {"Content-Type": "application/json"}),
    (b"\xff" * 1_000, {"Content-Type": "text/plain; charset=nonsense"}),
    (b"name=x", {"Content-Type": "application/x-www-form-urlencoded; charset=utf-7"}),
    (b"name=x", {"Content-Type": "application/x-www-form-urlencoded; charset=hex"}),
    (b"", {}),
    (b"a=1", {"Sec-Fetch-Site": "cross-site"}),
    (b"a=1", {"Origin": "null"}),
]
ODD_ADDRESSES = [
    "/s/x/", "/s/%00/", f"/s/{'A' * 5000}/", "/letters/%ff/", "/ar/s/x/confirm/", "/de/",
    f"{PAGE}signatures/?before=%00", f"{PAGE}signatures/?before={'A' * 43}", f"{PAGE}?%00=%00",
    "/deliveries/999999999999999999999/", "/deliveries/1/x/manifest.json", f"{PAGE}count.json?a=%",
    f"{LIST}?state__exact=%00", f"{LIST}?q=%00", f"{LIST}?p=%00", f"{LIST}?letter__id__exact=x",
    f"{LIST}?no_such_filter=1", f"{LIST}%00/change/", f"{LIST}x/change/",
    "/admin/signatures/sweep/x/change/", "/admin/signatures/suggestion/1.5/change/",
    f"/admin/signatures/guard/{'9' * 30}/change/", "/admin/deliveries/delivery/%00/change/",
]  # fmt: skip
ODD_CHARSETS = [(f"{PAGE}?a=1", "hex"), ("/?a=1", "base64"), (f"{LIST}?q=1", "rot13")]
ACCEPT = """
UPDATE signatures_signature SET state = 'accepted', visibility = 'public', decided_at = now()
WHERE state = 'pending'
"""
CUT = r"\s\x00-\x1f\x7f\ufffd"
# A tag that opens, or a quote behind a letter: neither can come of a page's own signs beside words.
MARKUP = re.compile(rf"<[a-zA-Z/!?%][^{CUT}]{{4,}}|\w[\"'][^{CUT}]{{4,}}")
OLDER = re.compile(r'href="([^"]+)" rel="next"')


class Seen:
    """What came back: how often each status, and what was sent and came back as it was."""

    def __init__(self, ordinary: str) -> None:
        self.ordinary = ordinary
        self.statuses = Counter[int]()
        self.unescaped: list[str] = []

    def look(self, answer: tuple[int, bytes], markup: set[str]) -> None:
        status, body = answer
        self.statuses[status] += 1
        page = body.decode(errors="replace")
        self.unescaped += [
            piece for piece in markup if piece in page and piece not in self.ordinary
        ]

    def findings(self, what: str) -> Iterator[Finding]:
        broken = sum(n for status, n in self.statuses.items() if status >= 500 or status == 0)
        yield Finding(f"{what}: answers", dict(self.statuses), "no 5xx", not broken)
        found = self.unescaped
        yield Finding(f"{what}: not escaped", found[:3] or 0, 0, not found)


def pieces(string: bytes) -> set[str]:
    """What HTML would read as markup, between the places where an answer may have cut it."""
    return {found[:80] for found in MARKUP.findall(string.decode(errors="replace"))}


def findings(rig: Rig, more: Sequence[str] = ()) -> Iterator[Finding]:
    """`more` are strings to try besides our own."""
    client, staff = Client(rig.port), log_in(rig.site)
    usual = [get(PAGE), get(f"{PAGE}signatures/"), post(SIGN, b"name=x"), get(LIST, staff)]
    ordinary = "".join(client.ask(request)[1].decode() for request in usual)
    work = _work(rig, more)
    yield from _posts(rig, Seen(ordinary), work)
    yield from _odd(rig, Seen(ordinary), staff)
    yield from _pages(rig, Seen(ordinary), work, staff)


def _work(rig: Rig, more: Sequence[str]) -> list[Post]:
    """Every string in every field of a form that is right otherwise, then changed ones."""
    form = {name: value.encode() for name, value in rig.form(visibility="public").items()}
    form["wants_updates"] = b"on"
    strings = naughty(more)
    ways = chain(product(form, strings), zip(cycle(form), changed(strings), strict=False))
    return [
        (form | {"name": b"Amal %d" % number} | {field: string}, string)
        for number, (field, string) in enumerate(islice(ways, POSTS))
    ]


def _posts(rig: Rig, seen: Seen, work: list[Post]) -> Iterator[Finding]:
    def send(part: list[Post]) -> None:
        client = Client(rig.port)
        for form, string in part:
            pairs = (f"{name}={quote_from_bytes(value)}" for name, value in form.items())
            seen.look(client.ask(post(SIGN, "&".join(pairs).encode())), pieces(string))

    with ThreadPoolExecutor(CLIENTS) as pool:
        list(pool.map(send, (work[start::CLIENTS] for start in range(CLIENTS))))
    yield from seen.findings(f"{len(work):,} posts")


def _odd(rig: Rig, seen: Seen, staff: dict[str, str]) -> Iterator[Finding]:
    """Bodies that are no form; addresses, strangers' and staff's, that nobody links to."""
    client = Client(rig.port)
    questions = [(address, staff) for address in ODD_ADDRESSES]
    for address, charset in ODD_CHARSETS:
        questions.append((address, {"Content-Type": f"text/plain; charset={charset}", **staff}))
    for request in [post(SIGN, *odd) for odd in ODD_BODIES] + [get(*odd) for odd in questions]:
        seen.look(client.ask(request), set())
    yield from seen.findings("odd bodies and addresses")


def _pages(rig: Rig, seen: Seen, work: list[Post], staff: dict[str, str]) -> Iterator[Finding]:
    """All that could be stored is accepted and shown, and every page of it is read to its end."""
    rig.sql(ACCEPT)
    rig.manage("recount")
    stored = rig.number("SELECT count(*) FROM signatures_signature WHERE state = 'accepted'")
    yield Finding("of them stored, and accepted now", stored, "> 1,000", stored > 1_000)
    markup = set().union(*(pieces(string) for _form, string in work))
    for start, headers in ((f"{PAGE}signatures/", {}), (LIST, staff), (PAGE, {})):
        for answer in _read(rig, start, headers):
            seen.look(answer, markup)
    yield from seen.findings("all pages that show them")


def _read(rig: Rig, path: str, headers: dict[str, str]) -> Iterator[tuple[int, bytes]]:
    """The page at `path`, and all that follow it."""
    client = Client(rig.port)
    while True:
        answer = client.ask(get(path, headers))
        yield answer
        older = OLDER.search(answer[1].decode())
        if not older:
            return
        path = urljoin(path, unescape(older[1]))
