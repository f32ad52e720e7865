"""The database's volume runs full under signing load, and has room again.

PostgreSQL refuses what needs room, and panics where its journal needs it. A supervisor restarts it
then, as `restart: unless-stopped` in deploy/compose.yaml and systemd do; nobody else lends a hand.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import psycopg2

from bench.postgres import NotHere, private_postgres, question
from bench.trust.finding import Finding

from . import clusters
from .stage import folder, readyz, seconds_until_ready, site_on
from .visitors import (
    Record,
    answers,
    kept,
    let_people_sign,
    seconds_until_signed,
    signing_again,
    visitors,
)

SIZE = 300  # MB, of which a new cluster takes a third
SMALL = {"shared_buffers": "64MB", "max_wal_size": "64MB", "min_wal_size": "32MB"}
BEFORE, FULL, AFTER = 4.0, 20.0, 4.0  # seconds
EVERY = 0.25  # seconds


def findings(chosen: argparse.Namespace) -> Iterator[Finding]:
    full = FULL / 3 if chosen.quick else FULL
    with ExitStack() as stack:
        volume = stack.enter_context(small_volume())
        url = stack.enter_context(private_postgres(volume, **SMALL))
        record, ballast = Record(), volume / "ballast"
        seen, panicked = list[str](), list[str]()
        restarts = stack.enter_context(supervised(clusters.cluster_of(url)))
        _site, server = stack.enter_context(site_on(url))
        with visitors(server.port, record):
            let_people_sign(BEFORE)
            fill(ballast)
            seen += _meanwhile(server.port, ballast, full / 2)
            _fill_the_journal(url)
            panicked += _meanwhile(server.port, ballast, full / 2)
            refused, emptied = len(record.unavailable), time.monotonic()
            ballast.unlink()
            back = seconds_until_signed(record, emptied)
            ready = seconds_until_ready(server.port, emptied)
            let_people_sign(AFTER)
        yield Finding("answers 503 while the volume was full", refused, "> 0", refused > 0)
        yield _said("/readyz meanwhile, database", seen, "cannot write")
        yield _said("/readyz when the journal was full", panicked, "away")
        yield from kept(url, record)
        yield from answers(record)
        number = len(restarts)
        yield Finding("times that PostgreSQL was started again", number, "> 0", number > 0)
        yield signing_again("signing again after there was room, s", back)
        yield signing_again("/readyz 200 after there was room, s", ready)


def _meanwhile(port: int, ballast: Path, seconds: float) -> Iterator[str]:
    """What /readyz says of the database while the volume is kept full."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        fill(ballast)
        yield str(readyz(port).get("database"))
        let_people_sign(EVERY)


def _fill_the_journal(url: str) -> None:
    """Write what only the journal takes until PostgreSQL, which cannot go on without it, panics."""
    with suppress(psycopg2.OperationalError):
        for _megabytes in range(0, SIZE, 8):
            question(url, "SELECT pg_logical_emit_message(true, '', repeat('x', 8000000))")


def _said(what: str, seen: list[str], word: str) -> Finding:
    words = dict(Counter(seen))
    return Finding(what, words, f"{word}, never ok", word in words and "ok" not in words)


@contextmanager
def small_volume() -> Iterator[Path]:
    """A volume of its own in memory; raises NotHere where it cannot be mounted."""
    if os.geteuid() != 0:
        raise NotHere("to mount a small volume it needs root (sudo ./run rehearsal disk).")
    with folder() as place:
        shutil.chown(place, "postgres")
        mount = place / "volume"
        mount.mkdir()
        options = f"size={SIZE}m,mode=755"
        command = ["mount", "-t", "tmpfs", "-o", options, "letter-rehearsal", str(mount)]
        if subprocess.run(command, check=False).returncode:
            raise NotHere("a small volume could not be mounted here.")
        try:
            yield mount
        finally:
            subprocess.run(["umount", str(mount)], check=True)


def fill(ballast: Path) -> None:
    """Write until nothing more fits."""
    try:
        with ballast.open("ab", buffering=0) as file:
            while file.write(bytes(4096)) == 4096:
                continue
    except OSError:  # ENOSPC: that is the point
        return


@contextmanager
def supervised(cluster: Path) -> Iterator[list[float]]:
    """Start the postmaster again whenever it has ended; the moments at which that was tried."""
    over, tried = threading.Event(), list[float]()
    postmaster = [clusters.postmaster_of(cluster)]

    def watch() -> None:
        while not over.wait(1.0):
            if clusters.lives(postmaster[0]):
                continue
            tried.append(time.monotonic())
            if clusters.start(cluster, cluster.parent.parent / "restarts.log"):
                postmaster[0] = clusters.postmaster_of(cluster)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield tried
    finally:
        over.set()
        thread.join()
