"""The site as the rehearsals play it: gunicorn with the configuration of deploy/, and its parts."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Any, NamedTuple

from bench.postgres import free_port
from bench.servers import WORKERS, redis, wait_until_ready
from bench.site import WSGI, Site, prepare
from bench.trust.rig import running
from bench.trust.web import ask


@contextmanager
def folder() -> Iterator[Path]:
    """A place for what is thrown away afterwards."""
    with tempfile.TemporaryDirectory(prefix="letter-rehearsal-") as name:
        yield Path(name)


class Server(NamedTuple):
    """A running gunicorn: its first process, and its port."""

    process: subprocess.Popen[bytes]
    port: int


@contextmanager
def site_on(url: str) -> Iterator[tuple[Site, Server]]:
    """The site on the database at `url`, with a Redis of its own."""
    with folder() as data, redis(data) as cache:
        site = prepare(url, cache, data)
        with web(site) as server:
            yield site, server


@contextmanager
def web(site: Site, more: Mapping[str, str] | None = None) -> Iterator[Server]:
    """gunicorn; `more` is added to its environment. Its log, thousands of lines, goes to a file."""
    port = free_port()
    options = ["--bind", f"127.0.0.1:{port}", "--workers", str(WORKERS)]
    command = [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", *options, WSGI]
    log = Path(site.env["DATA_DIR"]) / "web.log"
    with running(command, site.env | dict(more or {}), log) as process:
        wait_until_ready(port)
        yield Server(process, port)


def readyz(port: int) -> dict[str, Any]:
    """What /readyz says, with the answer's `status`; only that, 0, where nobody answers."""
    try:
        answer = ask(port, "/readyz")
    except (OSError, HTTPException):
        return {"status": 0}
    return {"status": answer.status, **json.loads(answer.body)}


def is_ready(port: int) -> bool:
    return bool(readyz(port)["status"] == 200)


def seconds_until_ready(port: int, moment: float, patience: float = 60.0) -> float:
    """Seconds from `moment` until /readyz answered 200; gives up in the end."""
    while not is_ready(port) and time.monotonic() - moment < patience:
        time.sleep(0.1)
    return time.monotonic() - moment
