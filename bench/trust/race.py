"""A hundred people press the same button with the same words in the same moment."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlencode

from bench.load import Client, post
from bench.servers import gunicorn
from bench.site import WSGI

from .finding import Finding
from .rig import SIGN, Rig

ROUNDS, AT_ONCE = 50, 100
# Enough threads that nearly all of them are inside at once; each takes a connection of PostgreSQL.
SERVER = ("--workers", "2", "--threads", "40")
STANDING = """
SELECT name, count(*) FILTER (WHERE state <> 'duplicate'), count(*)
FROM signatures_signature GROUP BY name
"""


def findings(rig: Rig) -> Iterator[Finding]:
    """Every other round is signed with an e-mail address."""
    seen = Counter[int]()
    with gunicorn(WSGI, rig.site.env, *SERVER) as server:
        stamp = rig.form()["rendered"]
        for number in range(ROUNDS):
            email = f"racer-{number}@example.org" if number % 2 else ""
            form = rig.form(name=f"Racer {number}", email=email, rendered=stamp)
            seen += _at_once(server.port, post(SIGN, urlencode(form).encode()))
    yield from _findings(rig, seen)


def _at_once(port: int, request: bytes) -> Counter[int]:
    """How often each status answered `request`, sent over AT_ONCE open connections together."""
    statuses: list[int] = []
    gate = threading.Barrier(AT_ONCE)

    def send() -> None:
        client = Client(port)
        gate.wait()
        statuses.append(client.ask(request)[0])
        client.close()

    threads = [threading.Thread(target=send) for _each in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(statuses)


def _findings(rig: Rig, seen: Counter[int]) -> Iterator[Finding]:
    posts = ROUNDS * AT_ONCE
    what = f"{ROUNDS} rounds of {AT_ONCE} equal posts: answers"
    yield Finding(what, dict(seen), f"303, {posts:,} times", seen == {303: posts})
    rows = rig.sql(STANDING)
    one = sum(standing == 1 for _name, standing, _all in rows)
    yield Finding("rounds that left exactly one standing", one, ROUNDS, one == len(rows) == ROUNDS)
    kept = sum(every for _name, _standing, every in rows)
    yield Finding("rows, the duplicates kept beside them", kept, f"<= {posts}", kept <= posts)
