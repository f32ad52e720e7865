"""Read by a Python that runs under libfaketime: lets `time.sleep` work.

libfaketime 0.9.10 takes the end of a nap, which Python gives by the monotonic clock, for a moment
of the faked one, and then the system refuses it (EINVAL). `select` naps by a span instead.
"""

from __future__ import annotations

import select
import time
from typing import SupportsIndex


def sleep(seconds: float | SupportsIndex) -> None:
    select.select([], [], [], float(seconds))


time.sleep = sleep
