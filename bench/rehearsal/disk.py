"""The database's volume runs full under signing load, and has room again.

PostgreSQL refuses what needs room, and panics where its journal needs it. A supervisor restarts it
then, as `restart: unless-stopped` in deploy/compose.yaml and systemd do; nobody else lends a hand.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.postgres import NotHere, private_postgres
from bench.trust.finding import Finding

from . import clusters
from .stage import folder, readyz, seconds_until_ready, site_on
from .visitors import (
    Record,
    answers,
    kept,
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
        record, seen, ballast = Record(), list[str](), volume / "ballast"
        restarts = stack.enter_context(supervised(clusters.cluster_of(url)))
        _site, server = stack.enter_context(site_on(url))
        with visitors(server.port, record):
            time.sleep(BEFORE)
            fill(ballast)
            end = time.monotonic() + full
            while time.monotonic() < end:
                fill(ballast)
                seen.append(str(readyz(server.port).get("database")))
                time.sleep(EVERY)
            refused, emptied = len(record.unavailable), time.monotonic()
            ballast.unlink()
            back = seconds_until_signed(record, emptied)
            ready = seconds_until_ready(server.port, emptied)
            time.sleep(AFTER)
        yield Finding("answers 503 while the volume was full", refused, "> 0", refused > 0)
        yield _said(seen)
        yield from kept(url, record)
        yield from answers(record)
        yield Finding("times that PostgreSQL was restarted", len(restarts), "any", True)
        yield signing_again("signing again after there was room, s", back)
        yield signing_again("/readyz 200 after there was room, s", ready)


def _said(seen: list[str]) -> Finding:
    words = dict(Counter(seen))
    honest = "cannot write" in words and words.get("ok", 0) <= 2
    return Finding("/readyz meanwhile, database", words, "cannot write, or away", honest)


@contextmanager
def small_volume() -> Iterator[Path]:
    """A volume of its own in memory; raises NotHere where it cannot be mounted."""
    if os.geteuid() != 0:
        raise NotHere("to mount a small volume it needs root (sudo ./run rehearsal disk).")
    with folder() as place:
        place.chmod(0o755)
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
