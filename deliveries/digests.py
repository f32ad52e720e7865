"""The salted digest of a row: its owner can check it with a shell, nobody can guess another's.

The digest of a row is the SHA-256 (FIPS 180-4) of these eight lines as UTF-8, each ended by one LF,
the last one too:

    salt            32 lower-case hexadecimal digits
    number          decimal, without leading zeros
    name
    residence
    occupation
    signed_on       ISO 8601 calendar date
    confirmation
    source

A signature that is only counted has the words "name withheld" and two empty lines there. The e-mail
address is no part of it. In a shell:

    printf '%s\\n' SALT 4711 'NAME' 'RESIDENCE' 'OCCUPATION' 2011-06-04 mailbox web | sha256sum

`digests.txt`, which is public, has a line "NUMBER DIGEST" for each row in the order of the list;
`salts.txt`, which only the recipient gets, has "NUMBER SALT" alike.
"""

from __future__ import annotations

import hashlib
import hmac
from shlex import quote

from signatures.exporters import ExportRow


def derive_salt(*, pepper: bytes, delivery: str, signature: str) -> str:
    """The salt of a signature in a delivery: 16 bytes of HMAC-SHA-256 (RFC 2104) in hexadecimal.

    `delivery` and `signature` name the two (a number or id). Derived, it need not be stored.
    """
    message = f"delivery-salt\n{delivery}\n{signature}".encode()
    return hmac.digest(pepper, message, "sha256")[:16].hex()


def row_digest(row: ExportRow, salt: str) -> str:
    """The digest of `row`, 64 lower-case hexadecimal digits."""
    lines = "".join(f"{field}\n" for field in _fields(row, salt))
    return hashlib.sha256(lines.encode()).hexdigest()


def check_commands(row: ExportRow, salt: str, digests_url: str) -> list[str]:
    """Three lines for a shell with which its owner checks `row` against the public digests."""
    arguments = " ".join(map(quote, _fields(row, salt)))
    return [
        f"digest=$(printf '%s\\n' {arguments} | sha256sum | cut -d ' ' -f 1)",
        f"curl -s {quote(digests_url)} -o digests.txt",
        f'grep -x "{row.number} $digest" digests.txt && echo "Your signature is in the delivery."',
    ]


def _fields(row: ExportRow, salt: str) -> list[str]:
    signed = (row.number, row.name, row.residence, row.occupation, row.signed_on)
    return [salt, *map(str, signed), row.confirmation, row.source]
