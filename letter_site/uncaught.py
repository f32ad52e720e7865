"""What a process says when an error ends it: one line of the log, like everything else."""

from __future__ import annotations

import logging
import sys
from types import TracebackType

logger = logging.getLogger(__name__)


def log_uncaught(
    kind: type[BaseException], error: BaseException, traceback: TracebackType | None
) -> None:
    """Python's `sys.excepthook` of a production process, such as `db_worker` without its database.

    Python's own prints what the error says, which may be what a signer wrote. Somebody who sits at
    a terminal still sees that.
    """
    if sys.stderr.isatty() or not issubclass(kind, Exception):
        sys.__excepthook__(kind, error, traceback)
    else:
        logger.critical("an error ended this process", exc_info=(kind, error, traceback))
