"""Clusters of PostgreSQL that are killed, started, copied and promoted."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from bench.postgres import as_postgres, free_port, programs, question, stop
from bench.servers import children
from bench.waiting import until

START_WITHIN = 30  # seconds


def cluster_of(url: str) -> Path:
    """The folder of the cluster that answers at `url`."""
    return Path(question(url, "SHOW data_directory")[0][0])


def postmaster_of(cluster: Path) -> int:
    return int((cluster / "postmaster.pid").read_text().split()[0])


def lives(pid: int) -> bool:
    """Whether it runs; one that has ended and was not waited for does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def kill_all(cluster: Path) -> None:
    """SIGKILL for the postmaster and all its children, as when the machine is switched off."""
    for pid in _family(cluster):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def _family(cluster: Path) -> list[int]:
    postmaster = postmaster_of(cluster)
    return [postmaster, *children(postmaster)]


@contextmanager
def paused(cluster: Path) -> Iterator[None]:
    """Let it do nothing as long as the block runs, as a machine that hangs."""
    family = _family(cluster)
    for pid in family:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in family:
            os.kill(pid, signal.SIGCONT)


def start(cluster: Path, log: Path) -> bool:
    """Start it with the options it had; whether it started.

    For a while after a kill it may not: what the killed one left behind is still there.
    """
    options = shlex.split((cluster / "postmaster.opts").read_text())[3:]
    command = [programs() / "pg_ctl", "-D", cluster, "-w", "-t", str(START_WITHIN), "-l", log]
    words = as_postgres(*command, "-o", shlex.join(options), "start")
    quiet = subprocess.DEVNULL
    return not subprocess.run(words, cwd="/", stdout=quiet, stderr=quiet, check=False).returncode


def restart(cluster: Path) -> None:
    """Start it after a kill; raises TimeoutError where it does not come back."""
    if not until(lambda: start(cluster, cluster / "rehearsal.log"), START_WITHIN):
        raise TimeoutError("PostgreSQL did not start again")


@contextmanager
def standby_of(url: str) -> Iterator[tuple[Path, int]]:
    """A second cluster that follows the one at `url`, synchronously: its folder and its port."""
    folder = Path(tempfile.mkdtemp(prefix="letter-standby-"))
    cluster, port, bin_ = folder / "cluster", free_port(), programs()
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    try:
        _run(bin_ / "pg_basebackup", "-D", cluster, "-R", "-c", "fast", "-d", url)
        options = f"-c port={port} -c unix_socket_directories={folder} -c shared_buffers=128MB"
        options += " -c listen_addresses=127.0.0.1"
        log = folder / "server.log"
        _run(bin_ / "pg_ctl", "-D", cluster, "-w", "-l", log, "-o", options, "start")
        try:
            # After the copy, or the standby too would wait for one once it is promoted.
            question(url, "ALTER SYSTEM SET synchronous_standby_names = '*'")
            question(url, "SELECT pg_reload_conf()")
            _wait_until_synchronous(url)
            yield cluster, port
        finally:
            stop(cluster)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def promote(cluster: Path) -> None:
    _run(programs() / "pg_ctl", "-D", cluster, "-w", "promote")


def at_port(url: str, port: int) -> str:
    """The same address at another port."""
    parts = urlsplit(url)
    return parts._replace(netloc=f"{parts.netloc.rpartition(':')[0]}:{port}").geturl()


def either(url: str, port: int) -> str:
    """An address that finds whichever of the two may be written to."""
    parts = urlsplit(url)
    netloc = f"{parts.netloc},127.0.0.1:{port}"
    return parts._replace(netloc=netloc, query="target_session_attrs=read-write").geturl()


def _wait_until_synchronous(url: str) -> None:
    follows = "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"
    if not until(lambda: bool(question(url, follows)), START_WITHIN):
        raise TimeoutError("the standby does not follow synchronously")


def _run(*command: object) -> None:
    subprocess.run(as_postgres(*command), cwd="/", check=True, stdout=subprocess.DEVNULL)
