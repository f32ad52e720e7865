"""A live IMAP mailbox (RFC 9051), read-only: nothing is marked, moved or deleted."""

from __future__ import annotations

import ipaddress
import os
import ssl
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError, ProtocolError

from .items import Item, SourceError
from .mailboxes import TOO_LARGE
from .message import MOST_BYTES

BATCH = 50
MOST_ATTEMPTS = 5
TIMEOUT = 60.0
PASSWORD = "IMAP_PASSWORD"  # noqa: S105 the variable's name
_CUT = (IMAPClientAbortError, ProtocolError, OSError)


@dataclass(frozen=True)
class Address:
    """Where a mailbox is: `imaps://user@host:port/folder`, percent-encoded where needed."""

    host: str
    port: int
    is_secure: bool
    user: str
    password: str
    folder: str


def parse_address(url: str) -> Address:
    """Return the parts of an IMAP URL (RFC 5092); the password from it or from IMAP_PASSWORD.

    Raises SourceError without a host, user or password, and for `imap://` to another machine:
    a password and people's names would cross the network in the clear.
    """
    parts = urlsplit(url)
    is_secure = parts.scheme.lower() == "imaps"
    password = unquote(parts.password or "") or os.environ.get(PASSWORD, "")
    if not parts.hostname or not parts.username:
        raise SourceError("Write the mailbox as imaps://user@host/folder.")
    if not is_secure and not _is_loopback(parts.hostname):
        raise SourceError("imap:// is only for this machine; use imaps://.")
    if not password:
        raise SourceError(f"Set {PASSWORD} to the mailbox's password.")
    try:
        port = parts.port or (993 if is_secure else 143)
    except ValueError as error:
        raise SourceError("The port of the mailbox is not a number.") from error
    folder = unquote(parts.path.strip("/")) or "INBOX"
    return Address(parts.hostname, port, is_secure, unquote(parts.username), password, folder)


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def read_imap(
    url: str, after: str = "", pause: Callable[[float], object] = time.sleep
) -> Iterator[Item]:
    """Return the messages of a folder by ascending UID, those up to the ref `after` left out.

    A connection that breaks is made again, after 1, 2, 4 and 8 seconds of `pause`, and reading
    goes on behind the last message; five failures in a row raise SourceError, as do a refused
    password, a folder that is not there, and one whose UIDs were given anew (UIDVALIDITY).
    """
    address = parse_address(url)
    return _Reader(address, after).items(pause)


class _Reader:
    """One reading of a folder, over as many connections as it takes."""

    def __init__(self, address: Address, after: str) -> None:
        self._address = address
        self._after = after
        self._validity: int | None = None
        self._last = 0

    def items(self, pause: Callable[[float], object]) -> Iterator[Item]:
        failures = 0
        while True:
            before = self._last
            try:
                yield from self._connected()
                return
            except _CUT as error:
                failures = 1 if self._last > before else failures + 1
                if failures >= MOST_ATTEMPTS:
                    raise SourceError("The mail server keeps breaking the connection.") from error
                pause(2.0 ** (failures - 1))

    def _connected(self) -> Iterator[Item]:
        with _connect(self._address) as client:
            self._select(client)
            uids = client.search(["UID", f"{self._last + 1}:*"])
            waiting = sorted(uid for uid in uids if uid > self._last)  # `n:*` has the last one too
            for start in range(0, len(waiting), BATCH):
                yield from self._batch(client, waiting[start : start + BATCH])

    def _select(self, client: IMAPClient) -> None:
        try:
            validity = client.select_folder(self._address.folder, readonly=True)[b"UIDVALIDITY"]
        except _CUT:
            raise
        except IMAPClientError as error:
            raise SourceError("The mail server has no such folder.") from error
        if self._validity not in {None, validity}:
            raise SourceError("The mailbox was rebuilt while it was read; start again.")
        if self._validity is None:
            self._last = _last_uid(self._after, validity)
        self._validity = validity

    def _batch(self, client: IMAPClient, uids: list[int]) -> Iterator[Item]:
        sizes = client.fetch(uids, ["RFC822.SIZE"])
        for uid in uids:
            ref = f"imap:{self._validity}:{uid}"
            size = sizes.get(uid, {}).get(b"RFC822.SIZE")
            found = _fetch(client, ref, uid, size) if size is not None else None
            self._last = uid
            if found:
                yield found


def _connect(address: Address) -> IMAPClient:
    context = ssl.create_default_context() if address.is_secure else None
    try:
        client = IMAPClient(
            address.host, address.port, ssl=address.is_secure, ssl_context=context, timeout=TIMEOUT
        )
        client.login(address.user, address.password)
    except ssl.SSLCertVerificationError as error:
        raise SourceError("Nobody vouches for the mail server's certificate.") from error
    except LoginError as error:
        if isinstance(error.__context__, IMAPClientAbortError):
            raise error.__context__ from None  # the line was cut; nobody was refused
        raise SourceError("The mail server refused the user or the password.") from error
    return client


def _fetch(client: IMAPClient, ref: str, uid: int, size: int) -> Item | None:
    """One message; None when somebody deleted it in between."""
    if size > MOST_BYTES:
        return Item(ref, problem=TOO_LARGE)
    answer = client.fetch([uid], ["BODY.PEEK[]"]).get(uid)
    return Item(ref, answer[b"BODY[]"]) if answer else None


def _last_uid(after: str, validity: int) -> int:
    """The UID of the ref to go on behind; 0 when its folder has been given other UIDs since."""
    scheme, _, rest = after.partition(":")
    known, _, uid = rest.partition(":")
    is_same = scheme == "imap" and known == str(validity)
    return int(uid) if is_same and uid.isdecimal() else 0
