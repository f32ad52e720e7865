"""The primary is killed with all its processes; its synchronous standby is promoted by hand.

Everything else happens by itself: DATABASE_URL names both, and asks for the one that can write.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

from bench.postgres import private_postgres, question
from bench.site import Site
from bench.trust.finding import Finding
from bench.waiting import until

from .clusters import at_port, cluster_of, either, kill_all, paused, promote, standby_of
from .stage import is_ready, readyz, seconds_until_ready, site_on
from .visitors import (
    Record,
    answers,
    kept,
    let_people_sign,
    seconds_until_signed,
    signing_again,
    visitors,
)

BEFORE, AWAY, AFTER = 5.0, 3.0, 5.0  # seconds
IN_FLIGHT = 0.5  # seconds
READYZ = """
from django.test import RequestFactory
from letter_site.health import readyz
print(readyz(RequestFactory().get("/readyz")).content.decode())
"""


def findings(chosen: argparse.Namespace) -> Iterator[Finding]:
    with private_postgres() as url, standby_of(url) as (cluster, port):
        primary = cluster_of(url)
        with site_on(either(url, port)) as (site, server):
            yield _a_node_at_the_standby(site, at_port(url, port))
            yield from _a_standby_that_hangs(cluster, server.port)
            record = Record()
            with visitors(server.port, record):
                let_people_sign(2.0 if chosen.quick else BEFORE)
                before = len(record.acknowledged)
                kill_all(primary)
                let_people_sign(AWAY)
                meanwhile = readyz(server.port).get("database")
                promoted = time.monotonic()
                promote(cluster)
                back = seconds_until_signed(record, promoted)
                ready = seconds_until_ready(server.port, promoted)
                let_people_sign(2.0 if chosen.quick else AFTER)
            yield Finding("signed before the primary was killed", before, "> 0", before > 0)
            yield Finding("/readyz meanwhile, database", meanwhile, "away", meanwhile == "away")
            yield from kept(at_port(url, port), record)
            yield from answers(record)
            yield signing_again("signing again after the promotion, s", back)
            yield signing_again("/readyz 200 after the promotion, s", ready)
            yield _writes(at_port(url, port))


def _a_node_at_the_standby(site: Site, url: str) -> Finding:
    """What /readyz says to a node whose DATABASE_URL names the standby alone."""
    alone = Site(site.env | {"DATABASE_URL": url})
    said = alone.run(*alone.manage("shell", "--verbosity", "0", "--command", READYZ))
    honest = '"database": "cannot write"' in said
    return Finding("/readyz at the standby itself", "cannot write" if honest else said,
                   "cannot write", honest)  # fmt: skip


def _a_standby_that_hangs(cluster: Path, port: int) -> Iterator[Finding]:
    """Who signs waits, and is told nothing, until the standby confirms."""
    record = Record()
    with visitors(port, record, 1):
        with paused(cluster):
            let_people_sign(IN_FLIGHT)
            before = len(record.acknowledged)
            hangs = until(lambda: readyz(port).get("database") == "cannot write", 10)
            told = len(record.acknowledged) - before
        back = until(lambda: is_ready(port), 10)
        let_people_sign(IN_FLIGHT)
    yield Finding("/readyz: a hanging standby is noticed", hangs, True, hangs)
    yield Finding("told a success meanwhile", told, 0, not told)
    yield Finding("/readyz 200 when it goes on", back, True, back)


def _writes(url: str) -> Finding:
    [(in_recovery,)] = question(url, "SELECT pg_is_in_recovery()")
    return Finding("the promoted one is still a standby", in_recovery, False, not in_recovery)
