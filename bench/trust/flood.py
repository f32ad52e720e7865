"""Many signatures at once: from one address that lies, from a net of bots, without Redis."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from queue import SimpleQueue
from statistics import median
from typing import Any
from urllib.parse import urlencode

from redis import Redis
from redis.exceptions import RedisError

from bench.load import Client, get, post
from bench.servers import gunicorn
from bench.site import WSGI

from .finding import Finding
from .rig import PAGE, SIGN, SLUG, Rig, until

HOLD, REFUSE = 10, 60  # in ten minutes, as a new site has them
CLIENTS = 16
BOTS, POSTS = 5_000, 10_000
SIGNED_BEFORE = 400  # when Redis is killed
PAGE_WITHIN = 0.2  # seconds, the median
LIES = ("Forwarded", "X-Real-IP", "True-Client-IP", "CF-Connecting-IP", "X-Client-IP")
HELD_FOR_RATE = "SELECT count(*) FROM signatures_signature WHERE hold_reasons @> '[\"rate\"]'"
STORED = "SELECT count(*) FROM signatures_signature"
NOT_HELD = f"{STORED} WHERE hold_reasons = '[]'"


def findings(rig: Rig) -> Iterator[Finding]:
    """Needs the limits of a new site, and one proxy in front."""
    for question in (_forged, _four_processes, _bots, _without_redis):
        rig.sql("TRUNCATE signatures_signature CASCADE")
        yield from question(rig)


def _signers(rig: Rig, name: str) -> Callable[[int, dict[str, str]], bytes]:
    form = rig.form()

    def request(number: int, headers: dict[str, str]) -> bytes:
        return post(SIGN, urlencode(form | {"name": f"{name} {number}"}).encode(), headers)

    return request


def _all(port: int, requests: Iterable[bytes]) -> Counter[int]:
    """Send all of `requests` by CLIENTS connections; how often each status was the answer."""
    waiting: SimpleQueue[bytes | None] = SimpleQueue()
    for request in requests:
        waiting.put(request)

    def client(_number: int) -> Counter[int]:
        connection, seen = Client(port), Counter[int]()
        while not waiting.empty() and (request := waiting.get()) is not None:
            seen[connection.ask(request)[0]] += 1
        return seen

    for _client in range(CLIENTS):
        waiting.put(None)  # for who finds it empty after looking
    with ThreadPoolExecutor(CLIENTS) as pool:
        return sum(pool.map(client, range(CLIENTS)), Counter[int]())


def _forged(rig: Rig) -> Iterator[Finding]:
    """A thousand names for one address, in every header that somebody might believe."""
    request = _signers(rig, "Forger")

    def lies(number: int) -> dict[str, str]:
        name = f"10.{number >> 8}.{number & 255}.1"
        return {"X-Forwarded-For": f"{name}, 198.51.100.7", **dict.fromkeys(LIES, name)}

    seen = _all(rig.port, (request(number, lies(number)) for number in range(1_000)))
    right = seen == {303: REFUSE, 429: 1_000 - REFUSE}
    wanted = f"{REFUSE} taken, the others 429"
    yield Finding("1,000 forged addresses: answers", dict(seen), wanted, right)
    held = rig.number(HELD_FOR_RATE)
    yield Finding("of them held", held, REFUSE - HOLD, held == REFUSE - HOLD)


def _four_processes(rig: Rig) -> Iterator[Finding]:
    request = _signers(rig, "Hurry")
    headers = {"X-Forwarded-For": "198.51.100.8"}
    log = rig.logs / "four.log"  # every refusal is a line
    with gunicorn(WSGI, rig.site.env, "--workers", "4", log=log) as server:
        seen = _all(server.port, (request(number, headers) for number in range(300)))
    yield Finding("four processes: let through", seen[303], REFUSE, seen[303] == REFUSE)
    free = rig.number(STORED) - rig.number(HELD_FOR_RATE)
    yield Finding("four processes: not held", free, HOLD, free == HOLD)


def _bots(rig: Rig) -> Iterator[Finding]:
    """A net of bots, each of which stays below the limit, while a visitor reads the letter."""
    request, before = _signers(rig, "Bot"), _count(rig)
    over = threading.Event()
    taken: list[float] = []
    visitor = threading.Thread(target=_read, args=(rig.port, over, taken))
    visitor.start()
    posts = (request(n, {"X-Forwarded-For": _bot(n % BOTS)}) for n in range(POSTS))
    began = time.perf_counter()
    seen = _all(rig.port, posts)
    seconds = time.perf_counter() - began
    over.set()
    visitor.join()
    rig.manage("recount")
    time.sleep(1)  # so long may a process show the copy of the count that it keeps
    after = _count(rig)
    what = f"{POSTS:,} posts of {BOTS:,} bots in {seconds:.1f} s: answers"
    yield Finding(what, dict(seen), "303", seen == {303: POSTS})
    yield Finding("bots: the public count", after, before, after == before)
    middle = median(taken)
    what = f"bots: the letter's median of {len(taken)}, ms"
    yield Finding(what, round(middle * 1000), "< 200", middle < PAGE_WITHIN)


def _bot(number: int) -> str:
    return f"10.{100 + (number >> 8)}.{number & 255}.9"


def _count(rig: Rig) -> Any:
    return Client(rig.port).ask(get(f"/letters/{SLUG}/count.json"))[1]


def _read(port: int, over: threading.Event, taken: list[float]) -> None:
    while not over.wait(0.05):
        began = time.perf_counter()
        status, _body = Client(port).ask(get(PAGE, {"Accept-Encoding": "br"}))
        taken.append(time.perf_counter() - began if status == 200 else float("inf"))


def _without_redis(rig: Rig) -> Iterator[Finding]:
    """Redis is killed while people sign, each from an address of their own."""
    request, server = _signers(rig, "Steady"), Redis.from_url(rig.site.env["REDIS_URL"])
    gone: list[int] = []

    def requests() -> Iterator[bytes]:
        for number in range(2_000):
            yield request(number, {"X-Forwarded-For": _bot(number)})

    def kill() -> None:
        until(lambda: rig.number(STORED) >= SIGNED_BEFORE, 30)
        gone.append(rig.number(STORED))
        try:
            server.shutdown(nosave=True)
        except RedisError:
            return

    killer = threading.Thread(target=kill)
    killer.start()
    seen = _all(rig.port, requests())
    killer.join()
    yield Finding("Redis killed: answers", dict(seen), "303", seen == {303: 2_000})
    stored = rig.number(STORED)
    yield Finding("Redis killed: stored", stored, 2_000, stored == 2_000)
    free, most = rig.number(NOT_HELD), gone[0] + CLIENTS
    what = f"Redis killed after {gone[0]}: not held"
    yield Finding(what, free, f"at most {most}", free <= most)
