"""`./run rehearsal`: kill web processes and PostgreSQL while people sign, and count what is left.

On loopback, with a PostgreSQL and a Redis of its own, durable as in production. A visitor who gets
no answer, or 503, sends the same form again, as the page asks. Exit code 1 where a promise broke:

    0 signatures lost that were answered for, 0 people counted twice, 503 with Retry-After and what
    was typed within 2 seconds while the database is away, signing again 15 seconds after it is back
"""

from __future__ import annotations

import argparse
import base64
import os
import random
import re
import shlex
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode
from uuid import UUID

import psycopg2

from .postgres import private_postgres
from .servers import ROOT, Server, gunicorn, redis
from .site import SLUG, WSGI, prepare

VISITORS = 8
PATH = f"/letters/{SLUG}/sign/"
FORM = {"content-type": "application/x-www-form-urlencoded"}
ANSWER_WITHIN, BACK_WITHIN = 2.0, 15.0  # seconds
SETTLE = 10.0  # seconds in which the last web process to be killed has come back
CONFIG = ["-c", str(ROOT / "deploy" / "gunicorn.conf.py")]


@dataclass
class Record:
    """What the visitors saw. Threads append to lists, which is atomic."""

    acknowledged: list[tuple[str, UUID]] = field(default_factory=list)
    answered_at: list[float] = field(default_factory=list)
    unavailable: list[float] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


def ask(port: int, form: dict[str, str]) -> tuple[int, dict[str, str], str, float]:
    """Status, headers, body and seconds of one post; raises OSError or HTTPException."""
    began = time.monotonic()
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("POST", PATH, urlencode(form), FORM)
        answer = connection.getresponse()
        headers = {name.lower(): value for name, value in answer.getheaders()}
        return answer.status, headers, answer.read().decode(), time.monotonic() - began
    finally:
        connection.close()


def stamp_of(port: int) -> str:
    """The signed time that a visitor's form carries."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", f"/letters/{SLUG}/")
    found = re.search(r'name="rendered" value="([^"]+)"', connection.getresponse().read().decode())
    connection.close()
    if not found:
        sys.exit("The letter's page holds no form.")
    return found[1]


def visit(port: int, number: int, record: Record, over: threading.Event, stamp: str) -> None:
    """Sign as one new person after another until it is `over`, each until it is answered for."""
    for turn in range(1_000_000):
        name = f"Visitor {number} of turn {turn}"
        form = {"name": name, "residence": "Springfield", "occupation": "Baker", "consent": "on",
                "visibility": "recipient", "rendered": stamp}  # fmt: skip
        while not sign(port, form, record):
            if over.is_set():
                return
            time.sleep(0.2)
        if over.is_set():
            return


def sign(port: int, form: dict[str, str], record: Record) -> bool:
    """Send one form once; whether it was answered with a signature's own page."""
    try:
        status, headers, body, seconds = ask(port, form)
    except (OSError, HTTPException) as error:
        record.broken.append(type(error).__name__)
        return False
    if status == 303:
        record.acknowledged.append((form["name"], signature_id(headers["location"])))
        record.answered_at.append(time.monotonic())
        return True
    if status != 503:
        record.wrong.append(f"answered {status}")
    else:
        record.unavailable.append(seconds)
        if "retry-after" not in headers:
            record.wrong.append("503 without Retry-After")
        if form["name"] not in body:
            record.wrong.append("503 without what was typed")
    return False


def signature_id(location: str) -> UUID:
    token = location.rstrip("/").rpartition("/")[2]
    return UUID(bytes=base64.urlsafe_b64decode(token)[:16])


def kill_web(server: Server, times: int, chance: random.Random) -> None:
    for _turn in range(times):
        pid = server.process.pid
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        os.kill(int(chance.choice(children)), signal.SIGKILL)
        time.sleep(1.0)


def kill_postgres(cluster: Path, times: int, record: Record) -> Iterator[float]:
    """Kill the postmaster, leave it away for 3 s, start it; seconds until somebody signed again."""
    for _turn in range(times):
        postmaster = int((cluster / "postmaster.pid").read_text().split()[0])
        os.kill(postmaster, signal.SIGKILL)
        time.sleep(3.0)
        started = time.monotonic()
        start_postgres(cluster)
        while not (record.answered_at and record.answered_at[-1] > started):
            time.sleep(0.05)
            if time.monotonic() - started > 60:
                break
        yield time.monotonic() - started
        time.sleep(1.0)


