"""One mail from bytes to the people who sign in it."""

from __future__ import annotations

import hashlib
import re
from email.message import Message
from email.parser import BytesParser
from itertools import takewhile
from unicodedata import bidirectional

from signatures.normalise import clean_text
from signatures.validators import BIDI_CONTROLS

from .fourlines import find_signers
from .kinds import kind_of
from .lines import Role, read_lines
from .message import MOST_TEXT, ShortHeaders, Unreadable, header, parse, text_of
from .parsed import Confidence, Kind, ParsedMessage, ParsedSigner
from .phrases import REMOVAL
from .values import find_address, is_address

LONGEST_LINE = 100_000
LONGEST_HEAD = 64 * 1024
LONGEST_ID = 200
OWN_WORDS = 20_000
_REASONS = {
    Kind.BOUNCE: "a mail server returned a message",
    Kind.AUTO_REPLY: "a program answered, not a person",
    Kind.SPAM: "marked as spam or sent in bulk",
    Kind.REMOVAL: "asks to be taken off the list: a person should read it",
    Kind.NOTHING: "no filled-in lines were found",
}


def read_message(data: bytes) -> ParsedMessage:
    """Read the bytes of one mail. Never raises: whatever is wrong with it stands in `reason`.

    Limits: 5 MB, 200 parts, 10 levels, 256 KB of text; beyond the last one only the beginning is
    read, and `reason` says so.
    """
    try:
        message = parse(data)
        return _read(message, _message_id(message, data), data)
    except Unreadable as refused:
        return _refused(data, str(refused))
    except Exception as error:  # noqa: BLE001 the email package fails in ways of its own on
        # hostile bytes, and one message must not end the import of a hundred thousand
        return _refused(data, f"its structure cannot be read ({type(error).__name__})")


def message_ref(data: bytes) -> str:
    """Return the `message_id` that `read_message` gives, from the headers alone: ten times faster.

    Only for skipping what is known: a message that cannot be read, or has very long headers, gets
    another one from `read_message`.
    """
    head = BytesParser(policy=ShortHeaders()).parsebytes(data[:LONGEST_HEAD], headersonly=True)
    return _message_id(head, data)


def _refused(data: bytes, reason: str) -> ParsedMessage:
    return ParsedMessage(_digest(data), Kind.REFUSED, reason=reason)


def _read(message: Message, message_id: str, data: bytes) -> ParsedMessage:
    text, signers = _best_reading(message)
    kind = kind_of(message) or (Kind.REMOVAL if REMOVAL.search(_own_words(message, text)) else None)
    if kind:
        return ParsedMessage(message_id, kind, (), _REASONS[kind], text)
    if not signers:
        return ParsedMessage(message_id, Kind.NOTHING, (), _REASONS[Kind.NOTHING], text)
    return ParsedMessage(message_id, Kind.SIGNATURE, signers, _damage(data, text), text)


def _best_reading(message: Message) -> tuple[str, tuple[ParsedSigner, ...]]:
    """The plain form; the HTML form when nobody is found in the plain one."""
    plain = text_of(message)[:MOST_TEXT]
    signers = find_signers(plain)
    if signers:
        return plain, signers
    rich = text_of(message, prefer="html")[:MOST_TEXT]
    found = find_signers(rich) if rich != plain else ()
    return (rich, found) if found else (plain, ())


def _own_words(message: Message, text: str) -> str:
    """The subject and what the sender wrote above the first quotation."""
    lines = read_lines(text[:OWN_WORDS])
    own = takewhile(lambda line: line.role is not Role.BORDER and not line.depth, lines)
    return "\n".join([header(message, "Subject"), *(line.text for line in own)])


def _damage(data: bytes, text: str) -> str:
    """What of the message does not stand in the lines that were read from it."""
    lost = {
        "longer than 256 KB: only the beginning was read": len(text) >= MOST_TEXT,
        "NUL bytes were left out": b"\0" in data or "\0" in text,
        "characters that change the direction of the text were left out": not (
            BIDI_CONTROLS.isdisjoint(map(bidirectional, set(text)))
        ),
        "a very long line was cut": len(text) < MOST_TEXT
        and any(len(line) > LONGEST_LINE for line in data.split(b"\n")),
    }
    return "; ".join(remark for remark, is_so in lost.items() if is_so)


def _message_id(message: Message, data: bytes) -> str:
    found = re.search(r"<\s*([^<>\s]+)\s*>", header(message, "Message-ID"))
    if found and found[1].isprintable() and len(found[1]) <= LONGEST_ID:
        return found[1]
    return _digest(data)


def _digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def read_row(row: dict[str, str]) -> ParsedSigner | None:
    """Read one row of a CSV or XLSX, keyed by the four fields; None when it names nobody.

    The header said what each cell is, so it is taken as it is, in the shape that `clean_text`
    gives. An e-mail cell may hold its address in brackets or as a link.
    """
    name, residence, occupation, email = (
        clean_text(row.get(field, "")) for field in ("name", "residence", "occupation", "email")
    )
    if not name:
        return None
    confidence = Confidence.ROW if residence and occupation else Confidence.LINE_MISSING
    address = find_address(email) if is_address(email) else email
    return ParsedSigner(name, residence, occupation, address, confidence)
