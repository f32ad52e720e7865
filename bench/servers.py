"""Processes for the time of a benchmark: gunicorn, Redis and what else is asked for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from pathlib import Path

from .load import Client, get
from .postgres import free_port
from .waiting import until

ROOT = Path(__file__).resolve().parent.parent
NOWHERE = Path(os.devnull)
WORKERS = 2
READY_WITHIN = 30  # seconds


class Server:
    """A running gunicorn: its port, and how much memory it has taken at most."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.port = port

    def peak_memory(self) -> int:
        """Bytes that the biggest of its processes has had resident at most."""
        processes = [self.process.pid, *children(self.process.pid)]
        return max(memory(pid, "VmHWM") for pid in processes)


def children(pid: int) -> list[int]:
    """The processes that `pid` has started and that are there yet; OSError where it is not."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def memory(pid: int, field: str) -> int:
    """Bytes by a field of /proc/PID/status (proc(5)); 0 of a process that has ended.

    Resident now is VmRSS, and at most so far VmHWM. Raises OSError where it was waited for.
    """
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(field)), 0)


@contextmanager
def running(
    command: list[str], env: Mapping[str, str], log: Path | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process of ours whose words go to `log`, or to the terminal; ended by its own number."""
    with log.open("ab") if log else nullcontext() as file:
        process = subprocess.Popen(command, cwd=ROOT, env=dict(env), stdout=file, stderr=file)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


@contextmanager
def gunicorn(
    application: str, env: Mapping[str, str], *flags: str, log: Path | None = None
) -> Iterator[Server]:
    """Serve `application` with two processes, the same for ours and for the bare one."""
    port = free_port()
    options = ["--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS), "--log-level", "warning"]
    command = [sys.executable, "-m", "gunicorn", "--no-control-socket", *options, *flags]
    with running([*command, application], env, log) as process:
        wait_until_ready(port)
        yield Server(process, port)


def wait_until_ready(port: int) -> None:
    """Wait until what listens at `port` serves the site; raises TimeoutError."""
    if not until(lambda: Client(port).ask(get("/healthz"))[0] == 200, READY_WITHIN):
        raise TimeoutError(f"nothing serves the site at port {port}")


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """The address of a Redis of our own; empty where redis-server is not installed."""
    if not shutil.which("redis-server"):
        print("redis-server is not installed: measured with each process's own memory instead.")
        yield ""
        return
    port = free_port()
    with running(redis_command(folder, port), os.environ, NOWHERE):
        yield f"redis://127.0.0.1:{port}/0"


def redis_command(folder: Path, port: int) -> list[str]:
    """The command line of a Redis that keeps nothing."""
    return ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "",
            "--dir", str(folder), "--loglevel", "warning"]  # fmt: skip


def measured(command: list[str], env: Mapping[str, str]) -> tuple[float, int]:
    """Seconds that `command` took, and the bytes it had resident at most; raises where it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=dict(env), stdout=subprocess.DEVNULL)
    peak = ended(process)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return time.perf_counter() - began, peak


def has_ended(process: subprocess.Popen[bytes]) -> bool:
    """Whether a process has ended; it is left to be waited for, as `ended` does."""
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def ended(process: subprocess.Popen[bytes]) -> int:
    """Wait for the end of a process; the bytes it had resident at most."""
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss * 1024
