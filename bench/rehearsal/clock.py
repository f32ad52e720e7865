"""The clock of web processes and worker goes 25 hours ahead while people sign, and back."""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path

from bench.postgres import NotHere, number_from, private_postgres, question
from bench.servers import redis
from bench.site import SLUG, prepare
from bench.trust.finding import Finding
from bench.trust.mail import MailServer, mail_server
from bench.trust.web import ask
from bench.visitors import PAGE, fetch
from bench.waiting import until

from .stage import folder, is_ready, web
from .visitors import Record, Visitor, answers, kept, let_people_sign, visitors

SPAN = 6.0  # seconds before, during and after
FRESH_WITHIN = 60.0  # seconds
COUNT = f"/letters/{SLUG}/count.json"
ACCEPTED = "SELECT count(*) FROM signatures_signature WHERE state = 'accepted'"
AHEAD_IDS = (
    "SELECT count(*) FROM signatures_signature WHERE created_at < now() + interval '1 hour'"
    " AND ('x' || substr(replace(id::text, '-', ''), 1, 12))::bit(48)::bigint"
    " > extract(epoch FROM now() + interval '1 hour') * 1000"
)
MAILS_LEFT = (
    "SELECT count(*) FROM signatures_signature WHERE email_sealed IS NOT NULL AND mailed_at IS NULL"
)
# Sees to one fault of libfaketime 0.9.10, see there.
SHIM = Path(__file__).resolve().parent / "faked"


class Clock:
    """A clock that can be put forward and back under running processes."""

    def __init__(self, place: Path, library: Path) -> None:
        self.file, self.library = place / "clock", library
        self.put("+0")

    def put(self, offset: str) -> None:
        """In libfaketime's words: `+25h`. By renaming, for it is read at every look."""
        new = self.file.with_suffix(".new")
        new.write_text(f"{offset}\n")
        new.rename(self.file)

    @property
    def env(self) -> dict[str, str]:
        """What lets a process go by this clock; timers go by the real one, as on a machine."""
        return {
            "LD_PRELOAD": str(self.library),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            "NO_FAKE_STAT": "1",
            "PYTHONPATH": str(SHIM),
        }


def _library() -> Path:
    """libfaketime for threads; raises NotHere."""
    found = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    if not found:
        raise NotHere("libfaketime is not installed here (Debian: apt install faketime).")
    return found[0]


def findings(chosen: argparse.Namespace) -> Iterator[Finding]:
    span, library = SPAN / 2 if chosen.quick else SPAN, _library()
    with ExitStack() as stack:
        data = stack.enter_context(folder())
        clock, url = Clock(data, library), stack.enter_context(private_postgres())
        site = prepare(url, stack.enter_context(redis(data)), data)
        mail = stack.enter_context(mail_server(MailServer()))
        site = replace(site, env=site.env | {"EMAIL_URL": f"smtp://127.0.0.1:{mail.port}/"})
        # What is accepted at once is counted at once, and the page shows it.
        question(url, "UPDATE letters_letter SET review = 'after'")
        faked = replace(site, env=site.env | clock.env)
        stack.enter_context(faked.worker(data / "worker.log"))
        port = stack.enter_context(web(faked)).port
        record = Record()
        with visitors(port, record, 6), visitors(port, record, 2, with_email=True):
            let_people_sign(span)
            clock.put("+25h")
            let_people_sign(span)
            ahead = _says_tomorrow(port)
            of_the_future = Visitor(port, 99, record, with_email=False)
            clock.put("+0")
            back = time.monotonic()
            let_people_sign(span)
        yield Finding("the site went by the clock that was ahead", ahead, True, ahead)
        yield _held(url, record, of_the_future)
        yield from kept(url, record)
        yield from answers(record, may_be_away=False)
        yield _fresh(url, port, back)
        behind = number_from(url, AHEAD_IDS)
        yield Finding("made after it was put back, with an id of the future", behind, 0, not behind)
        sent = until(lambda: not number_from(url, MAILS_LEFT), 60)
        yield Finding("every mail was sent", sent, True, sent)
        yield Finding("/readyz 200", is_ready(port), True, is_ready(port))


def _says_tomorrow(port: int) -> bool:
    """Whether the Date of an answer is not today's."""
    date = ask(port, "/healthz").header("Date")
    return time.strftime("%d %b", time.gmtime()) not in date


def _held(url: str, record: Record, visitor: Visitor) -> Finding:
    """What becomes of a form that was opened while the clock was ahead."""
    visitor.sign(visitor.form(0))
    key = record.acknowledged[-1].id
    [(state,)] = question(url, "SELECT state FROM signatures_signature WHERE id = %s", str(key))
    return Finding(
        "signed on a page of the future", state, "kept", state in {"pending", "accepted"}
    )


def _fresh(url: str, port: int, since: float) -> Finding:
    """Whether count and page show everybody soon after the clock was put back."""
    accepted = number_from(url, ACCEPTED)
    shown = f"{accepted:,}".encode()

    def agree() -> bool:
        return bool(json.loads(fetch(port, COUNT))["count"] == accepted) and shown in fetch(
            port, PAGE
        )

    fresh = until(agree, FRESH_WITHIN)
    seconds = time.monotonic() - since
    what = f"page and count show {accepted:,} after, s"
    return Finding(what, f"{seconds:.1f}", f"<= {FRESH_WITHIN}", fresh and seconds <= FRESH_WITHIN)
