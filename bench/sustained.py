"""Ten times the record day, for minutes: python -m bench.sustained [--rows N] [--minutes N]

People sign with an e-mail address at a steady rate, whatever the answers cost, while workers send
the confirmation mails to a mail server on this machine and some people confirm. Then everything is
counted. Exit code 1 where a promise broke:

    every answer 303, 99 of 100 within 500 ms, no mail waits 10 minutes after the last signature,
    the table, the mails and the site's own count agree to the last one
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from typing import Any, NamedTuple

from .figures import percentile
from .fill import fill
from .load import Client, post
from .postgres import number_from, private_postgres
from .servers import gunicorn, redis, running
from .site import SLUG, WSGI, Site, prepare
from .trust.finding import Finding
from .trust.killed import TASKS
from .trust.mail import MailServer, Mood, mail_server, path
from .visitors import fetch, form_stamp, signers
from .waiting import until

CLIENTS = 16
CONFIRMING = 20  # one of so many confirms
P99 = 0.5  # seconds
EMPTY_WITHIN = 600  # seconds
EVERY = 1.0  # seconds between two counts of what waits, which take their time from the workers
SHOWN_WITHIN = 5  # seconds
UP_WITHIN = 5  # seconds for workers and web processes to load what they need
ALL = "SELECT count(*) FROM signatures_signature"
COUNTING = f"{ALL} WHERE state = 'accepted'"
WAITING = f"SELECT count(*) FROM {TASKS} WHERE status"
COUNT = f"/letters/{SLUG}/count.json"


class Before(NamedTuple):
    """How many rows there were, and how many of them counted."""

    all: int
    counting: int


class Mailboxes(MailServer):
    """Keeps nothing of the mails but, of one in CONFIRMING, the way to confirm."""

    def __init__(self) -> None:
        super().__init__()
        self.taken = 0
        self.ways: SimpleQueue[str] = SimpleQueue()

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken += 1
        if self.taken % CONFIRMING:
            return Mood.KIND.value
        answer = await super().handle_DATA(server, session, envelope)
        self.ways.put(path(self.delivered.pop(), "/confirm/"))
        return answer


@contextmanager
def workers(site: Site, number: int, log: Path) -> Iterator[None]:
    # As deploy/ starts them: whoever signs goes first.
    command = ["nice", "-n", "10", *site.manage("db_worker", "--queue-name", "*", "-v", "0")]
    with ExitStack() as stack:
        for _worker in range(number):
            stack.enter_context(running(command, site.env, log))
        yield


def confirm(port: int, ways: SimpleQueue[str], confirmed: list[int]) -> None:
    """Follow the links that come, as the owners of the mailboxes would."""
    client = Client(port)
    while True:
        status, _body = client.ask(post(ways.get(), b""))
        confirmed.append(status)


def sign(port: int, rate: float, seconds: float) -> tuple[list[float], dict[int, int]]:
    """Seconds of every answer from the moment it was due, and how often each status came."""
    context, stamp = get_context("fork"), form_stamp(port)
    began, signing = time.monotonic() + 1, []
    for number in range(CLIENTS):
        receive, send = context.Pipe(duplex=False)
        first, step = began + number / rate, CLIENTS / rate
        arguments = (port, stamp, number, first, step, began + seconds, send)
        process = context.Process(target=_sign, args=arguments)
        process.start()
        signing.append((process, receive))
    taken: list[float] = []
    statuses: dict[int, int] = {}
    for process, receive in signing:
        times, seen = receive.recv()
        taken += times
        statuses = {key: statuses.get(key, 0) + seen.get(key, 0) for key in {*statuses, *seen}}
        process.join()
    return taken, statuses


def _sign(
    port: int, stamp: str, number: int, due: float, step: float, end: float, send: Connection
) -> None:
    request = signers(stamp, with_email=True)(f"s{number}")
    client, taken, seen, turn = Client(port), [], dict[int, int](), 0
    while due < end:
        time.sleep(max(0.0, due - time.monotonic()))  # the rate, whatever an answer took
        status, _body = client.ask(request(turn))
        taken.append(time.monotonic() - due)
        seen[status] = seen.get(status, 0) + 1
        due, turn = due + step, turn + 1
    send.send((taken, seen))


def emptied(url: str) -> float:
    """Seconds until no mail waits; gives up after EMPTY_WITHIN."""
    began = time.monotonic()
    until(lambda: not number_from(url, f"{WAITING} IN ('READY', 'RUNNING')"), EMPTY_WITHIN, EVERY)
    return time.monotonic() - began


def findings(chosen: argparse.Namespace) -> Iterator[Finding]:
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="letter-sustained-")))
        url = stack.enter_context(private_postgres())
        site = prepare(url, stack.enter_context(redis(data)), data)
        fill(url, SLUG, chosen.rows)
        site.run(*site.manage("recount"))
        before = Before(number_from(url, ALL), number_from(url, COUNTING))
        mail = stack.enter_context(mail_server(Mailboxes()))
        site = replace(site, env=site.env | {"EMAIL_URL": f"smtp://127.0.0.1:{mail.port}/"})
        server = stack.enter_context(gunicorn(WSGI, site.env))
        confirmed: list[int] = []
        threading.Thread(
            target=confirm, args=(server.port, mail.ways, confirmed), daemon=True
        ).start()
        with workers(site, chosen.workers, data / "workers.log"):
            time.sleep(UP_WITHIN)  # a worker that is up has nothing to show for it before a mail
            taken, statuses = sign(server.port, chosen.rate, chosen.minutes * 60)
            left = number_from(url, f"{WAITING} = 'READY'")
            seconds = emptied(url)
        until(lambda: len(confirmed) >= len(taken) // CONFIRMING, SHOWN_WITHIN)
        yield from _verdicts(chosen, taken, statuses)
        empty = seconds < EMPTY_WITHIN
        yield Finding(f"seconds until {left} mails were sent", round(seconds), "< 600", empty)
        yield from _counted(url, server.port, len(taken), before, confirmed)


def _verdicts(
    chosen: argparse.Namespace, taken: list[float], statuses: dict[int, int]
) -> Iterator[Finding]:
    wanted = round(chosen.rate * chosen.minutes * 60)
    rate = len(taken) / (chosen.minutes * 60)
    what = f"signatures a second at {chosen.rows:,} rows"
    yield Finding(what, f"{rate:.1f}", chosen.rate, abs(len(taken) - wanted) <= CLIENTS)
    yield Finding("answers", statuses, "all 303", set(statuses) == {303})
    p50, p99 = (percentile(taken, share) * 1000 for share in (0.5, 0.99))
    yield Finding("p50, ms", round(p50), "", True)
    yield Finding("p99, ms", round(p99), "< 500", p99 < P99 * 1000)


def _counted(
    url: str, port: int, signed: int, before: Before, confirmed: list[int]
) -> Iterator[Finding]:
    stored = number_from(url, ALL) - before.all
    mailed = number_from(url, f"{ALL} WHERE mailed_at IS NOT NULL")
    yield Finding("signatures stored", stored, signed, stored == signed)
    yield Finding("of them mailed", mailed, signed, mailed == signed)
    good = len(confirmed) == signed // CONFIRMING and not set(confirmed) - {302, 303}
    yield Finding("of them confirmed", len(confirmed), signed // CONFIRMING, good)
    wanted = before.counting + len(confirmed)
    # Each web process keeps a copy for a second.
    right = until(lambda: _shown(port) == wanted == number_from(url, COUNTING), SHOWN_WITHIN)
    yield Finding("the site's count", wanted if right else _shown(port), wanted, right)


def _shown(port: int) -> int:
    return int(json.loads(fetch(port, COUNT))["count"])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.sustained", description=__doc__)
    parser.add_argument("--rows", type=int, default=6_100_000, help="before it (%(default)s)")
    parser.add_argument("--rate", type=float, default=333, help="signatures a second (%(default)s)")
    parser.add_argument("--minutes", type=float, default=10, help="of signing (%(default)s)")
    parser.add_argument("--workers", type=int, default=2, help="that send mails (%(default)s)")
    broken = 0
    for finding in findings(parser.parse_args()):
        print(finding, flush=True)
        broken += not finding.holds
    sys.exit(broken > 0)


if __name__ == "__main__":
    main()
