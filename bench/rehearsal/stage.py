"""The site as the rehearsals play it: gunicorn with the configuration of deploy/, and its parts."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from http.client import HTTPException
from pathlib import Path
from typing import Any

from bench.servers import Server, gunicorn, redis
from bench.site import WSGI, Site, prepare
from bench.trust.web import ask
from bench.waiting import until

from .visitors import GLANCE


@contextmanager
def folder() -> Iterator[Path]:
    """A place for what is thrown away afterwards."""
    with tempfile.TemporaryDirectory(prefix="letter-rehearsal-") as name:
        yield Path(name)


@contextmanager
def site_on(url: str) -> Iterator[tuple[Site, Server]]:
    """The site on the database at `url`, with a Redis of its own."""
    with folder() as data, redis(data) as cache:
        site = prepare(url, cache, data)
        with web(site) as server:
            yield site, server


def web(site: Site) -> AbstractContextManager[Server]:
    """gunicorn as in deploy/. Its log, thousands of lines, goes to a file."""
    log = Path(site.env["DATA_DIR"]) / "web.log"
    return gunicorn(WSGI, site.env, "-c", "deploy/gunicorn.conf.py", log=log)


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
    until(lambda: is_ready(port), patience, GLANCE)
    return time.monotonic() - moment
