"""A riddle that costs a browser a second and a flood its machine, asked while a letter is attacked.

The format is ALTCHA's (version 1): find the number whose SHA-256 together with a salt is known.
The riddle carries its own signature and end, so none is stored until it has been solved; a solved
one is kept until it would have ended anyway, because the library takes it as often as it comes.
"""

from __future__ import annotations

import base64
import binascii
import json
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs

from altcha.v1 import ChallengeOptions, create_challenge, verify_solution
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone

LIVES = timedelta(minutes=30)
HARDEST = 60_000  # a phone of 2020 needs about three seconds for half of it
LONGEST = 2_000  # characters
CLOCKS_DIFFER = 60  # seconds, at most, between two machines
FIELDS: dict[str, type] = {
    "algorithm": str, "challenge": str, "number": int, "salt": str, "signature": str,
}  # fmt: skip


def _key() -> bytes:
    return sha256(b"proof-of-work:" + settings.SECRET_KEY.encode()).digest()


def challenge_make(letter_id: int) -> dict[str, Any]:
    """A riddle for one signature under one letter, as JSON values; it can be solved for LIVES."""
    options = ChallengeOptions(
        hmac_key=_key(),
        max_number=HARDEST,
        expires=timezone.now() + LIVES,
        params={"letter": str(letter_id)},
    )
    return dict(create_challenge(options).to_dict())


def solution_spend(solution: str, letter_id: int) -> bool:
    """Whether `solution` (base64 of JSON) solves a riddle of this letter, the first time it comes.

    Raises what the cache raises while it is away: then nobody knows whether it has come before.
    """
    found = _read(solution)
    if found is None or not _may_be_solved(found["salt"], letter_id):
        return False
    solved, _why = verify_solution(found, _key())  # type: ignore[call-overload]
    spent = f"proof-spent:{sha256(found['signature'].encode()).hexdigest()}"
    return bool(solved and cache.add(spent, 1, LIVES.total_seconds() + 2 * CLOCKS_DIFFER))


def _may_be_solved(salt: str, letter_id: int) -> bool:
    """Whether it is a riddle of this letter, and none of the future.

    That one was made before the clock was put back, and would outlive the note that it was solved.
    """
    asked = parse_qs(salt.partition("?")[2])
    end = asked.get("expires", [""])[-1]
    if asked.get("letter") != [str(letter_id)] or not end.isdecimal():
        return False
    return int(end) <= (timezone.now() + LIVES).timestamp() + CLOCKS_DIFFER


def _read(solution: str) -> dict[str, Any] | None:
    if not solution or len(solution) > LONGEST:
        return None
    try:
        found = json.loads(base64.b64decode(solution, validate=True))
    except (binascii.Error, ValueError, RecursionError):
        return None
    if not isinstance(found, dict):
        return None
    fits = all(type(found.get(name)) is kind for name, kind in FIELDS.items())
    return found if fits and found["algorithm"] == "SHA-256" else None
