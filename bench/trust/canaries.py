"""People that can be found again, sent through every door of the product; then the search."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

from redis import Redis

from .finding import Finding
from .mail import Mood, path
from .rig import PAGE, SIGN, SLUG, Rig, until, worker
from .web import Answer, ask, post

ADDRESS, AGENT = "203.0.113.77", "CanaryBrowser/7.7"
HEADERS = {
    "X-Forwarded-For": f"198.51.100.9, {ADDRESS}",
    "User-Agent": AGENT,
    "Cookie": "canarycookie=ck77; sessionid=ck77ck77; csrftoken=ck77",
    "Referer": "https://canary-referrer.example/where/from",
    "Accept-Language": "rm-CH",
}
MACHINES = ["ip=127.0.0.1", ADDRESS, "198.51.100.9", AGENT, "ck77", "canary-referrer", "rm-CH"]
MAILBOX = "canary-mail.example"
GONE, KEPT = "Zwitscherle", "Kanariensohn"
PUBLIC_PAGES = [
    "/", "/letters/", PAGE, f"{PAGE}signatures/", f"{PAGE}signatures.json", f"{PAGE}count.json",
    f"{PAGE}statistics/", f"{PAGE}updates/", f"{PAGE}updates.atom", f"{PAGE}share/",
    f"{PAGE}share.png", f"{PAGE}qr.svg", f"{PAGE}embed/", "/privacy/", "/deliveries/", "/fr/",
    "/healthz", "/readyz", "/robots.txt", "/sitemap.xml", "/nothing/", "/s/nothing/",
]  # fmt: skip
MALFORMED = [
    f"GET {PAGE}?name={KEPT} HTTP/9.9\r\n\r\n",
    f"GET {PAGE} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-{KEPT} name: {ADDRESS}\r\n\r\n",
    f"{KEPT} {PAGE} HTTP/1.1\r\n\r\n",
    f"GET {PAGE} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {KEPT}\r\n\r\n",
]


class Walk:
    """One canary after the other, each with a name and a mailbox of its own."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.numbers = count(1)
        self.tokens: list[str] = []
        self.mailbox = ""

    def sign(self, name: str, *, mailed: bool = True, **changes: str) -> str:
        """Sign as `name`; the address of the signer's own page."""
        number = next(self.numbers)
        self.mailbox = f"{name}.{number}@{MAILBOX}".lower() if mailed else ""
        fields = {
            "name": f"{name} {number}",
            "residence": f"{name}dorf",
            "occupation": f"{name}zucht",
            "email": self.mailbox,
        }
        answer = self.rig.sign(HEADERS, **{**fields, **changes})
        if answer.status != 303:
            raise RuntimeError(f"{name} was answered with {answer.status}")
        self.tokens.append(answer.token)
        return f"/s/{answer.token}/"

    def mailed(self, ending: str) -> str:
        """The link in the mail that has come to the last mailbox."""
        if not until(lambda: bool(self.rig.mail.to(self.mailbox)), 20):
            raise RuntimeError("no mail came")
        return path(self.rig.mail.to(self.mailbox)[-1], ending)

    def press(self, where: str, **form: str) -> Answer:
        """GET a page as people do, then POST it."""
        ask(self.rig.port, where, headers=HEADERS)
        answer = post(self.rig.port, where, HEADERS, **form)
        self.tokens.append(answer.token)
        return answer

    def confirm(self) -> str:
        """Confirm by the mailed link; the address of the page under its new token."""
        return self.press(self.mailed("/confirm/")).header("Location")


def findings(rig: Rig) -> Iterator[Finding]:
    """Send the canaries through, then look for them everywhere."""
    walk = Walk(rig)
    with worker(rig):
        _read(rig)
        _sign_and_stay(walk)
        _sign_and_leave(walk)
        _be_refused(walk)
        _meet_failures(walk)
    yield from _search(rig, [token for token in walk.tokens if len(token) == 44])


def _read(rig: Rig) -> None:
    for page in PUBLIC_PAGES:
        ask(rig.port, page, headers=HEADERS)


def _sign_and_stay(walk: Walk) -> None:
    walk.sign(KEPT, mailed=False)
    walk.sign(KEPT, visibility="public", wants_updates="on")
    own = walk.confirm()
    corrected = {"residence": f"{KEPT}burg", "occupation": f"{KEPT}ei", "visibility": "public"}
    walk.press(f"{own}change/", name=f"{KEPT} 2b", **corrected)
    walk.press(f"{own}change/", name="", **corrected)
    walk.sign(KEPT, website="https://spam.example")


def _sign_and_leave(walk: Walk) -> None:
    walk.sign(GONE, visibility="public")
    walk.press(f"{walk.confirm()}withdraw/")
    walk.sign(GONE, visibility="counted", wants_updates="on")
    walk.press(f"{walk.confirm()}erase/")
    walk.sign(GONE)
    walk.press(walk.mailed("/not-me/"))


