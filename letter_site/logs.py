"""Logs that a thief may read: events and places in the code, never people."""

from __future__ import annotations

import logging
import re
from copy import copy
from traceback import extract_tb
from types import TracebackType
from typing import Any

from pythonjsonlogger.json import JsonFormatter

TOKEN_PATH = re.compile(r"/s/[^/\s]+")


def address_of(request: Any) -> str:
    """Where `request` went, in the code's words: an address may hold a link, or what was typed."""
    match = getattr(request, "resolver_match", None)
    return f"/{match.route}" if match else "an address of no page"


def places(kind: type[BaseException], traceback: TracebackType | None) -> str:
    """An exception's type and the lines of code that led to it, innermost first; no values."""
    frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in extract_tb(traceback)]
    return " < ".join([kind.__name__, *reversed(frames)])


class PrivateJsonFormatter(JsonFormatter):
    """One JSON object a line. Tracebacks keep files, lines and exception types, not values.

    An exception's message may quote what a visitor typed, an address or a key, so it is left out.
    Of a request's address its route is written, and signers' links elsewhere become `/s/…`.
    """

    def __init__(self) -> None:
        super().__init__("{asctime}{levelname}{name}{message}", style="{", timestamp=False)

    def formatException(self, ei: Any) -> str:  # noqa: N802 (the base class's name)
        kind, _value, traceback = ei
        return places(kind, traceback)

    def format(self, record: logging.LogRecord) -> str:
        record = copy(record)
        # Django hangs the request on its records; its repr holds the address asked for.
        request = record.__dict__.pop("request", None)
        record.args = _without_address(record.args, request)
        # Another handler's formatter may have left a traceback with its values there.
        record.exc_text = None
        record.msg, record.args = TOKEN_PATH.sub("/s/…", record.getMessage()), None
        return super().format(record)


def _without_address(values: Any, request: Any) -> Any:
    path = getattr(request, "path", None)
    if not path or not isinstance(values, tuple):
        return values
    # As Django writes it, see `django.utils.log.log_message`.
    addresses = {path, path.encode("unicode_escape").decode("ascii")}
    return tuple(address_of(request) if value in addresses else value for value in values)
