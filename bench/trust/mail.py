"""A mail server that can be moody, and everything that was delivered to it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import Enum
from typing import Any, TypeVar

from aiosmtpd.controller import Controller

from bench.postgres import free_port


class Mood(Enum):
    """What a recipient is answered (RFC 5321, 4.2)."""

    KIND = "250 OK"
    BUSY = "451 4.3.0 Try again later"
    FULL = "452 4.2.2 Mailbox full"
    STRICT = "550 5.1.1 No such mailbox"


class MailServer:
    """Listens on one port of 127.0.0.1; `close` lets connections be refused."""

    def __init__(self) -> None:
        self.port = free_port()
        self.mood = Mood.KIND
        self.delivered: list[EmailMessage] = []
        self.asked = 0
        self.delay = 0.0  # seconds until a recipient is answered
        self._controller: Controller | None = None

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        self.asked += 1
        await asyncio.sleep(self.delay)  # a slow server is what some of the questions are about
        if self.mood is Mood.KIND:
            envelope.rcpt_tos.append(address)
        return self.mood.value

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        message = message_from_bytes(envelope.content, policy=policy.default)
        self.delivered.append(message)
        return "250 OK"

    def open(self) -> None:
        if self._controller is None:
            self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
            self._controller.start()

    def close(self) -> None:
        if self._controller is not None:
            self._controller.stop()
            self._controller = None

    def to(self, address: str) -> list[EmailMessage]:
        """The mails to `address`, oldest first."""
        return [message for message in self.delivered if message["To"] == address]


Server = TypeVar("Server", bound=MailServer)


@contextmanager
def mail_server(server: Server) -> Iterator[Server]:
    """Let it listen for the time of the block."""
    server.open()
    try:
        yield server
    finally:
        server.close()


def paths(message: EmailMessage) -> list[str]:
    """The paths of this site's links in the plain text of a mail."""
    body = message.get_body(("plain",))
    text = body.get_content() if body else ""
    return [f"/{found}" for found in re.findall(r"https?://[^/\s]+/(\S+)", text)]


def path(message: EmailMessage, ending: str) -> str:
    """The path of the link that ends so; raises StopIteration where there is none."""
    return next(found for found in paths(message) if found.endswith(ending))
