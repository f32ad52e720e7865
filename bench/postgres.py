"""A PostgreSQL of our own for the time of a benchmark, durable as in production."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg2

# fsync and synchronous_commit stay on: a signature that was answered for is on the disk.
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "shared_buffers": "1GB",
    "max_wal_size": "8GB",
    "max_connections": "100",
}


class NotHere(Exception):
    """What the benchmark needs is not installed; `str()` says what."""


@contextmanager
def private_postgres(volume: Path | None = None, **changes: str) -> Iterator[str]:
    """Start a new cluster in a temporary folder; yield the address of its empty database.

    `volume` is the folder to put the cluster's files in, `changes` are to SETTINGS.
    """
    bin_ = programs()
    folder = Path(tempfile.mkdtemp(prefix="letter-bench-"))
    cluster = (volume or folder) / "cluster"
    cluster.mkdir(mode=0o700)
    password, port = secrets.token_hex(16), free_port()
    secret = folder / "password"
    secret.write_text(password)
    if os.geteuid() == 0:
        for path in (folder, cluster, secret):
            shutil.chown(path, "postgres")
    try:
        _run(folder, bin_ / "initdb", "-D", cluster, "-U", "postgres", "--encoding=UTF8",
             "--locale=C.UTF-8", "--auth=scram-sha-256", f"--pwfile={secret}")  # fmt: skip
        options = {"port": port, "unix_socket_directories": folder, **SETTINGS, **changes}
        words = " ".join(f"-c {name}={value}" for name, value in options.items())
        log = folder / "server.log"
        _run(folder, bin_ / "pg_ctl", "-D", cluster, "-l", log, "-w", "-o", words, "start")
        try:
            yield f"postgres://postgres:{password}@127.0.0.1:{port}/postgres"
        finally:
            stop(cluster)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def programs() -> Path:
    """Where the newest PostgreSQL's programs are; raises NotHere."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    found = debian[-1] if debian else shutil.which("initdb")
    if not found:
        raise NotHere("PostgreSQL is not installed here (Debian: apt install postgresql).")
    return Path(found).parent


def _version(path: Path) -> int:
    name = path.parent.parent.name
    return int(name) if name.isdecimal() else 0


def as_postgres(*command: object) -> list[str]:
    """The words of `command`; root becomes PostgreSQL's own user, for its programs refuse root."""
    words = [str(word) for word in command]
    return ["runuser", "-u", "postgres", "--", *words] if os.geteuid() == 0 else words


def _run(folder: Path, *command: object) -> None:
    subprocess.run(as_postgres(*command), cwd=folder, check=True, stdout=subprocess.DEVNULL)


def stop(cluster: Path) -> None:
    """Stop it at once; one that a rehearsal has killed is left as it is."""
    words = as_postgres(programs() / "pg_ctl", "-D", cluster, "-m", "immediate", "stop")
    quiet = subprocess.DEVNULL
    subprocess.run(words, cwd="/", check=False, stdout=quiet, stderr=quiet)


def question(url: str, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    """The rows that a statement gives, committed at once."""
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, values or None)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def number_from(url: str, sql: str, *values: Any) -> int:
    """The one number that a statement asks for."""
    return int(question(url, sql, *values)[0][0])


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
