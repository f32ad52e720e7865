"""What visitors send: the page they ask for, and the form they fill in."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlencode

from .load import Client, Request, get, post
from .site import SLUG

PAGE = f"/letters/{SLUG}/"
SIGN = f"/letters/{SLUG}/sign/"
COMPRESSED = {"Accept-Encoding": "br"}
RENDERED = re.compile(rb'name="rendered" value="([^"]+)"')


def fetch(port: int, path: str, headers: dict[str, str] | None = None) -> bytes:
    """The body of the page at `path`; raises ValueError for an answer that is not 200."""
    status, body = Client(port).ask(get(path, headers))
    if status != 200:
        raise ValueError(f"{path} answers {status}")
    return body


def form_stamp(port: int) -> str:
    """The hidden field that a browser would send back."""
    found = RENDERED.search(fetch(port, PAGE))
    if found is None:
        raise ValueError("the letter's page has no form")
    return found[1].decode()


def signers(stamp: str, *, with_email: bool, path: str = SIGN) -> Callable[[str], Request]:
    """Visitors who each sign again and again, every time as somebody else."""
    fixed = {
        "residence": "Beirut, Lebanon",
        "occupation": "teacher",
        "visibility": "public",
        "consent": "on",
        "website": "",
        "rendered": stamp,
    }

    def client(own: str) -> Request:
        def request(number: int) -> bytes:
            email = f"amal-{own}-{number}@example.org" if with_email else ""
            name = f"Amal Haddad {own} {number}"
            return post(path, urlencode({"name": name, "email": email, **fixed}).encode())

        return request

    return client
