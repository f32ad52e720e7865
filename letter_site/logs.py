"""Logs that a thief may read: events and places in the code, never people."""

from __future__ import annotations

import logging
import re

from pythonjsonlogger.json import JsonFormatter

TOKEN_PATH = re.compile(r"/s/[^/\s]+")


class PrivateJsonFormatter(JsonFormatter):
    """One JSON object a line. Tracebacks keep files, lines and exception types, not values.

    An exception's message may quote what a visitor typed, an address or a key, so it is left out;
    signers' links are shortened to `/s/…`.
    """

    def __init__(self) -> None:
        super().__init__("{asctime}{levelname}{name}{message}", style="{", timestamp=False)

    def formatException(self, exc_info: object) -> str:  # noqa: N802 (the base class's name)
        kind, _value, traceback = exc_info  # type: ignore[misc]
        places = []
        while traceback is not None:
            code = traceback.tb_frame.f_code
            places.append(f"{code.co_filename}:{traceback.tb_lineno} {code.co_name}")
            traceback = traceback.tb_next
        return " < ".join([getattr(kind, "__name__", str(kind)), *reversed(places)])

    def format(self, record: logging.LogRecord) -> str:
        # Django hangs the request on its records; its repr holds the address asked for.
        record.__dict__.pop("request", None)
        return TOKEN_PATH.sub("/s/…", super().format(record))
