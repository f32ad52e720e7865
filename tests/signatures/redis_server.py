"""A Redis really running on loopback, for the tests that are about Redis."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

HERE = shutil.which("redis-server")
needs_redis = pytest.mark.skipif(
    HERE is None,
    reason="NO REDIS: these tests need redis-server (Debian: apt install redis-server)",
)


@contextmanager
def running_redis(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """The process and the address of a Redis that answers, ended when the block does."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    command = [
        str(HERE),
        "--port",
        str(port),
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--dir",
        str(folder),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        patient = Retry(ConstantBackoff(0.1), 50)
        redis.Redis(port=port, retry=patient).ping()
        yield process, f"redis://127.0.0.1:{port}/0"
    finally:
        process.kill()
        process.wait()


def caches(address: str) -> dict[str, Any]:
    """settings.CACHES as settings.py makes them of REDIS_URL."""
    return {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": address,
            "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
        }
    }
