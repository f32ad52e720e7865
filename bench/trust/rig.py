"""Everything that production runs, for the time of a question."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg2

from bench.postgres import free_port, private_postgres
from bench.servers import ROOT, redis, wait_until_ready
from bench.site import SLUG, WSGI, Site, prepare
from bench.visitors import PAGE, SIGN, form_stamp

from .mail import MailServer, mail_server
from .web import Answer, post

POLL = 0.2  # seconds
# What deploy/compose.yaml asks of PostgreSQL, whose log would quote statements and what is in them.
QUIET = {"log_min_error_statement": "panic", "log_error_verbosity": "terse"}


@dataclass
class Rig:
    """The running product: its web port, its mail server, its database, its logs."""

    site: Site
    port: int
    mail: MailServer
    data: Path
    logs: Path

    def sign(self, headers: dict[str, str] | None = None, /, **changes: str) -> Answer:
        """Post the form under the letter as a browser would, with changes to what is filled in."""
        return post(self.port, SIGN, headers, **self.form(**changes))

    def form(self, **changes: str) -> dict[str, str]:
        fields = {
            "name": "Amal Haddad",
            "residence": "Beirut, Lebanon",
            "occupation": "teacher",
            "email": "",
            "visibility": "recipient",
            "consent": "on",
            "website": "",
        }
        if "rendered" not in changes:
            fields["rendered"] = form_stamp(self.port)
        return fields | changes

    def manage(self, *arguments: str) -> str:
        """What a manage.py command printed; raises CalledProcessError where it fails."""
        return self.site.run(*self.site.manage(*arguments))

    def sql(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """The rows that a statement gives, committed at once."""
        database = psycopg2.connect(self.site.database_url)
        database.autocommit = True
        try:
            with database.cursor() as cursor:
                cursor.execute(statement, values or None)
                return cursor.fetchall() if cursor.description else []
        finally:
            database.close()

    def number(self, statement: str, *values: Any) -> int:
        return int(self.sql(statement, *values)[0][0])

    def dump(self) -> bytes:
        """The rows of every table, as pg_dump writes them."""
        program = _newest("pg_dump")
        done = subprocess.run(
            [program, "--data-only", "--dbname", self.site.database_url],
            check=True,
            stdout=subprocess.PIPE,
        )
        # `\restrict` carries a password of its own for every dump.
        lines = [line for line in done.stdout.splitlines() if not line.startswith(b"\\")]
        return b"\n".join(lines)

    def postgres_log(self) -> bytes:
        """What PostgreSQL wrote down about our statements."""
        ((folder,),) = self.sql("SHOW unix_socket_directories")
        return (Path(folder) / "server.log").read_bytes()


def _newest(program: str) -> str:
    found = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"))
    return str(found[-1]) if found else program


def until(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether `condition` became true within `seconds`."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(POLL)
    return True


@contextmanager
def running(
    command: list[str], env: dict[str, str], log: Path
) -> Iterator[subprocess.Popen[bytes]]:
    """A process of ours whose words go to `log`; ended, by its own number, at the end."""
    with log.open("ab") as file:
        process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=file, stderr=file)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
            process.wait()


def worker(rig: Rig) -> Any:
    """`manage.py db_worker`, as production runs it."""
    command = rig.site.manage("db_worker", "--queue-name", "*", "--interval", "0.2")
    return running(command, rig.site.env, rig.logs / "worker.log")


@contextmanager
def product(**changes: str) -> Iterator[Rig]:
    """The site with everything around it but the worker; `changes` are to its environment."""
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="letter-trust-")))
        logs = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="letter-trust-log-")))
        url = stack.enter_context(private_postgres())
        mail = stack.enter_context(mail_server())
        site = prepare(url, stack.enter_context(redis(data)), data)
        more = {"EMAIL_URL": f"smtp://127.0.0.1:{mail.port}/", "TRUSTED_PROXIES": "1", **changes}
        site = replace(site, env=site.env | more)
        port = free_port()
        stack.enter_context(running(_gunicorn(port), site.env, logs / "gunicorn.log"))
        wait_until_ready(port)
        rig = Rig(site, port, mail, data, logs)
        for setting, value in QUIET.items():
            rig.sql(f"ALTER SYSTEM SET {setting} = {value}")
        rig.sql("SELECT pg_reload_conf()")
        yield rig


def _gunicorn(port: int) -> list[str]:
    """As in the README, without the configuration of deploy/: nothing may depend on that."""
    flags = ["--bind", f"127.0.0.1:{port}", "--workers", "2", "--no-control-socket"]
    return [sys.executable, "-m", "gunicorn", *flags, WSGI]


__all__ = ["PAGE", "SIGN", "SLUG", "Rig", "product", "running", "until", "worker"]
