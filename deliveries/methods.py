"""How the signatures were collected and checked, in plain words, for whoever receives the list."""

from __future__ import annotations

from collections.abc import Mapping

from .facts import Counts, Kind, PacketFacts, counted
from .manifest import manifest_of
from .verify import stated_digest

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
    stated = stated_digest(manifest_of(facts, counts, files=[]))
    parts = [
        _scope(facts, counts),
        _table("How the signatures came in", SOURCES, counts.by_source),
        _table("How they were confirmed", CONFIRMATIONS, counts.by_confirmation),
        _left_out(facts, counts),
        COLLECTED,
        CONFIRMED,
        NAMES,
        FILES,
        VERIFY.format(url=facts.record_url, stated=stated),
    ]
    return "\n\n".join(parts) + "\n"


def _scope(facts: PacketFacts, counts: Counts) -> str:
    moment = f"{facts.frozen_at:%Y-%m-%d at %H:%M} UTC"
    which = f" that are new since delivery {facts.since}" if facts.kind is Kind.NEW_ONLY else ""
    held = counted(counts.total, "accepted signature")
    return (
        "# How these signatures were collected and checked\n\n"
        f"This is delivery {facts.number}. It holds the {held}"
        f"{which}, as the list stood on {moment}. It has not changed since: signatures that no "
        "longer count are named later, by number only, in an addendum."
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
        f"| Not in the list: withdrawn by the signatory | {facts.withdrawn:,} |\n\n"
        "What a person rejected is not counted here, and neither is what is erased: duplicates "
        "after 30 days, a signature at once when its owner asks for it."
    )


COLLECTED = """## How they were collected

On the website people signed with their name, place of residence and occupation, and an e-mail
address if they liked. There they had the letter before them and consented to the delivery of their
name to its recipients. Each such signature carries the SHA-256 digest of the very text that was
shown: that of `letter.txt`, or of a translation that `manifest.json` lists.

Signatures that came by other ways were given outside of it: by e-mail and in spreadsheets, which
software has read, and on paper, typed in by a person. Which words their owners saw, and to what
they consented, is known only to those who collected them; they stand under the text of
`letter.txt`. How many of each there are says the first table.

No network address or device is kept with a signature."""

CONFIRMED = """## What “confirmed” means

A signature on the website with an e-mail address counts once a private link that was sent to that
mailbox has been opened and confirmed. One without an address is looked at by a person, before it
counts or, if the organisers of the letter chose so, afterwards: those that nobody has looked at
yet have a line of their own in the second table. What looked odd when it came in, and what its
owner corrected after it counted, was held until a person decided, who may accept a signature whose
mailbox has not confirmed it.

A signature by e-mail, spreadsheet or paper counts once a person has accepted it, with an e-mail
address or without one: no mailbox was asked. The second table has it among those that a person
looked at, unless its owner signed on the website too and confirmed the address there.

The same name from the same mailbox or, without one, the same name, place and occupation counts
once. Two people with mailboxes of their own are two people even if they share a name, and so are
two people of different names who share a mailbox. What none of this can show is that somebody is
who they say they are: no papers were asked for."""

NAMES = """## Names that are withheld

Many who sign may be at risk. Whoever asked only to be counted appears as “name withheld”, without
place and occupation, in every file. E-mail addresses are not handed over: the column for them is
empty."""

FILES = """## The list as a file

The list is in `signatures.csv` as text and in `letter.pdf` as a picture: there every name is drawn
as it is written, but what is searched, copied or read aloud from a PDF can have letters doubled or
split in Arabic, Persian, Uyghur, Tibetan, Khmer and Indic scripts.

In `signatures.csv` (UTF-8, RFC 4180) no cell can become a formula. Where a text could be taken for
one, an apostrophe `'` stands in front of it, and behind each semicolon inside it where the same
could happen. To have the original text back, take away one `'` at the start of a cell and one
behind every `;`. `signatures.xlsx` holds the original texts as plain text."""

VERIFY = """## How to verify this delivery

Run `python3 verify.py` in this folder; it needs Python 3.8 or newer and nothing else. It compares
every file with `manifest.json`, every line of the list with `digests.txt`, and what the manifest
says besides the digests of the files with this digest of it:

    {stated}

It says in a sentence each what holds and what does not. The digest of the whole `manifest.json` is
published at {url}, and

    python3 verify.py --manifest-digest DIGEST

compares it: without that digest nothing proves the manifest itself. Whoever signed on the website
has a private page with the number, salt and digest of their own line, to compare it there too."""
