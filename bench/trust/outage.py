"""A mail server that refuses for some minutes while people go on signing, and then is back."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

from bench.figures import percentile

from .finding import Finding
from .mail import Mood
from .rig import Rig, until, worker

A_SECOND = 2  # signatures
#: The waits of signatures.services.mailing that an outage of ten minutes can meet, in seconds.
LONGEST_WAIT = 11 * 60
LIMIT = 0.5  # seconds for one signature, at the 95th percentile


def findings(rig: Rig, minutes: float) -> Iterator[Finding]:
    """Half of the time 451 to every recipient, half of it no server at all."""
    with worker(rig):
        rig.mail.mood = Mood.BUSY
        taken = _sign(rig, minutes * 30, "busy")
        asked = rig.mail.asked
        rig.mail.close()
        taken += _sign(rig, minutes * 30, "gone")
        meanwhile = len(rig.mail.delivered)
        rig.mail.mood = Mood.KIND
        rig.mail.open()
        back = time.monotonic()
        complete = until(lambda: len(rig.mail.delivered) >= len(taken), LONGEST_WAIT)
        waited = time.monotonic() - back
        time.sleep(5)  # what must not come, a mail too many, has no moment to wait for
    signed = len(taken)
    kept = rig.number("SELECT count(*) FROM signatures_signature WHERE email_key IS NOT NULL")
    mails = Counter(str(message["To"]) for message in rig.mail.delivered)
    yield Finding("signatures kept of those answered", kept, signed, kept == signed)
    p95 = percentile(taken, 0.95) * 1000
    yield Finding("sign p95 during the outage, ms", round(p95), "< 500", p95 < LIMIT * 1000)
    yield Finding("mails delivered meanwhile", meanwhile, 0, bool(asked) and not meanwhile)
    yield Finding("mailboxes with a mail afterwards", len(mails), signed, complete)
    yield Finding("most mails to one mailbox", max(mails.values()), 1, max(mails.values()) == 1)
    yield Finding("seconds until the last was there", round(waited), f"< {LONGEST_WAIT}", complete)


def _sign(rig: Rig, seconds: float, name: str) -> list[float]:
    """Sign at a steady pace; the seconds that each answer took."""
    taken: list[float] = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        form = rig.form(email=f"{name}-{len(taken)}@example.org", name=f"{name} {len(taken)}")
        began = time.perf_counter()
        answer = rig.sign(**form)
        taken.append(time.perf_counter() - began)
        if answer.status != 303:
            raise RuntimeError(f"a signature was answered with {answer.status}")
        time.sleep(max(0.0, 1 / A_SECOND - taken[-1]))  # the pace, whatever an answer took
    return taken
