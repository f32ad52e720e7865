"""Redis is killed and comes back; then the worker is. Signing goes on, and says what is amiss."""

from __future__ import annotations

import argparse
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from bench.postgres import NotHere, free_port, number_from, private_postgres, question
from bench.servers import redis_command
from bench.site import Site, prepare
from bench.trust.finding import Finding
from bench.trust.killed import AN_HOUR_LATER, TASKS
from bench.trust.mail import MailServer, mail_server
from bench.waiting import until

from .stage import folder, is_ready, readyz, web
from .visitors import Acknowledged, Record, answers, kept, let_people_sign, visitors

PERSONS = 4
SPAN, IN_FLIGHT = 4.0, 1.0  # seconds
LIMITS = {"SIGN_RATE_HOLD": "1000000/10m", "SIGN_RATE_REFUSE": "1000000/10m"}
DUE_FOR_LONG = (
    f"UPDATE {TASKS} SET enqueued_at = enqueued_at - interval '11 minutes' WHERE status = 'READY'",
    (
        f"UPDATE {TASKS} SET started_at = started_at - interval '11 minutes',"
        " finished_at = finished_at - interval '11 minutes'"
    ),
)
HELD = "SELECT count(*) FROM signatures_signature WHERE id = ANY(%s::uuid[]) AND state = 'pending'"
LEFT = f"SELECT count(*) FROM {TASKS} WHERE status = 'RUNNING'"
WAITING = f"SELECT count(*) FROM {TASKS} WHERE status = 'READY'"


class Redis:
    """One that can be killed, and started again on the same port."""

    def __init__(self, place: Path) -> None:
        if not shutil.which("redis-server"):
            raise NotHere("redis-server is not installed here (Debian: apt install redis-server).")
        self.place, self.port = place, free_port()
        self.start()

    def start(self) -> None:
        command = redis_command(self.place, self.port)
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@dataclass
class Scene:
    """The running site, and what can be taken from it."""

    site: Site
    port: int
    redis: Redis
    mail: MailServer
    record: Record

    def ask(self, sql: str, *values: object) -> int:
        return number_from(self.site.database_url, sql, *values)

    def change(self, *statements: str) -> None:
        for statement in statements:
            question(self.site.database_url, statement)

    def worker(self) -> AbstractContextManager[subprocess.Popen[bytes]]:
        return self.site.worker(Path(self.site.env["DATA_DIR"]) / "worker.log")

    def says(self, part: str, word: str, seconds: float) -> tuple[str, bool]:
        """What /readyz says of `part` in the end, and whether it was `word` soon enough."""
        soon = until(lambda: readyz(self.port).get(part) == word, seconds)
        return str(readyz(self.port).get(part)), soon


@contextmanager
def scene() -> Iterator[Scene]:
    with ExitStack() as stack:
        data = stack.enter_context(folder())
        redis = Redis(data)
        stack.callback(redis.kill)
        mail = stack.enter_context(mail_server(MailServer()))
        url = stack.enter_context(private_postgres())
        site = prepare(url, f"redis://127.0.0.1:{redis.port}/0", data)
        more = {"EMAIL_URL": f"smtp://127.0.0.1:{mail.port}/", **LIMITS}
        site = replace(site, env=site.env | more)
        server = stack.enter_context(web(site))
        yield Scene(site, server.port, redis, mail, Record())


def findings(chosen: argparse.Namespace) -> Iterator[Finding]:
    span = SPAN / 2 if chosen.quick else SPAN
    with scene() as at:
        with visitors(at.port, at.record, PERSONS, with_email=True):
            with at.worker() as process:
                let_people_sign(span)
                yield from _without_redis(at, span)
                at.mail.delay = 0.2  # so that it is killed in the middle of a mail
                let_people_sign(1.0)
                process.kill()
                process.wait()
            number = len(at.record.acknowledged)
            let_people_sign(span)
            signed = len(at.record.acknowledged) - number
        yield Finding("signed while the worker was away", signed, "> 0", signed > 0)
        yield from _without_worker(at)
        yield from kept(at.site.database_url, at.record)
        yield from answers(at.record, may_be_away=False)
        yield from _mailed(at)


def _without_redis(at: Scene, span: float) -> Iterator[Finding]:
    at.redis.kill()
    let_people_sign(IN_FLIGHT)
    before = len(at.record.acknowledged)
    said, honest = at.says("cache", "away", 5)
    let_people_sign(span)
    meanwhile = [str(each.id) for each in at.record.acknowledged[before:]]
    at.redis.start()
    held = at.ask(HELD, meanwhile)
    yield Finding("/readyz without Redis, cache", said, "away", honest)
    signed = len(meanwhile)
    yield Finding("signed while Redis was away", signed, "> 0", signed > 0)
    yield Finding("of those, held for a person", held, signed, held == signed)
    ready = until(lambda: is_ready(at.port), 15)
    yield Finding("/readyz 200 with Redis back", ready, True, ready)
    let_people_sign(IN_FLIGHT)
    before = len(at.record.acknowledged)
    let_people_sign(span)
    after = [str(each.id) for each in at.record.acknowledged[before:]]
    held = at.ask(HELD, after)
    yield Finding(f"of {len(after)} signed then, held", held, 0, bool(after) and not held)


def _without_worker(at: Scene) -> Iterator[Finding]:
    """Ten minutes later, by the database; and with a worker again, two hours later."""
    running, waiting = at.ask(LEFT), at.ask(WAITING)
    yield Finding("work that the killed worker left behind", running, "> 0", running > 0)
    yield Finding("work that waits for a worker", waiting, "> 0", waiting > 0)
    at.change(*DUE_FOR_LONG)
    said, honest = at.says("worker", "away", 5)
    status = readyz(at.port)["status"]
    yield Finding("/readyz without a worker, worker", said, "away", honest)
    yield Finding("/readyz without a worker", status, "200: people sign", status == 200)
    at.mail.delay = 0.0
    with at.worker():
        said, green = at.says("worker", "ok", 30)
        yield Finding("/readyz with a worker, worker", said, "ok", green)
        until(lambda: not at.ask(WAITING), 120)
        at.change(*AN_HOUR_LATER)
        at.site.run(*at.site.manage("chase_mails"))  # the hourly timer's
        until(lambda: not at.ask(WAITING), 60)


def _mailed(at: Scene) -> Iterator[Finding]:
    mails = Counter(str(message["To"]) for message in at.mail.delivered)
    signed = {address_of(each) for each in at.record.acknowledged}
    missed = len(signed - mails.keys())
    most = max(mails.values(), default=0)
    yield Finding("people whose mail was never sent", missed, 0, missed == 0)
    twice = sum(number > 1 for number in mails.values())
    yield Finding("people who got it twice", twice, "<= 1: in the air", twice <= 1 and most <= 2)


def address_of(signed: Acknowledged) -> str:
    """The address that the visitor of that name gave."""
    number, turn = signed.name.removeprefix("Visitor ").split(" of turn ")
    return f"v-{number}-{turn}@example.org"
