"""Deliver again and again while signatures arrive: python -m bench.delivery_race [--rounds 20]

Each round is one `manage.py deliver` of the whole list while 50 people a second sign over HTTP. No
row may be there twice, none missing of those accepted before the start, numbers have no gaps, and
the counts are those of the manifest. Ends with exit code 1 where one of these does not hold.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Event, Thread

from deliveries.verify import verify

from .load import Client, Request
from .postgres import private_postgres, question
from .servers import gunicorn, measured
from .site import SLUG, WSGI, Site, prepare
from .visitors import form_stamp, signers

THREADS = 10
ACCEPTED = "SELECT id FROM signatures_signature WHERE state = 'accepted'"
ROWS = """SELECT number, signature_id FROM deliveries_deliveryrow
 WHERE delivery_id = (SELECT id FROM deliveries_delivery WHERE number = %s)"""


class Crowd:
    """People who sign at a steady rate, each as somebody else, until they are told to stop."""

    def __init__(self, port: int, rate: float) -> None:
        self.port, self.pause = port, THREADS / rate
        self.answers: list[int] = []
        self.done = Event()
        stamp = form_stamp(port)
        self.done.wait(5)  # a form that is sent at once is held for a person to look at
        people = signers(stamp, with_email=False)
        self.threads = [Thread(target=self._sign, args=[people(str(n))]) for n in range(THREADS)]

    def _sign(self, person: Request) -> None:
        client, due, number = Client(self.port), time.monotonic(), 0
        while not self.done.wait(max(0.0, due - time.monotonic())):
            status, _body = client.ask(person(number))
            self.answers.append(status)
            number, due = number + 1, due + self.pause


@contextmanager
def signing(port: int, rate: float) -> Iterator[Crowd]:
    """A crowd that signs for the time of the block."""
    crowd = Crowd(port, rate)
    for thread in crowd.threads:
        thread.start()
    try:
        yield crowd
    finally:
        crowd.done.set()
        for thread in crowd.threads:
            thread.join()


def faults(site: Site, number: int, before: set[object]) -> Iterator[str]:
    """What does not hold of the delivery with that number."""
    folder = Path(site.env["DATA_DIR"]) / "deliveries" / str(number)
    (packet,) = folder.glob("*.zip")
    yield from (check.sentence for check in verify(packet) if not check.ok)
    manifest = json.loads((packet.with_suffix("") / "manifest.json").read_bytes())
    with (packet.with_suffix("") / "signatures.csv").open(encoding="utf-8-sig", newline="") as file:
        listed = [int(row["number"]) for row in csv.DictReader(file)]
    rows = dict(question(site.database_url, ROWS, number))
    if not listed == sorted(rows) == list(range(1, len(rows) + 1)):
        yield "the numbers have gaps"
    if len(set(rows.values())) != len(rows):
        yield "a signature is there twice"
    if missing := len(before - set(rows.values())):
        yield f"{missing} accepted before the start are missing"
    if manifest["counts"]["total"] != len(rows):
        yield f"the manifest counts {manifest['counts']['total']}, there are {len(rows)}"


def race(site: Site, rounds: int) -> int:
    """Deliver `rounds` times; how many rounds went wrong."""
    wrong = 0
    for number in range(1, rounds + 1):
        before = {row[0] for row in question(site.database_url, ACCEPTED)}
        command = site.manage("deliver", "--letter", SLUG, "--recipient", "European Parliament")
        seconds, _memory = measured(command, site.env)
        found = list(faults(site, number, before))
        after = len(question(site.database_url, ACCEPTED))
        total = len(question(site.database_url, ROWS, number))
        print(
            f"round {number:2}: {len(before):,} accepted before, {total:,} delivered, {after:,} "
            f"after, {seconds:.1f} s: {'; '.join(found) or 'all holds'}",
            flush=True,
        )
        wrong += bool(found)
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--start", type=int, default=5_000, help="signatures before the first")
    parser.add_argument("--rate", type=float, default=50, help="signatures a second")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="letter-race-")))
        site = prepare(stack.enter_context(private_postgres()), "", data)
        # Signatures without a mailbox count at once and are looked at later.
        question(site.database_url, "UPDATE letters_letter SET review = 'after'")
        site.run(*site.manage("demo_signatures", str(chosen.start)))
        server = stack.enter_context(gunicorn(WSGI, site.env))
        began = time.monotonic()
        with signing(server.port, chosen.rate) as crowd:
            wrong = race(site, chosen.rounds)
        rate = len(crowd.answers) / (time.monotonic() - began)
        bad = sum(status != 303 for status in crowd.answers)
    print(
        f"{wrong} of {chosen.rounds} rounds went wrong; {rate:.1f} signatures a second, {bad} bad"
    )
    return 1 if wrong or bad else 0


if __name__ == "__main__":
    sys.exit(main())
