"""gunicorn and Redis for the time of a benchmark."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from .load import Client, get
from .postgres import free_port

ROOT = Path(__file__).resolve().parent.parent
WORKERS = 2
READY_WITHIN = 30  # seconds


class Server:
    """A running gunicorn: its port, and how much memory it has taken at most."""

    def __init__(self, process: subprocess.Popen[bytes], port: int) -> None:
        self.process = process
        self.port = port

    def peak_memory(self) -> int:
        """Bytes that the biggest of its processes has had resident at most (VmHWM, proc(5))."""
        return max(map(_high_water, [self.process.pid, *_children(self.process.pid)]))


def _children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _high_water(pid: int) -> int:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM"))


@contextmanager
def gunicorn(application: str, env: Mapping[str, str], *flags: str) -> Iterator[Server]:
    """Serve `application` with two processes, the same for ours and for the bare one."""
    port = free_port()
    options = ["--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS), "--log-level", "warning"]
    command = [sys.executable, "-m", "gunicorn", *options, *flags, application]
    process = subprocess.Popen(command, cwd=ROOT, env=dict(env))
    try:
        wait_until_ready(port)
        yield Server(process, port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


def wait_until_ready(port: int) -> None:
    end = time.monotonic() + READY_WITHIN
    while time.monotonic() < end:
        status, _body = Client(port).ask(get("/healthz"))
        if status == 200:
            return
        time.sleep(0.1)
    raise TimeoutError("gunicorn did not start")


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """The address of a Redis of our own; empty where redis-server is not installed."""
    if not shutil.which("redis-server"):
        print("redis-server is not installed: measured with each process's own memory instead.")
        yield ""
        return
    port = free_port()
    command = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "",
               "--dir", str(folder), "--loglevel", "warning"]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait()


def measured(command: list[str], env: Mapping[str, str]) -> tuple[float, int]:
    """Seconds that `command` took, and the bytes it had resident at most; raises where it fails."""
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=dict(env), stdout=subprocess.DEVNULL)
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return time.perf_counter() - began, usage.ru_maxrss * 1024
