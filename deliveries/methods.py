"""How the signatures were collected and checked, in plain words, for whoever receives the list."""

from __future__ import annotations

from collections.abc import Mapping

from .facts import Counts, Kind, PacketFacts

SOURCES = {
    "web": "Signed on the website",
    "email": "Sent by e-mail",
    "csv": "Brought over from a spreadsheet",
    "paper": "Signed on paper and typed in",
}
CONFIRMATIONS = {
    "mailbox": "Confirmed from the signatory's own mailbox",
    "reviewed": "Looked at and accepted by a person",
    "unreviewed": "Accepted, and not looked at yet",
}


def methods_text(facts: PacketFacts, counts: Counts) -> str:
    """The content of `methods.md`, Markdown, ended by one LF."""
    parts = [
        _scope(facts, counts),
        _table("How the signatures came in", SOURCES, counts.by_source),
        _table("How they were confirmed", CONFIRMATIONS, counts.by_confirmation),
        _left_out(facts, counts),
        COLLECTED,
        CONFIRMED,
        NAMES,
        SPREADSHEETS,
        VERIFY.format(url=facts.record_url),
    ]
    return "\n\n".join(parts) + "\n"


def _scope(facts: PacketFacts, counts: Counts) -> str:
    moment = f"{facts.frozen_at:%Y-%m-%d at %H:%M} UTC"
    which = f" that came after delivery {facts.since}" if facts.kind is Kind.NEW_ONLY else ""
    return (
        "# How these signatures were collected and checked\n\n"
        f"This is delivery {facts.number}. It holds the {counts.total:,} accepted signatures"
        f"{which}, as the list stood on {moment}. It has not changed since: whoever withdraws a "
        "signature later is named, by number only, in an addendum."
    )


def _table(heading: str, words: Mapping[str, str], counted: Mapping[str, int]) -> str:
    order = [*words, *sorted(set(counted) - set(words))]
    lines = [f"| {words.get(key, key)} | {counted[key]:,} |" for key in order if counted.get(key)]
    return "\n".join([f"## {heading}", "", "| | Signatures |", "|---|---:|", *lines])


def _left_out(facts: PacketFacts, counts: Counts) -> str:
    return (
        "## What was left out\n\n"
        "| | Signatures |\n|---|---:|\n"
        f"| In the list, with the name withheld | {counts.name_withheld:,} |\n"
        f"| Not in the list: removed as duplicates | {facts.duplicates_removed:,} |\n"
        f"| Not in the list: withdrawn by the signatory | {facts.withdrawn:,} |"
    )


COLLECTED = """## How they were collected

People signed with their name, place of residence and occupation, and an e-mail address if they
liked, and consented to the delivery of their name to the recipients of the letter. Each signature
is tied to the exact words that its owner saw: the SHA-256 digest of `letter.txt` is the digest of
the text that was signed. No network address or device was recorded."""

CONFIRMED = """## What “confirmed” means

A signature that came with an e-mail address counts once the owner of that mailbox has opened a
private link and confirmed it there. One without an address is looked at by a person. Whatever
looked odd was held until a person decided. The same mailbox or, without one, the same name, place
and occupation counts once; two people with mailboxes of their own are two people even if they
share a name. What this cannot show is that somebody is who they say they are: no papers were
asked for."""

NAMES = """## Names that are withheld

Many who sign may be at risk. Whoever asked only to be counted appears as “name withheld”, without
place and occupation, in every file. E-mail addresses are not handed over: the column for them is
empty."""

SPREADSHEETS = """## The spreadsheet files

In `signatures.csv` (UTF-8, RFC 4180) no cell can become a formula. Where a text could be taken for
one, an apostrophe `'` stands in front of it, and behind each semicolon inside it where the same
could happen. To have the original text back, take away one `'` at the start of a cell and one
behind every `;`. `signatures.xlsx` holds the original texts as plain text."""

VERIFY = """## How to verify this delivery

Run `python3 verify.py` in this folder; it needs Python 3.8 or newer and nothing else. It compares
every file with `manifest.json`, every line of the list with `digests.txt`, and says in a sentence
each what holds and what does not. The digest of `manifest.json` itself is published at {url}, and

    python3 verify.py --manifest-digest DIGEST

compares it. Each signatory has a private proof of their own line and can check it there too."""
