"""gunicorn for this site: `gunicorn -c deploy/gunicorn.conf.py letter_site.wsgi`.

WEB_CONCURRENCY (processes, 1) is gunicorn's own variable; WEB_THREADS (each, 4) and WEB_BIND
(127.0.0.1:8000) are read here, from the environment or from .env.
"""

import os
from pathlib import Path
from typing import Any

from letter_site.env import number, read_dotenv

read_dotenv(Path(__file__).resolve().parent.parent / ".env")
METRICS = os.environ.get("PROMETHEUS_MULTIPROC_DIR", "")

bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")
workers = number("WEB_CONCURRENCY", 1, least=1)
worker_class = "gthread"
threads = number("WEB_THREADS", 4, least=1)
# A process is replaced before a leak in any library matters, never all at once.
max_requests, max_requests_jitter = 20_000, 2_000
timeout, graceful_timeout, keepalive = 30, 20, 5
# Heartbeats in memory: on a disk that is full or slow, gunicorn would take its workers for dead.
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108
# No access log: an address, a token or a name would stand in it.
accesslog = None
errorlog, loglevel = "-", "warning"
control_socket_disable = True


def on_starting(_server: Any) -> None:
    """Forget the request times of processes that are long gone."""
    if METRICS:
        Path(METRICS).mkdir(parents=True, exist_ok=True)
        for old in Path(METRICS).glob("*.db"):
            old.unlink()


def child_exit(_server: Any, worker: Any) -> None:
    """Let the gauges of a process go with it; its request times stay counted."""
    if METRICS:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(worker.pid)
