"""Invented signatures by the million, as lines for PostgreSQL's COPY."""

from __future__ import annotations

import random
from base64 import urlsafe_b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

SPREAD = timedelta(days=60)
NULL = r"\N"
EMPTY_LIST = "[]"

COLUMNS = (
    "id", "letter_id", "text_digest", "language", "page_language",
    "name", "residence", "occupation",
    "email_sealed", "email_key", "person_key", "visibility", "state", "wants_updates", "source",
    "source_ref", "hold_reasons", "link_version", "created_at", "confirmed_at", "decided_at",
)  # fmt: skip

SYLLABLES = [
    "an be chi da el fa ga hu im ja ka lo mi na or pe ra so ta vi".split(),
    "ан бе ва го да ев жа зи ка ло ми на ор пе ра со та ви".split(),
    "མ ཚེ རིང བསྟན འཛིན སྒྲོལ དོན གྲུབ པད ཉི".split(),
    "王 李 张 明 华 文 建 国 丽 芳 志 强".split(),
    "ئا لى گۈل نار پەر ھات سۇن نۇر".split(),
]


class Under(NamedTuple):
    """The letter and the text that everybody signs."""

    letter_id: int
    text_digest: str


def copy_lines(under: Under, number: int, seed: int, end: datetime | None = None) -> Iterator[str]:
    """`number` rows of COLUMNS in COPY's text format, signed over the 60 days before `end`.

    In the proportions that a letter with a public appeal sees: seven of ten with a mailbox, nine
    of ten accepted. The same seed gives the same people, and no two rows break a constraint.
    """
    chance = random.Random(seed)
    names = _words(chance, 20_000, 2)
    places, works = _words(chance, 3_000, 1), _words(chance, 500, 1)
    start = (end or datetime.now(UTC)) - SPREAD
    for index in range(number):
        moment = start + SPREAD * (index / number)
        person = (chance.choice(names), chance.choice(places), chance.choice(works))
        yield _line(chance, under, moment, person)


def _line(
    chance: random.Random, under: Under, moment: datetime, person: tuple[str, str, str]
) -> str:
    mailbox, accepted = chance.random() < 0.7, chance.random() < 0.9
    waiting = "unconfirmed" if mailbox else "pending"
    when = moment.isoformat()
    values = (
        _id_at(moment, chance), str(under.letter_id), under.text_digest, "en", "en", *person,
        NULL, _key(chance) if mailbox else NULL, _key(chance),
        "public" if chance.random() < 0.45 else "recipient",
        "accepted" if accepted else waiting, "f", "web", "",
        EMPTY_LIST if accepted or mailbox else '["timing"]', "0", when,
        when if accepted and mailbox else NULL, when if accepted and not mailbox else NULL,
    )  # fmt: skip
    return "\t".join(values) + "\n"


def _words(chance: random.Random, number: int, parts: int) -> list[str]:
    def word() -> str:
        syllables = chance.choice(SYLLABLES)
        return " ".join(
            "".join(chance.choices(syllables, k=chance.randint(2, 4))).capitalize()
            for _part in range(parts)
        )

    return [word() for _number in range(number)]


def _key(chance: random.Random) -> str:
    return urlsafe_b64encode(chance.randbytes(32)).decode().rstrip("=")


def _id_at(moment: datetime, chance: random.Random) -> str:
    """A UUIDv7 (RFC 9562, 5.7) as it would have been made at `moment`, in hexadecimal digits."""
    milliseconds = int(moment.timestamp() * 1000)
    return f"{milliseconds:012x}7{chance.getrandbits(12):03x}8{chance.getrandbits(60):015x}"