def _be_refused(walk: Walk) -> None:
    """Answers of 4xx: 400, 403, 404, 405, 413, 422, 429, and what no HTTP server can read."""
    rig = walk.rig
    person = {"name": f"{GONE} 422", "email": f"{GONE}@@{MAILBOX}", "residence": GONE}
    rig.sign(HEADERS, **person, occupation="")
    post(rig.port, SIGN, {**HEADERS, "Sec-Fetch-Site": "cross-site"}, **person)
    post(rig.port, "/nothing/", HEADERS, **person)
    post(rig.port, PAGE, HEADERS, **person)
    post(rig.port, SIGN, HEADERS, name=f"{GONE} 413" * 40_000)
    post(rig.port, SIGN, {**HEADERS, "Content-Type": "multipart/form-data"}, **person)
    form = rig.form(name=f"{KEPT} 429", email="")
    while rig.sign(HEADERS, **form).status != 429:
        pass
    for request in MALFORMED:
        with socket.create_connection(("127.0.0.1", rig.port), 10) as raw:
            raw.sendall(request.encode())
            raw.recv(65536)


def _meet_failures(walk: Walk) -> None:
    """A forced 500 while signing and on a signer's own page; tasks and mails that fail."""
    rig = walk.rig
    other = {**HEADERS, "X-Forwarded-For": f"198.51.100.9, {ADDRESS[:-1]}8"}
    person = {"name": f"{GONE} 500", "email": f"{GONE}.500@{MAILBOX}", "visibility": "public"}
    form = rig.form(**person)
    with _without(rig, "signatures_signature"):
        statuses = {rig.sign(other, **form).status}
        statuses.add(ask(rig.port, f"/s/{walk.tokens[0]}/", headers=HEADERS).status)
    if statuses != {500}:
        raise RuntimeError(f"no failure could be forced: {statuses}")
    for mood in (Mood.BUSY, Mood.STRICT):
        rig.mail.mood, asked = mood, rig.mail.asked
        rig.sign(other, **rig.form(**{**person, "name": f"{KEPT} {mood.name}"}))
        until(lambda asked=asked: rig.mail.asked > asked, 20)  # type: ignore[misc]
    rig.mail.mood = Mood.KIND
    with _without(rig, "signatures_mailboxtally"):
        rig.sign(other, **rig.form(**{**person, "name": f"{KEPT} task"}))
        failed = "SELECT count(*) FROM django_tasks_database_dbtaskresult WHERE status = 'FAILED'"
        until(lambda: rig.number(failed) > 0, 20)


@contextmanager
def _without(rig: Rig, table: str) -> Iterator[None]:
    rig.sql(f"ALTER TABLE {table} RENAME TO {table}_away")
    try:
        yield
    finally:
        rig.sql(f"ALTER TABLE {table}_away RENAME TO {table}")


def _places(rig: Rig) -> dict[str, bytes]:
    """Everything that the product wrote down, by where."""
    files = [file for file in rig.data.rglob("*") if file.is_file() and "static" not in file.parts]
    return {
        "database": rig.dump(),
        "gunicorn's log": (rig.logs / "gunicorn.log").read_bytes(),
        "worker's log": (rig.logs / "worker.log").read_bytes(),
        "PostgreSQL's log": rig.postgres_log(),
        "Redis": _redis(rig.site.env["REDIS_URL"]),
        "files in DATA_DIR": b"\n".join(
            str(file.relative_to(rig.data)).encode() + file.read_bytes() for file in files
        ),
    }


def _redis(url: str) -> bytes:
    if not url:
        return b""
    store = Redis.from_url(url)
    return b"\n".join(key + b"=" + (store.get(key) or b"") for key in store.scan_iter())


def _search(rig: Rig, tokens: list[str]) -> Iterator[Finding]:
    for place, written in _places(rig).items():
        print(f"       {place}: {len(written):,} bytes")
        lower = written.lower()
        yield _none("addresses, browsers, cookies", place, lower, MACHINES)
        yield _none("clear e-mail addresses", place, lower, [MAILBOX])
        yield _none("signers' links", place, lower, tokens)
        yield _none("names of those who left", place, lower, [GONE])
        if place == "Redis":
            # A page of public names is kept as bytes; those of recipients only are not in it.
            lower = lower.replace(f"{KEPT} 2b".lower().encode(), b"")
        if place != "database":
            yield _none("names", place, lower, [KEPT])
    names = rig.number("SELECT count(*) FROM signatures_signature WHERE name LIKE %s", f"{KEPT}%")
    yield Finding("canaries that were stored, so that nothing was vacuous", names, "> 4", names > 4)
    shown = ask(rig.port, f"/letters/{SLUG}/").body.count(b"198.51.100")
    yield Finding("addresses on the page", shown, 0, shown == 0)


def _none(what: str, place: str, written: bytes, canaries: list[str]) -> Finding:
    found = {canary: written.count(canary.lower().encode()) for canary in canaries}
    hits = {canary: number for canary, number in found.items() if number}
    return Finding(f"{what} in {place}", hits or 0, 0, not hits)
