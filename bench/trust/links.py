"""Mail scanners and link previews: asking for a link, in any way that is safe, changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, islice

from .finding import Finding
from .mail import path
from .rig import Rig, until, worker
from .web import ask

REQUESTS = 1_000
ASKERS = [
    {},
    {"User-Agent": "Mozilla/5.0 (compatible; SafeLinks)", "Purpose": "prefetch"},
    {"X-HTTP-Method-Override": "POST", "Content-Type": "application/x-www-form-urlencoded"},
]
OWN = ["", "change/", "withdraw/", "erase/"]
UNSUBSCRIBE = """
from signatures.models import Signature
from signatures.tokens import Purpose, make_token
for row in Signature.objects.all():
    print(make_token(Purpose.UNSUBSCRIBE, row.id))
"""


def findings(rig: Rig) -> Iterator[Finding]:
    """GET and HEAD in turns over the links of signatures in every state a link can meet."""
    with worker(rig):
        links = _links(rig)
    before, asked = rig.dump(), []
    ways = cycle(
        (link, method, asker) for link in links for method in ("GET", "HEAD") for asker in ASKERS
    )
    for link, method, asker in islice(ways, REQUESTS):
        asked.append(ask(rig.port, link, method, headers=asker).status)
    after = rig.dump()
    shown = asked.count(200)
    yield Finding("requests, of links", len(asked), f"{REQUESTS}, {len(links)} links", bool(links))
    yield Finding("of them answered with a page", shown, "> 600", shown > 600)
    changed = sum(a != b for a, b in zip(before.splitlines(), after.splitlines(), strict=False))
    yield Finding("lines of the dump that changed", changed, 0, before == after)


def _links(rig: Rig) -> list[str]:
    links = []
    for number, visibility in enumerate(["public", "recipient", "counted"]):
        address = f"person-{number}@example.org"
        own = rig.sign(email=address, name=f"Person {number}", visibility=visibility,
                       wants_updates="on").header("Location")  # fmt: skip
        until(lambda address=address: bool(rig.mail.to(address)), 20)  # type: ignore[misc]
        mail = rig.mail.to(address)[0]
        links += [path(mail, "/confirm/"), path(mail, "/not-me/")]
        if visibility == "counted":
            own = ask(rig.port, links[-2], "POST", {}).header("Location")
        links += [own + ending for ending in OWN]
    held = rig.sign(name="Held", website="spam").header("Location")
    links += [held + ending for ending in OWN]
    printed = rig.manage("shell", "--verbosity", "0", "--command", UNSUBSCRIBE)
    return links + [f"/s/{token}/unsubscribe/" for token in printed.split()]
