"""Everything that production runs, for the time of a question."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.postgres import number_from, private_postgres, programs, question
from bench.servers import gunicorn, redis
from bench.site import SLUG, WSGI, Site, prepare
from bench.visitors import PAGE, SIGN, form_stamp
from bench.waiting import until

from .mail import MailServer, mail_server
from .web import Answer, post

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
        return question(self.site.database_url, statement, *values)

    def number(self, statement: str, *values: Any) -> int:
        return number_from(self.site.database_url, statement, *values)

    def dump(self) -> bytes:
        """The rows of every table, as pg_dump writes them."""
        done = subprocess.run(
            [programs() / "pg_dump", "--data-only", "--dbname", self.site.database_url],
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


def worker(rig: Rig) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """The worker of `rig`, whose words are kept beside those of the web processes."""
    return rig.site.worker(rig.logs / "worker.log")


@contextmanager
def product(**changes: str) -> Iterator[Rig]:
    """The site with everything around it but the worker; `changes` are to its environment."""
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="letter-trust-")))
        logs = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="letter-trust-log-")))
        url = stack.enter_context(private_postgres())
        mail = stack.enter_context(mail_server(MailServer()))
        site = prepare(url, stack.enter_context(redis(data)), data)
        more = {"EMAIL_URL": f"smtp://127.0.0.1:{mail.port}/", "TRUSTED_PROXIES": "1", **changes}
        site = replace(site, env=site.env | more)
        # As in the README, without the configuration of deploy/: nothing may depend on that.
        server = gunicorn(WSGI, site.env, "--log-level", "info", log=logs / "gunicorn.log")
        rig = Rig(site, stack.enter_context(server).port, mail, data, logs)
        for setting, value in QUIET.items():
            rig.sql(f"ALTER SYSTEM SET {setting} = {value}")
        rig.sql("SELECT pg_reload_conf()")
        yield rig


__all__ = ["PAGE", "SIGN", "SLUG", "Rig", "product", "until", "worker"]
