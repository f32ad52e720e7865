"""What is measured at each size."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from .duplicates import lookups
from .export import TURNS, exported
from .figures import Figure, loads_figure, percentile
from .load import Client, fire, fire_pages, get
from .proxies import STATIC, nginx
from .servers import Server, measured
from .site import SLUG, Site
from .trust.web import ask
from .visitors import COMPRESSED, PAGE, form_stamp, signers

NAMES = f"/letters/{SLUG}/signatures/"
QUEUE = "/admin/signatures/signature/"
NGINX_OWN = {"Server", "Date", "Connection", "Content-Type", "Content-Length", "ETag"}
MANY = 2_000_000  # rows whose export is measured once

STAFF_PAGES = {
    "admin list": QUEUE,
    "admin queue": f"{QUEUE}?queue=yes",
    "admin queue, by reason": f"{QUEUE}?queue=yes&why=timing",
    "admin search": f"{QUEUE}?q=haddad",
    "admin search, nobody": f"{QUEUE}?q=zzyzzx",
}


@dataclass(frozen=True)
class Bench:
    """The servers, the site behind ours, and how long each load lasts.

    `ours` and `bare` run alike, with two processes that do one thing at a time; `shipped` is ours
    as it is deployed, with threads, two processes too.
    """

    site: Site
    ours: Server
    shipped: Server
    bare: Server
    staff: dict[str, str]
    seconds: float
    rounds: int


def measure(bench: Bench, rows: int) -> Iterator[Figure]:
    """Every figure at the size that the table has now."""
    yield pages(bench, rows)
    for with_email in (False, True):
        yield from signing(bench, rows, with_email=with_email)
    yield waiting("public list", bench, rows, NAMES, {})
    for what, path in STAFF_PAGES.items():
        yield waiting(what, bench, rows, path, bench.staff)
    yield from commands(bench, rows)
    if rows:
        yield lookups(bench.site, rows)
    yield Figure("peak memory of a server", rows, "MB", bench.ours.peak_memory() / 1e6)


def pages(bench: Bench, rows: int) -> Figure:
    """The letter's page, compressed; in turns with the bare one: both meet the same noise."""
    ours, bare = [], []
    for _round in range(bench.rounds):
        ours.append(fire_pages(bench.ours.port, PAGE, COMPRESSED, bench.seconds))
        bare.append(fire_pages(bench.bare.port, "/page/", COMPRESSED, bench.seconds))
    return loads_figure("letter pages", rows, ours, bare)


def behind_nginx(bench: Bench) -> Figure:
    """The letter's page from the cache of the shipped nginx, beside the same bytes as a file."""
    ours, bare = [], []
    answer = ask(bench.ours.port, PAGE, headers=COMPRESSED)
    headers = {name: value for name, value in answer.headers if name not in NGINX_OWN}
    with (
        TemporaryDirectory() as folder,
        nginx(bench.ours.port, Path(folder), answer.body, headers) as port,
    ):
        for _round in range(bench.rounds):
            ours.append(fire_pages(port, PAGE, COMPRESSED, bench.seconds))
            bare.append(fire_pages(port, STATIC, COMPRESSED, bench.seconds))
    return loads_figure("letter pages behind nginx", 0, ours, bare)


def signing(bench: Bench, rows: int, *, with_email: bool) -> Iterator[Figure]:
    """Signatures, each by another person: like the bare ones, and as the site is deployed."""
    mine = signers(form_stamp(bench.ours.port), with_email=with_email)
    theirs = signers("", with_email=with_email, path="/sign/")
    ours, shipped, bare = [], [], []
    for _round in range(bench.rounds):
        ours.append(fire(bench.ours.port, mine, bench.seconds))
        bare.append(fire(bench.bare.port, theirs, bench.seconds))
        shipped.append(fire(bench.shipped.port, mine, bench.seconds))
    what = "signatures, with e-mail" if with_email else "signatures"
    yield loads_figure(what, rows, ours, bare)
    yield loads_figure(f"{what}, as shipped", rows, shipped, bare)


def waiting(
    what: str, bench: Bench, rows: int, path: str, headers: dict[str, str], times: int = 15
) -> Figure:
    """How long one page takes that nobody else asks for, in milliseconds."""
    client, taken, bad = Client(bench.ours.port), [], 0
    for _time in range(times):
        began = time.perf_counter()
        status, _body = client.ask(get(path, headers))
        taken.append((time.perf_counter() - began) * 1000)
        bad += status != 200
    middle = median(taken)
    note = f"{bad} ERRORS" if bad else ""
    return Figure(what, rows, "ms", middle, p50=middle, p99=percentile(taken, 0.99), note=note)


def commands(bench: Bench, rows: int) -> Iterator[Figure]:
    """Recount and export, each a process of its own."""
    seconds, _memory = measured(bench.site.manage("recount", "--letter", SLUG), bench.site.env)
    yield Figure("recount", rows, "s", seconds)
    yield from exported(bench.site, rows, turns=1 if rows > MANY else TURNS)
