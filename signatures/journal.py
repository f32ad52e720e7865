"""What signers took back, noted outside the database so that no old backup brings it back.

One line each: time, act, signature id, in `DATA_DIR/erasures.txt`. `restore` reads it.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterable, Iterator
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from .enums import Visibility

logger = logging.getLogger(__name__)


class Act(StrEnum):
    """What a signer did. The last three are the words of `Visibility`."""

    ERASED = "erased"
    WITHDRAWN = "withdrawn"
    NO_UPDATES = "no-updates"
    PUBLIC = Visibility.PUBLIC.value
    RECIPIENT = Visibility.RECIPIENT.value
    COUNTED = Visibility.COUNTED.value


class Entry(NamedTuple):
    """One line of the journal, without its time."""

    act: Act
    signature_id: UUID


LINE = re.compile(rf"\S+ ({'|'.join(Act)}) ([0-9a-f-]{{36}})\n")


def journal_path() -> Path:
    """Where this machine's journal lies."""
    return Path(settings.DATA_DIR) / "erasures.txt"


def journal_note(act: Act, signature_id: UUID) -> None:
    """Write one line when this transaction has committed; it is on the disk when this returns.

    A disk that is full stops no signer from leaving: what could not be written goes to the log.
    """
    line = f"{timezone.now():%Y-%m-%dT%H:%M:%SZ} {act} {signature_id}\n"
    transaction.on_commit(partial(_append, line))


def _append(line: str) -> None:
    try:
        path = journal_path()
        path.parent.mkdir(parents=True, exist_ok=True)
        file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        try:
            os.write(file, line.encode())
            os.fsync(file)
        finally:
            os.close(file)
    except OSError:
        # Add this line by hand: a restore would otherwise bring the signature back.
        logger.exception("the journal of erasures lacks a line", extra={"line": line.strip()})


def journal_entries(lines: Iterable[str]) -> Iterator[Entry]:
    """What `lines` say, in order; a line that a power cut tore is passed over."""
    for line in lines:
        if match := LINE.fullmatch(line):
            yield Entry(Act(match[1]), UUID(match[2]))
