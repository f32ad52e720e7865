"""The exact characters that people sign, and their digest.

The canonical text of a letter in one language is

    To: <addressee lines joined by ", ">
    Cc: <copies joined by "; ">
    From: <sender>
    Date: <ISO 8601 calendar date>
    Language: <language tag, such as en or zh-hans>
    Title: <title>
    <empty line>
    <the Markdown of the letter>

as UTF-8 in Unicode Normalization Form C (Unicode Standard Annex #15), without a byte order mark,
with LF line ends, no spaces or tabs at the end of a line, no empty lines before or after the
Markdown, and one LF at the end. Every header line is there even when it says nothing (`Cc:`). White
space inside a header value is folded to single spaces and empty lines among addressees and copies
are left out. The digest is the SHA-256 (FIPS 180-4) of those bytes in 64 lower-case hexadecimal
digits, so `sha256sum FILE` of a file with that text prints it.

Two spaces at a line's end mean nothing here: a line break in Markdown is written with a backslash.
"""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import date
from typing import TypedDict, Unpack


class SignedParts(TypedDict):
    """What the canonical text is made of; addressees and copies one a line, the body Markdown."""

    addressee: str
    cc: str
    sender: str
    letter_date: date
    language: str
    title: str
    body: str


def canonical_body(body: str) -> str:
    """`body` (Markdown) as it is signed, without the final line end. Idempotent."""
    lines = unicodedata.normalize("NFC", body).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\n".join(line.rstrip(" \t") for line in lines).strip("\n")


def canonical_text(**parts: Unpack[SignedParts]) -> str:
    """The whole text in this module's format, as keyword arguments name its parts."""
    header = {
        "To": ", ".join(_lines(parts["addressee"])),
        "Cc": "; ".join(_lines(parts["cc"])),
        "From": _folded(parts["sender"]),
        "Date": parts["letter_date"].isoformat(),
        "Language": parts["language"],
        "Title": _folded(parts["title"]),
    }
    lines = [f"{name}: {value}".rstrip() for name, value in header.items()]
    return "\n".join([*lines, "", canonical_body(parts["body"]), ""])


def text_digest(**parts: Unpack[SignedParts]) -> str:
    """SHA-256 of the canonical text's UTF-8 bytes: 64 lower-case hexadecimal digits."""
    return hashlib.sha256(canonical_text(**parts).encode("utf-8")).hexdigest()


def _lines(value: str) -> list[str]:
    return [line for line in map(_folded, value.splitlines()) if line]


def _folded(value: str) -> str:
    return " ".join(unicodedata.normalize("NFC", value).split())
