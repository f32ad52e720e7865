"""Whether anybody can tell from the answers who has signed before, or whose signature is held."""

from __future__ import annotations

import random
import time
from collections import defaultdict
from collections.abc import Iterator

from bench.figures import auc

from .finding import Finding
from .rig import Rig
from .web import Answer, ask

TIMES = 500
LOW, HIGH = 0.45, 0.55
WORN = "192.0.2.200"  # an address that has signed too often
KINDS = ("new", "duplicate", "held", "rate-limited")


class Signers:
    """Signatures of four kinds, whose forms are equally long."""

    def __init__(self, rig: Rig, mailed: bool) -> None:
        self.rig = rig
        self.mailed = mailed
        self.stamp = rig.form()["rendered"]
        self.number = 0

    def form(self, kind: str, number: int) -> dict[str, str]:
        person = f"Amal {'m' if self.mailed else 'p'} {number:06}"
        return self.rig.form(
            name=person,
            email=f"{person.replace(' ', '')}@example.org" if self.mailed else "",
            website="spam" if kind == "held" else "",
            rendered=self.stamp,
        )

    def sign(self, kind: str) -> tuple[Answer, dict[str, str], float]:
        """The answer to one signature of `kind`, what was sent, and the seconds it took."""
        number = 0 if kind == "duplicate" else self._next()
        sender = (
            WORN
            if kind == "rate-limited"
            else f"198.18.{self._next() >> 8 & 255}.{self.number & 255}"
        )
        form = self.form(kind, number)
        began = time.perf_counter()
        answer = self.rig.sign({"X-Forwarded-For": sender}, **form)
        return answer, form, time.perf_counter() - began

    def _next(self) -> int:
        self.number += 1
        return self.number


def findings(rig: Rig) -> Iterator[Finding]:
    """Needs both limits on, as in production, and the refusing one out of reach."""
    for mailed in (False, True):
        signers = Signers(rig, mailed)
        signers.sign("duplicate")
        for _time in range(20):
            signers.sign("rate-limited")
        yield from _bytes(signers)
        yield from _times(signers)
    yield from _stored(rig)


def _with(signers: Signers) -> str:
    return "with e-mail" if signers.mailed else "without e-mail"


def _bytes(signers: Signers) -> Iterator[Finding]:
    seen = {}
    for kind in KINDS:
        answer, form, _taken = signers.sign(kind)
        page = ask(signers.rig.port, answer.header("Location"))
        secrets = (answer.token, form["name"], form["email"] or "-")
        seen[kind] = (answer.without(*secrets), page.without(*secrets))
    for kind in KINDS[1:]:
        same = sum(a == b for a, b in zip(seen[kind], seen["new"], strict=True))
        what = f"{kind}, {_with(signers)}: answers with equal bytes"
        yield Finding(what, f"{same} of 2", "2 of 2", same == 2)


def _times(signers: Signers) -> Iterator[Finding]:
    order = [*KINDS] * TIMES
    random.shuffle(order)
    taken: dict[str, list[float]] = defaultdict(list)
    for kind in order:
        answer, _form, seconds = signers.sign(kind)
        if answer.status != 303:
            raise RuntimeError(f"{kind} was answered with {answer.status}")
        taken[kind].append(seconds)
    for kind in KINDS[1:]:
        found = auc(taken["new"], taken[kind])
        what = f"{kind}, {_with(signers)}: AUC of {TIMES} times"
        yield Finding(what, f"{found:.3f}", f"{LOW} to {HIGH}", LOW <= found <= HIGH)


def _stored(rig: Rig) -> Iterator[Finding]:
    """That the kinds were what they were called."""
    states = dict(rig.sql("SELECT state, count(*) FROM signatures_signature GROUP BY state"))
    right = states.get("duplicate", 0) >= 2 * TIMES and states.get("pending", 0) >= 2 * TIMES
    yield Finding("states of what was stored", states, "duplicates, pending", right)
