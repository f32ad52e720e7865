"""A visitor that keeps every byte of an answer, headers included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection
from urllib.parse import urlencode

PATIENCE = 30  # seconds
Fields = Mapping[str, str | list[str]]  # of a form; a list is a field that is there several times


@dataclass(frozen=True)
class Answer:
    """One answer as it came: headers in their order, body as bytes."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def header(self, name: str) -> str:
        """All values of one header, joined; empty where there is none."""
        return ", ".join(value for key, value in self.headers if key.lower() == name.lower())

    @property
    def token(self) -> str:
        """The token in `Location: /s/<token>/`."""
        return self.header("Location").rstrip("/").rpartition("/")[2]

    def without(self, *secrets: str) -> bytes:
        """The whole answer as bytes, each of `secrets` struck out, and the clock's header."""
        lines = [f"{name}: {value}" for name, value in self.headers if name != "Date"]
        whole = b"\n".join([str(self.status).encode(), "\n".join(lines).encode(), self.body])
        for secret in secrets:
            whole = whole.replace(secret.encode(), b"-")
        return whole


def ask(
    port: int,
    path: str,
    method: str = "GET",
    form: Fields | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answer:
    """One request over a connection of its own; `form` makes the body of a POST."""
    body = urlencode(form, doseq=True).encode() if form is not None else None
    sent = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(method, path, body, {**sent, **(headers or {})})
        answer = connection.getresponse()
        return Answer(answer.status, tuple(answer.getheaders()), answer.read())
    finally:
        connection.close()


def post(port: int, path: str, headers: Mapping[str, str] | None = None, **form: str) -> Answer:
    """POST a form."""
    return ask(port, path, "POST", form, headers)
