"""People who sign one after another, and do not give up; and what became of their signatures."""

from __future__ import annotations

import base64
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import NamedTuple
from uuid import UUID

from bench.postgres import question
from bench.trust.finding import Finding
from bench.trust.web import Answer, post
from bench.visitors import SIGN, form_stamp
from bench.waiting import until

VISITORS = 8
ANSWER_WITHIN, BACK_WITHIN = 2.0, 15.0  # seconds
GLANCE = 0.05  # seconds between two looks at what is timed
LIVE = {"pending", "accepted"}


class Acknowledged(NamedTuple):
    """A signature that was answered for, and when (monotonic seconds)."""

    name: str
    id: UUID
    at: float


@dataclass
class Record:
    """What the visitors saw. Threads append to lists, which is atomic."""

    acknowledged: list[Acknowledged] = field(default_factory=list)
    unavailable: list[float] = field(default_factory=list)  # seconds until each 503
    broken: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def signed_after(self, moment: float) -> bool:
        return bool(self.acknowledged) and self.acknowledged[-1].at > moment


class Visitor:
    """Signs as one new person after another, each until it is answered for."""

    def __init__(self, port: int, number: int, record: Record, *, with_email: bool) -> None:
        self.port, self.number, self.record, self.with_email = port, number, record, with_email
        self.over = threading.Event()
        self.stamp = form_stamp(port)
        self.thread = threading.Thread(target=self._visit)

    def _visit(self) -> None:
        turn = 0
        while not self.over.is_set():
            if self.sign(self.form(turn)):
                turn += 1
            else:
                self.over.wait(0.2)

    def form(self, turn: int) -> dict[str, str]:
        person = f"{self.number} of turn {turn}"
        return {
            "name": f"Visitor {person}",
            "residence": "Springfield",
            "occupation": "Baker",
            "email": f"v-{self.number}-{turn}@example.org" if self.with_email else "",
            "visibility": "recipient",
            "consent": "on",
            "rendered": self.stamp,
        }

    def sign(self, form: dict[str, str]) -> bool:
        """Send one form once; whether it was answered with a signature's own page."""
        began = time.monotonic()
        try:
            answer = post(self.port, SIGN, None, **form)
        except (OSError, HTTPException) as error:
            self.record.broken.append(type(error).__name__)
            return False
        if answer.status == 303:
            key = signature_id(answer.token)
            self.record.acknowledged.append(Acknowledged(form["name"], key, time.monotonic()))
            return True
        if answer.status == 503:
            self.record.unavailable.append(time.monotonic() - began)
            self.record.wrong += faults(answer, form)
        else:
            self.record.wrong.append(f"answered {answer.status}")
        return False


def faults(answer: Answer, form: dict[str, str]) -> Iterator[str]:
    """What a 503 lacks."""
    if not answer.header("Retry-After"):
        yield "503 without Retry-After"
    if form["name"] not in answer.body.decode():
        yield "503 without what was typed"


def signature_id(token: str) -> UUID:
    """The id that the token of a signer's own page begins with."""
    return UUID(bytes=base64.urlsafe_b64decode(token)[:16])


@contextmanager
def visitors(
    port: int, record: Record, number: int = VISITORS, *, with_email: bool = False
) -> Iterator[None]:
    """Let so many sign as long as the block runs."""
    everybody = [Visitor(port, each, record, with_email=with_email) for each in range(number)]
    for visitor in everybody:
        visitor.thread.start()
    try:
        yield
    finally:
        for visitor in everybody:
            visitor.over.set()
        for visitor in everybody:
            visitor.thread.join()


def let_people_sign(seconds: float) -> None:
    """Let time pass in which visitors sign, or try to.

    Time, and no condition, for that is what is rehearsed: people who go on for so long before
    something breaks, while it is broken, and after it is mended, with whatever comes of it.
    """
    time.sleep(seconds)


def kept(url: str, record: Record) -> Iterator[Finding]:
    """Whether all that was answered for is there, once."""
    rows = question(url, "SELECT id, name, state FROM signatures_signature")
    stored = {str(row[0]) for row in rows}
    lost = sum(str(each.id) not in stored for each in record.acknowledged)
    live = Counter(name for _id, name, state in rows if state in LIVE)
    twice = sum(number > 1 for number in live.values())
    number = len(record.acknowledged)
    yield Finding("signatures that were answered for", number, "> 0", number > 0)
    yield Finding("of those, lost", lost, 0, lost == 0)
    yield Finding("people counted twice", twice, 0, twice == 0)


def answers(record: Record, *, may_be_away: bool = True) -> Iterator[Finding]:
    """Whether everybody was told the truth, and soon."""
    wrong = dict(Counter(record.wrong)) or "none"
    yield Finding("wrong answers", wrong, "none", not record.wrong)
    if not may_be_away:
        unavailable = len(record.unavailable)
        yield Finding("answers 503", unavailable, 0, not unavailable)
        return
    slowest = max(record.unavailable, default=0.0)
    what = f"the slowest of {len(record.unavailable)} answers 503, s"
    yield Finding(what, f"{slowest:.2f}", f"<= {ANSWER_WITHIN}", slowest <= ANSWER_WITHIN)
    yield Finding("connections that broke, and were made again", len(record.broken), "any", True)


def signing_again(what: str, seconds: float) -> Finding:
    """Whether people could sign soon enough after something was back."""
    return Finding(what, f"{seconds:.2f}", f"<= {BACK_WITHIN}", seconds <= BACK_WITHIN)


def seconds_until_signed(record: Record, moment: float, patience: float = 60.0) -> float:
    """Seconds from `moment` until somebody's signature was answered for; gives up in the end."""
    until(lambda: record.signed_after(moment), patience, GLANCE)
    return time.monotonic() - moment
