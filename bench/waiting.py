"""Waiting for something to become true."""

from __future__ import annotations

import time
from collections.abc import Callable

POLL = 0.2  # seconds between two looks


def until(condition: Callable[[], bool], seconds: float, every: float = POLL) -> bool:
    """Whether `condition` became true within `seconds`, looked at `every` so many seconds."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= end:
            return False
        time.sleep(every)  # between two looks, which cost what is looked at something too
    return True
