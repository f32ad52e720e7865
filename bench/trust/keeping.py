"""What is left of a signer after the daily purge, and of a link after its time."""

from __future__ import annotations

from collections.abc import Iterator
from string import ascii_letters

from .finding import Finding
from .mail import path
from .rig import Rig, until, worker
from .web import ask

TABLE = "signatures_signature"
TOMBSTONE = "name, residence, occupation, email_sealed, wants_updates, source_ref, visibility"


def findings(rig: Rig) -> Iterator[Finding]:
    with worker(rig):
        links = {name: _signed(rig, name) for name in ("young", "old", "kept", "left")}
        for name in ("kept", "left"):
            answer = ask(rig.port, links[name]["confirm"], "POST", {})
            links[name]["page"] = answer.header("Location")
        ask(rig.port, links["left"]["page"] + "withdraw/", "POST", {})
    yield from _withdrawn(rig)
    yield from _links(rig, links)
    yield from _purged(rig)


def _signed(rig: Rig, name: str) -> dict[str, str]:
    """The links of a signature that asks for updates."""
    address = f"{name}@example.org"
    answer = rig.sign(name=name, email=address, wants_updates="on")
    until(lambda: bool(rig.mail.to(address)), 20)
    mail = rig.mail.to(address)[0]
    links = {ending: path(mail, f"/{ending}/") for ending in ("confirm", "not-me")}
    return {**links, "page": answer.header("Location")}


def _withdrawn(rig: Rig) -> Iterator[Finding]:
    (left,) = rig.sql(f"SELECT {TOMBSTONE} FROM {TABLE} WHERE state = 'withdrawn'")
    kept = [value for value in left if value not in ("", None, False, "recipient")]
    yield Finding("withdrawn: values kept besides keys and times", kept or 0, 0, not kept)


def _links(rig: Rig, links: dict[str, dict[str, str]]) -> Iterator[Finding]:
    """Expired, altered, foreign, of another purpose: one page, whatever the reason."""
    confirm, own = links["young"]["confirm"], links["young"]["page"]
    token = own.split("/")[2]
    other = next(letter for letter in ascii_letters if letter != token[20])
    bad = {
        "altered": f"/s/{token[:20]}{other}{token[21:]}/",
        "cut": f"/s/{token[:-1]}/",
        "of nobody": f"/s/{'A' * 44}/",
        "for another purpose": confirm.replace("/confirm/", "/withdraw/"),
        "page's, to confirm": f"{own}confirm/",
        "page's, to unsubscribe": f"{own}unsubscribe/",
        "confirm's, as page": confirm.replace("confirm/", ""),
    }
    rig.sql(f"UPDATE {TABLE} SET created_at = created_at - interval '15 days' WHERE name = 'old'")
    bad["expired"] = links["old"]["confirm"]
    seen = {what: ask(rig.port, link).without() for what, link in bad.items()}
    rig.sql("UPDATE letters_letter SET closes_at = now() - interval '25 hours'")
    seen["a day after closing"] = ask(rig.port, confirm).without()
    rig.sql("UPDATE letters_letter SET closes_at = now() - interval '23 hours'")
    open_yet = ask(rig.port, confirm).status
    rig.sql("UPDATE letters_letter SET closes_at = NULL")
    calm = seen["of nobody"]
    different = [what for what, answer in seen.items() if answer != calm]
    yield Finding(
        f"links that are not good ({len(seen)}): other bytes", different or 0, 0, not different
    )
    yield Finding("answered 404", calm.startswith(b"404"), True, calm.startswith(b"404"))
    yield Finding("23 hours after closing a link still works", open_yet, 200, open_yet == 200)


def _purged(rig: Rig) -> Iterator[Finding]:
    rig.sql(f"UPDATE {TABLE} SET created_at = created_at - interval '31 days' WHERE name = 'old'")
    before = rig.dump()
    would = rig.manage("purge", "--dry-run")
    yield Finding(
        "a dry run changes", 0 if rig.dump() == before else "rows", 0, rig.dump() == before
    )
    did = rig.manage("purge")
    same = would.replace("would go", "gone") == did
    yield Finding("a dry run says what a purge does", same, True, same)
    yield from _rows(rig, "unconfirmed for 31 days", "name = 'old'", 0)
    yield from _rows(rig, "unconfirmed since today", "name = 'young'", 1)
    yield from _rows(rig, "addresses of who asked for updates", "email_sealed IS NOT NULL", 2)
    for days, left in ((89, 2), (91, 0)):
        rig.sql(f"UPDATE letters_letter SET closes_at = now() - interval '{days} days'")
        rig.manage("purge")
        yield from _rows(
            rig, f"addresses {days} days after closing", "email_sealed IS NOT NULL", left
        )
    yield from _rows(rig, "signatures that count", "state = 'accepted'", 1)
    tallies = rig.number("SELECT count(*) FROM signatures_mailboxtally")
    yield Finding("mail tallies 91 days after closing", tallies, 0, tallies == 0)


def _rows(rig: Rig, what: str, condition: str, wanted: int) -> Iterator[Finding]:
    seen = rig.number(f"SELECT count(*) FROM {TABLE} WHERE {condition}")
    yield Finding(f"after a purge: {what}", seen, wanted, seen == wanted)
