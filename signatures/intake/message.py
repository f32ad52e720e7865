"""The bytes of one mail (RFC 5322, MIME RFC 2045 to 2049) to its headers and its text.

The standard library's parser reads them under limits that hold while it reads: a stranger chooses
what comes in here. Attachments are never decoded.
"""

from __future__ import annotations

import email.errors
import email.header
import re
from collections.abc import Iterator
from email.message import Message
from email.parser import BytesParser
from email.policy import Compat32
from typing import Any

from .charsets import decode
from .html_text import html_to_text

MOST_BYTES = 5 * 1024 * 1024
MOST_LINES = 100_000
MOST_PARTS = 200
DEEPEST_PART = 10
MOST_TEXT = 256 * 1024
LONGEST_HEADER = 4_000
READABLE = {"text/plain", "text/html", "text/enriched", "text/markdown", "text/x-markdown"}
FORWARDED = "\n---------- Forwarded message ----------\n"
_BASE64 = re.compile(r"[A-Za-z0-9+/=\s_-]*[^A-Za-z0-9+/=\s_-]?[A-Za-z0-9+/=\s_-]*")


class Unreadable(ValueError):
    """The message breaks a limit; its text says which, in one clause without personal data."""


class ShortHeaders(Compat32):
    """Cuts headers to 4,000 characters: parsing a parameter list costs the square of its length."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = sourcelines[0].split(":", 1)
        whole = value.lstrip(" \t") + "".join(sourcelines[1:])
        return name, whole[:LONGEST_HEADER].rstrip("\r\n")


class _Part(Message):
    """A part that knows how deep it stands, and refuses to go too deep."""

    depth = 0

    def attach(self, payload: Message) -> None:  # type: ignore[override]
        """Take a part of this one, as the parser does before it reads it."""
        payload.depth = self.depth + 1  # type: ignore[attr-defined]
        if self.depth >= DEEPEST_PART:
            raise Unreadable(f"parts inside parts, more than {DEEPEST_PART} deep")
        super().attach(payload)


def parse(data: bytes) -> Message:
    """Return the message. Raises Unreadable beyond 5 MB, 100,000 lines, 200 parts, 10 levels."""
    if len(data) > MOST_BYTES:
        raise Unreadable(f"larger than {MOST_BYTES // 1024**2} MB")
    if data.count(b"\n") + data.count(b"\r") > MOST_LINES:
        raise Unreadable(f"more than {MOST_LINES} lines")
    parts = 0

    def counted(**arguments: object) -> Message:
        nonlocal parts
        parts += 1
        if parts > MOST_PARTS:
            raise Unreadable(f"more than {MOST_PARTS} parts")
        return _Part(**arguments)  # type: ignore[arg-type]

    return BytesParser(counted, policy=ShortHeaders()).parsebytes(data)


def header(message: Message, name: str) -> str:
    """Return a header as text: RFC 2047 words and raw 8-bit bytes decoded, folded lines joined."""
    raw: Any = message.get(name, "")  # a Header where it holds raw bytes
    try:
        pieces = email.header.decode_header(str(raw) if isinstance(raw, str) else _raw(raw))
        text = "".join(_piece(*piece) for piece in pieces)
    except (email.errors.HeaderParseError, ValueError):
        text = str(raw)
    return re.sub(r"\s+", " ", text.replace("\0", "")).strip()


def _raw(value: email.header.Header) -> str:
    """The header's own characters: Compat32 wraps values that hold raw 8-bit bytes."""
    return decode(b"".join(_octets(text) for text, _ in email.header.decode_header(value)))


def _octets(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape")


def _piece(text: str | bytes, charset: str | None) -> str:
    return text if isinstance(text, str) else decode(text, charset or "")


def text_of(message: Message, prefer: str = "plain") -> str:
    """Return everything a reader sees, in order; forwarded mails below a border of their own.

    `prefer` chooses between the forms of a multipart/alternative, `plain` or `html`. What is an
    attachment, and what is not text, is left alone.
    """
    return "\n".join(_texts(message, prefer))


def _texts(part: Message, prefer: str) -> Iterator[str]:
    kind = part.get_content_type()
    if kind == "message/rfc822":
        for inner in _children(part):
            yield FORWARDED
            yield from _texts(inner, prefer)
    elif _is_attachment(part):
        return
    elif kind == "multipart/alternative" and _children(part):
        yield from _texts(_chosen(_children(part), prefer), prefer)
    elif part.is_multipart():
        for child in _children(part):
            yield from _texts(child, prefer)
    elif kind in READABLE or part.get_content_maintype() == "multipart":
        yield _text(part)  # a multipart without its boundary is the text it holds


def _is_attachment(part: Message) -> bool:
    disposition = part.get_content_disposition()
    return disposition == "attachment" or (disposition is not None and bool(part.get_filename()))


def _children(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [child for child in payload if isinstance(child, Message)] if part.is_multipart() else []


def _chosen(forms: list[Message], prefer: str) -> Message:
    """The preferred form; another when that one is missing or blank."""
    ranked = sorted(forms, key=lambda form: form.get_content_type() != f"text/{prefer}")
    filled = (form for form in ranked if form.is_multipart() or _text(form).strip())
    return next(filled, ranked[0])


def _text(part: Message) -> str:
    data = _content(part)[: 4 * MOST_TEXT]
    declared = _parameter(part, "charset")
    if part.get_content_subtype() == "html":
        return html_to_text(decode(data, declared or _meta_charset(data))[:MOST_TEXT])
    text = decode(data, declared)[:MOST_TEXT].replace("\r\n", "\n")
    if part.get_content_subtype() == "plain" and _parameter(part, "format").lower() == "flowed":
        return _unflowed(text, _parameter(part, "delsp").lower() == "yes")
    return html_to_text(text) if _is_html(text) else text


def _parameter(part: Message, name: str) -> str:
    try:
        value = part.get_param(name, "")
    except (ValueError, IndexError):  # malformed RFC 2231 continuations
        return ""
    return str(value[2] if isinstance(value, tuple) else value or "")


def _content(part: Message) -> bytes:
    """The decoded bytes; text that only claims to be base64 comes back as it is."""
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    if encoding == "base64" and not _BASE64.fullmatch(str(part.get_payload())):
        part.replace_header("content-transfer-encoding", "8bit")
    decoded = part.get_payload(decode=True)
    return decoded if isinstance(decoded, bytes) else b""


def _meta_charset(data: bytes) -> str:
    found = re.search(
        rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([\w.:-]{1,40})", data[:5_000], re.IGNORECASE
    )
    return found[1].decode("ascii", "replace") if found else ""


def _is_html(text: str) -> bool:
    return bool(
        re.match(r"\s*<(?:!doctype html|html|body|div|p|table)\b", text[:500], re.IGNORECASE)
    )


def _unflowed(text: str, joined: bool) -> str:
    """Undo format=flowed (RFC 3676): a line that ends in a space goes on in the next one."""
    lines: list[str] = []
    flowing = False
    for line in text.split("\n"):
        marks = len(line) - len(line.lstrip(">"))
        content = line[marks:].removeprefix(" ")
        if flowing and lines and marks == len(lines[-1]) - len(lines[-1].lstrip(">")):
            lines[-1] += content
        else:
            lines.append(line[:marks] + (" " if marks else "") + content)
        flowing = content.endswith(" ") and content != "-- "
        if flowing and joined:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)
