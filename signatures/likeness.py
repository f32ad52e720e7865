"""Are these two signatures one person's? A suggestion for a moderator, never a decision.

A likely duplicate is a name that may be the same - in another script, spelling or order, shortened,
or with one slip of the finger - together with a second signal: the same residence, the same
occupation, or the same mailbox. The same name with another residence and another occupation is
another person, and so is a Chinese name that differs by one letter of its Pinyin.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from django.utils.translation import gettext as _
from rapidfuzz.distance import Levenshtein

from letters.listing import listed

from .name_match import across_scripts, name_likeness, name_tokens
from .normalise import canonical
from .places import place_words
from .romanise import HAN, has_unwritten_vowels, romanise, script_of, skeleton, sound

THRESHOLD = 0.75
MAX_KEY_LENGTH = 64
SAME_TOWN, SAME_WORK = 0.85, 0.75

# How much a name still counts, by how many of residence and occupation agree and disagree.
SECOND_SIGNAL = {
    (2, 0): 1.0,
    (1, 0): 0.95,
    (1, 1): 0.88,
    (0, 0): 0.85,
    (0, 1): 0.7,
    (0, 2): 0.6,
}

PATRONYMIC = re.compile(r"(?:ovich|evich|ovna|evna|ichna|ovych|ivna)$")


class Person(NamedTuple):
    """What a signature says of its signer. `email_key` is the keyed digest, "" or None without."""

    name: str
    residence: str
    occupation: str
    email_key: str | None = None


class Likeness(NamedTuple):
    """How alike two people are, from 0 to 1, and why, in a few plain words."""

    score: float
    words: str

    @property
    def is_suggestion(self) -> bool:
        """Whether a moderator should see the two side by side."""
        return self.score >= THRESHOLD


def transliterated_tokens(name: str) -> tuple[str, ...]:
    """Return the words of a name in Latin letters, sorted; titles and particles left out."""
    return tuple(sorted(name_tokens(name)))


def blocking_keys(*, name: str, residence: str, occupation: str) -> frozenset[str]:
    """Return at most six ASCII keys of at most 64 characters; duplicates nearly always share one.

    The first holds the letters of the name, whatever their order and spaces. The others go with the
    residence or the occupation, which keeps the candidates few in a list of a million: the name's
    consonants; and, for a slip in the first or last word, the other of the two and an initial.
    Empty only for a name that has no letter or number.
    """
    tokens = name_tokens(name)
    if not tokens:
        return frozenset()
    keys = {"n." + "".join(sorted("".join(tokens)))}
    consonants = "".join(sorted("".join(map(skeleton, tokens))))
    first, last = _ends(tokens)
    if place := _place_key(residence):
        keys |= {
            f"r.{place}.{rest}" for rest in (consonants, _slip(first, last), _slip(last, first))
        }
    if work := _work_key(occupation):
        keys |= {f"o.{work}.{rest}" for rest in (_slip(first, last), _slip(last, first))}
    return frozenset(key[:MAX_KEY_LENGTH] for key in keys)


def likeness(a: Person, b: Person) -> Likeness:
    """Say how likely two signatures are one person's. Symmetric; never raises."""
    score, reason = name_likeness(a.name, b.name)
    if not score:
        return Likeness(score, reason)
    if a.email_key and a.email_key == b.email_key:
        return Likeness(max(score, THRESHOLD), listed([reason, _("same mailbox")]))
    place = _same_place(a.residence, b.residence)
    work = _same_work(a.occupation, b.occupation)
    agreement = [place, work].count(True), [place, work].count(False)
    words = [reason, _("same residence") if place else "", _("same occupation") if work else ""]
    return Likeness(round(score * SECOND_SIGNAL[agreement], 3), listed(words))


def _ends(tokens: list[str]) -> tuple[str, str]:
    """The first and last words that are more than an initial or a father's name."""
    names = [token for token in tokens if len(token) > 1] or tokens
    if len(names) > 2:
        names = [name for name in names if not PATRONYMIC.search(name)] or names
    return names[0], names[-1]


def _slip(whole: str, other: str) -> str:
    return f"{skeleton(whole) or whole}.{(skeleton(other) or other)[:1]}"


def _place_key(residence: str) -> str:
    """Two consonants of the town: `Athens` and `Αθήνα` have no more in common."""
    town = "".join(place_words(_town(residence)))
    return skeleton(town)[:2] or town[:2]


def _work_key(occupation: str) -> str:
    return skeleton(max(romanise(occupation).split(), key=len, default=""))[:8]


def _town(residence: str) -> str:
    """The first part of `Boston, USA`; of a Chinese address without commas, all of it."""
    return re.split(r"[,،、;/(]", residence, maxsplit=1)[0]


def _same_place(a: str, b: str) -> bool | None:
    """Whether two residences are one; None when either is missing."""
    if not (a.strip() and b.strip()):
        return None
    ours, theirs = _place(a), _place(b)
    town, other_town = _place(_town(a)), _place(_town(b))
    if _is_part(town, theirs) or _is_part(other_town, ours) or _contains(a, b):
        return True
    if HAN.search(a) and HAN.search(b):
        return False
    words = "".join(place_words(_town(a))), "".join(place_words(_town(b)))
    if script_of(a) == script_of(b):
        return Levenshtein.normalized_similarity(*words) >= SAME_TOWN
    return across_scripts(has_unwritten_vowels(a) or has_unwritten_vowels(b))(*words) > 0


def _is_part(town: list[str], place: list[str]) -> bool:
    return bool(town) and set(town) <= set(place)


def _same_work(a: str, b: str) -> bool | None:
    """Whether two occupations are one; None when that cannot be told without a dictionary."""
    if not (a.strip() and b.strip()):
        return None
    ours, theirs = sorted(_sounds(a)), sorted(_sounds(b))
    alike = Levenshtein.normalized_similarity(" ".join(ours), " ".join(theirs))
    if alike >= SAME_WORK or _contains(a, b):
        return True
    return False if script_of(a) == script_of(b) else None


def _sounds(text: str) -> list[str]:
    return [sound(word) for word in romanise(text).split()]


def _place(residence: str) -> list[str]:
    return [sound(word) for word in place_words(residence)]


def _contains(a: str, b: str) -> bool:
    """Whether one text is a part of the other: `北京` of `北京市`, `poet` of `poet, singer`."""
    shorter, longer = sorted((canonical(a), canonical(b)), key=len)
    return len(shorter) >= (2 if not shorter.isascii() else 4) and shorter in longer