def start_postgres(cluster: Path) -> None:
    """Start it with the options it had; what the killed one left behind may delay it a moment."""
    command = shlex.split((cluster / "postmaster.opts").read_text())
    program, log = Path(command[0]).with_name("pg_ctl"), cluster / "rehearsal.log"
    options = ["-w", "-t", "30", "-l", str(log), "-o", shlex.join(command[3:])]
    words = [str(program), "-D", str(cluster), *options, "start"]
    if os.geteuid() == 0:
        words = ["runuser", "-u", "postgres", "--", *words]
    for _try in range(20):
        if not subprocess.run(words, cwd="/", stdout=subprocess.DEVNULL, check=False).returncode:
            return
        time.sleep(0.5)
    sys.exit("PostgreSQL did not start again.")


def question(url: str, sql: str) -> list[tuple[str, ...]]:
    connection = psycopg2.connect(url)
    with connection.cursor() as cursor:
        cursor.execute(sql)
        rows = cursor.fetchall()
    connection.close()
    return list(rows)


def verdict(url: str, record: Record, back: list[float]) -> bool:
    """Say what is left, and whether every promise held."""
    rows = question(url, "SELECT id, name, state FROM signatures_signature")
    stored = {str(row[0]) for row in rows}
    lost = [name for name, key in record.acknowledged if str(key) not in stored]
    live = Counter(name for _key, name, state in rows if state in {"pending", "accepted"})
    doubled = [name for name, number in live.items() if number > 1]
    slowest = max(record.unavailable, default=0.0)
    longest = max(back, default=0.0)
    print(f"acknowledged {len(record.acknowledged):,}, stored {len(rows):,}")
    print(f"acknowledged and lost: {len(lost)}; people counted twice: {len(doubled)}")
    late = sum(seconds > ANSWER_WITHIN for seconds in record.unavailable)
    print(f"503: {len(record.unavailable)}, the slowest after {slowest:.2f} s, {late} too late")
    print(f"connections that broke, sent again: {len(record.broken)}")
    print(f"signing again after a restart of PostgreSQL: {longest:.2f} s at most")
    print(f"wrong answers: {dict(Counter(record.wrong)) or 'none'}")
    in_time = slowest <= ANSWER_WITHIN and longest <= BACK_WITHIN
    return in_time and not (lost or doubled or record.wrong) and bool(record.acknowledged)


def rehearse(web: int, database: int, seed: int) -> bool:
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="letter-rehearsal-")))
        url = stack.enter_context(private_postgres())
        cluster = Path(question(url, "SHOW data_directory")[0][0])
        site = prepare(url, stack.enter_context(redis(data)), data)
        server = stack.enter_context(gunicorn(WSGI, site.env, *CONFIG))
        record, over, stamp = Record(), threading.Event(), stamp_of(server.port)
        visitors = [
            threading.Thread(target=visit, args=(server.port, number, record, over, stamp))
            for number in range(VISITORS)
        ]
        for visitor in visitors:
            visitor.start()
        try:
            kill_web(server, web, random.Random(seed))
            time.sleep(SETTLE)
            back = list(kill_postgres(cluster, database, record))
        finally:
            over.set()
            for visitor in visitors:
                visitor.join()
        return verdict(url, record, back)


def main() -> None:
    parser = argparse.ArgumentParser(prog="./run rehearsal", description=__doc__)
    parser.add_argument("--web", type=int, default=20, help="web processes to kill (%(default)s)")
    parser.add_argument("--database", type=int, default=10, help="postmasters (%(default)s)")
    parser.add_argument("--seed", type=int, default=1989, help="which processes are chosen")
    chosen = parser.parse_args()
    held = rehearse(chosen.web, chosen.database, chosen.seed)
    print("Every promise held." if held else "A PROMISE BROKE.")
    sys.exit(not held)


if __name__ == "__main__":
    main()
