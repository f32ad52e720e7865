"""When the public pages last changed, known to every process within a moment."""

from __future__ import annotations

import logging
import time

from django.core.cache import cache
from django.db import transaction
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

KEY = "pages-changed-at"
OWN_COPY = 0.2  # seconds for which a process does not ask the shared cache again
KEPT = 24 * 3600
CLOCKS_DIFFER = 10  # seconds, at most, between two machines

_own: dict[str, float] = {"asked_at": 0.0, "changed_at": 0.0}


def pages_change() -> None:
    """Let public pages be rendered anew once this transaction has committed."""
    transaction.on_commit(_mark)


def _mark() -> None:
    now = time.time()
    _own.update(asked_at=time.monotonic(), changed_at=now)
    try:
        cache.set(KEY, now, KEPT)
    except (OSError, RedisError):
        logger.warning("the cache is away; other processes will see the change a little later")


def pages_changed_at() -> float:
    """Seconds since the epoch of the last change, 0.0 where none is known.

    A change of the future was noted before the clock was put back: it is forgotten.
    """
    if time.monotonic() - _own["asked_at"] > OWN_COPY:
        try:
            changed_at = float(cache.get(KEY) or 0.0)
        except (OSError, RedisError):
            changed_at = 0.0
        known = [changed_at, _own["changed_at"]]
        latest = max((at for at in known if at <= time.time() + CLOCKS_DIFFER), default=0.0)
        _own.update(asked_at=time.monotonic(), changed_at=latest)
    return _own["changed_at"]
