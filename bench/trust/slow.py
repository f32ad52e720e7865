"""Hundreds of connections that send and read as slowly as they can, before the shipped proxies."""

from __future__ import annotations

import socket
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from bench.figures import percentile
from bench.load import Client, get, post
from bench.proxies import caddy, nginx
from bench.servers import ROOT, gunicorn
from bench.site import WSGI

from .finding import Finding
from .rig import PAGE, SIGN, Rig, until

CONNECTIONS, ADDRESSES = 500, 50
VISITORS, SECONDS = 8, 30.0
LIMIT = 1.0  # seconds, the 95th percentile
DRIP = 2.0  # seconds between two bytes
OPEN_WITHIN = 5 * DRIP
CONFIG = ("-c", str(ROOT / "deploy" / "gunicorn.conf.py"))

Proxy = Callable[[int, Path], AbstractContextManager[int]]
PROXIES: dict[str, Proxy] = {"Caddy": caddy, "nginx": nginx}

HEAD = f"POST {SIGN} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded"
# A head that never ends, a body that never ends, and a page that is never read.
WAYS = (
    f"{HEAD}\r\nX-Slow: ",
    f"{HEAD}\r\nContent-Length: 9000\r\n\r\n",
    f"GET {PAGE} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 40,
)


def findings(rig: Rig) -> Iterator[Finding]:
    for name, proxy in PROXIES.items():
        with (
            tempfile.TemporaryDirectory(prefix="letter-slow-") as folder,
            gunicorn(WSGI, rig.site.env, *CONFIG) as server,
            proxy(server.port, Path(folder)) as port,
        ):
            yield from _besieged(rig, name, port)


def _besieged(rig: Rig, name: str, port: int) -> Iterator[Finding]:
    over, open_now = threading.Event(), [0]
    attack = threading.Thread(target=_attack, args=(port, over, open_now))
    attack.start()
    until(lambda: open_now[0] == CONNECTIONS, OPEN_WITHIN)
    with ThreadPoolExecutor(VISITORS) as pool:
        visits = pool.map(partial(_visit, rig, port), [f"{name} {n}" for n in range(VISITORS)])
        taken = [seconds for visit in visits for seconds in visit]
    over.set()
    attack.join()
    p95 = percentile(taken, 0.95)
    yield Finding(f"{name}: slow connections at once", open_now[0], CONNECTIONS,
                  open_now[0] == CONNECTIONS)  # fmt: skip
    what = f"{name}: p95 of {len(taken)} visits and signatures, ms"
    yield Finding(what, round(p95 * 1000), "< 1000", p95 < LIMIT)


def _visit(rig: Rig, port: int, name: str) -> list[float]:
    """Read and sign in turns; what is not answered well took for ever."""
    taken: list[float] = []
    end, form = time.monotonic() + SECONDS, rig.form()
    while time.monotonic() < end:
        body = urlencode(form | {"name": f"{name} {len(taken)}"}).encode()
        for request, wanted in (
            (get(PAGE, {"Accept-Encoding": "br"}), 200),
            (post(SIGN, body), 303),
        ):
            began = time.monotonic()
            client = Client(port)
            status, _body = client.ask(request)
            client.close()
            taken.append(time.monotonic() - began if status == wanted else float("inf"))
        time.sleep(0.05)  # a visitor is no flood
    return taken


def _attack(port: int, over: threading.Event, open_now: list[int]) -> None:
    """Hold CONNECTIONS open, a byte every DRIP seconds on each; one that is closed comes again."""
    held: list[socket.socket | None] = [None] * CONNECTIONS
    while not over.is_set():
        held = [_drip(each) or _connect(port, place) for place, each in enumerate(held)]
        open_now[0] = max(open_now[0], sum(each is not None for each in held))
        over.wait(DRIP)
    for each in held:
        if each:
            each.close()


def _drip(connection: socket.socket | None) -> socket.socket | None:
    try:
        if connection:
            connection.send(b"a")
    except OSError:
        return None
    return connection


def _connect(port: int, place: int) -> socket.socket | None:
    """From one of ADDRESSES of this machine's own: the proxies count connections by address."""
    connection = socket.socket()
    try:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        connection.bind((f"127.0.2.{1 + place % ADDRESSES}", 0))
        connection.settimeout(5)
        connection.connect(("127.0.0.1", port))
        connection.setblocking(False)
        connection.send(WAYS[place % len(WAYS)].encode())
    except OSError:
        connection.close()
        return None
    return connection
