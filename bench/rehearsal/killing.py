"""Web processes and PostgreSQL's postmaster, killed again and again while people sign."""

from __future__ import annotations

import argparse
import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from bench.postgres import private_postgres
from bench.servers import Server, children
from bench.trust.finding import Finding

from .clusters import cluster_of, postmaster_of, restart
from .stage import site_on
from .visitors import (
    Record,
    answers,
    kept,
    let_people_sign,
    seconds_until_signed,
    signing_again,
    visitors,
)

SETTLE = 10.0  # seconds in which the last web process to be killed has come back
AWAY = 3.0  # seconds


def findings(chosen: argparse.Namespace) -> Iterator[Finding]:
    with private_postgres() as url, site_on(url) as (_site, server):
        record, cluster = Record(), cluster_of(url)
        with visitors(server.port, record):
            kill_web(server, chosen.web, random.Random(chosen.seed))
            let_people_sign(SETTLE / 3 if chosen.quick else SETTLE)
            back = [_kill_postgres(cluster, record) for _turn in range(chosen.database)]
        yield Finding("web processes killed", chosen.web, chosen.web, True)
        yield Finding("postmasters killed", len(back), chosen.database, True)
        yield from kept(url, record)
        yield from answers(record)
        yield signing_again("signing again after a restart of PostgreSQL, s", max(back))


def kill_web(server: Server, times: int, chance: random.Random) -> None:
    """Kill one of gunicorn's workers a second; one that is gone already is gone."""
    for _turn in range(times):
        with suppress(ProcessLookupError):
            os.kill(chance.choice(children(server.process.pid)), signal.SIGKILL)
        let_people_sign(1.0)


def _kill_postgres(cluster: Path, record: Record) -> float:
    """Kill the postmaster, leave it away, start it; seconds until somebody signed again."""
    os.kill(postmaster_of(cluster), signal.SIGKILL)
    let_people_sign(AWAY)
    started = time.monotonic()
    restart(cluster)
    seconds = seconds_until_signed(record, started)
    let_people_sign(1.0)
    return seconds
