"""How alike two names are, whatever their script, spelling and order."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import permutations

from django.utils.translation import gettext as _
from rapidfuzz.distance import OSA, Indel, LCSseq, Levenshtein

from .normalise import canonical
from .romanise import (
    HAN,
    HANGUL,
    broad_sound,
    has_unwritten_vowels,
    romanise,
    script_of,
    skeleton,
    sound,
    without_title,
)

MAX_TOKENS = 5
NO_LIKENESS = 0.0

SPELLING, SLIP, INITIAL, SOUND, NEAR_SOUND = 0.97, 0.92, 0.86, 0.97, 0.93
LEFT_OUT, INITIAL_LEFT_OUT = 0.93, 0.98

TITLES = frozenset(
    """
    mr mrs ms mx miss dr prof professor doctor sir dame rev reverend hon fr sr sra jr dott ing dipl
    herr frau monsieur madame mme mlle phd md esq shri smt sri kumari haji hajji
    др проф господин госпожа السيد السيدة د أ الدكتور الدكتورة الأستاذ الأستاذة श्री श्रीमती डॉ
    κ κα κος δρ מר גב דר
    """.split()
) | {"г н", "г жа", "д р"}
ARTICLES = frozenset({"al", "el", "ul"})
PARTICLES = frozenset(
    "bin ben bn ibn bint de da do dos das del di du van von der den la le".split()
)

PINYIN = re.compile(
    r"(?:(?:[bpmfdtnlgkhjqxrzcsyw]|[zcs]h)(?:a|ai|an|ang|ao|e|ei|en|eng|o|ong|ou|i|ia|ian|iang|iao"
    r"|ie|in|ing|iong|iu|u|ua|uai|uan|uang|ue|ui|un|uo)|[ln]ve?|a|ai|an|ang|ao|e|en|er|ou)+"
)


def name_tokens(name: str) -> list[str]:
    """Return a name's words in Latin letters, family name last where a comma marks it.

    Titles, articles and, inside the name, particles such as `de` and `von` are left out.
    """
    return _tokens(_words(name))


def name_likeness(a: str, b: str) -> tuple[float, str]:
    """Return how alike two names are, from 0 to 1, and why in a few words. Symmetric."""
    if HAN.search(a) and HAN.search(b):
        return _in_chinese(a, b)
    another_script = script_of(a) != script_of(b)
    words, other_words = _words(a), _words(b)
    if _are_same_letters(words, other_words):
        return 1.0, _("same name in another script") if another_script else _("same name")
    few, many = sorted((_tokens(words), _tokens(other_words)), key=lambda each: (len(each), each))
    if not few or _is_spelt_exactly(a, b, few, many):
        return NO_LIKENESS, _("different names")
    unwritten = has_unwritten_vowels(a) or has_unwritten_vowels(b)
    scorer = across_scripts(unwritten) if another_script else _spelt_alike
    score = _match(few, many, scorer)
    if not score and ARTICLES & {*words, *other_words}:
        shorter, longer = sorted((words, other_words), key=len)
        score = _match_joined(shorter, longer, scorer)
    if not score:
        return NO_LIKENESS, _("different names")
    return score, _("similar name in another script") if another_script else _("similar name")


def _words(name: str) -> list[str]:
    family, comma, given = name.partition(",")
    words = (f"{given} {family}" if comma else name).split()
    untitled = " ".join(word for word in words if canonical(word) not in TITLES)
    return romanise(untitled or name).split()


def _tokens(words: list[str]) -> list[str]:
    inner = [word for word in words[1:-1] if word not in PARTICLES]
    tokens = [word for word in [*words[:1], *inner, *words[1:][-1:]] if word not in ARTICLES]
    return tokens[:MAX_TOKENS] or words[:MAX_TOKENS]


def _are_same_letters(words: list[str], others: list[str]) -> bool:
    """Whether two names are one but for order and spaces: `Yang Jian Li` is `Jianli Yang`."""
    if not words or sorted("".join(words)) != sorted("".join(others)):
        return False
    return not _joined(words).isdisjoint(_joined(others))


def _joined(words: list[str]) -> set[str]:
    return {"".join(order) for order in permutations(words[:MAX_TOKENS])}


def _is_spelt_exactly(a: str, b: str, few: list[str], many: list[str]) -> bool:
    """Whether another letter makes another name: in Chinese, in Pinyin, between two in Hangul."""
    if HAN.search(a) or HAN.search(b):
        return True
    if HANGUL.search(a) or HANGUL.search(b):
        return bool(HANGUL.search(a) and HANGUL.search(b))
    return all(map(PINYIN.fullmatch, few + many))


def _match(few: list[str], many: list[str], scorer: Callable[[str, str], float]) -> float:
    """Pair each word of the shorter name with its best partner; 0 when one has none."""
    score, full_pairs, rest = 1.0, 0, list(many)
    for token in sorted(few, key=len, reverse=True):
        best = max(rest, key=lambda other: (scorer(token, other), Indel.similarity(token, other)))
        score *= scorer(token, best)
        full_pairs += min(len(token), len(best)) > 1
        rest.remove(best)
    if full_pairs < (2 if rest else 1):
        return _match_joined(few, many, scorer)
    for token in rest:
        score *= INITIAL_LEFT_OUT if len(token) == 1 else LEFT_OUT
    return score or _match_joined(few, many, scorer)


def _match_joined(few: list[str], many: list[str], scorer: Callable[[str, str], float]) -> float:
    """Compare the names without their spaces, for `Abd Allah` and `Abdullah`."""
    if len(few) == len(many):
        return NO_LIKENESS
    whole = "".join(few)
    is_one = any(scorer(whole, order) >= SPELLING for order in _joined(many))
    return SPELLING if is_one else NO_LIKENESS


def _spelt_alike(a: str, b: str) -> float:
    """Score two words of one script: equal, an initial, another romanisation, or a slip."""
    if a == b:
        return 1.0
    if 1 in (len(a), len(b)):
        return INITIAL if a[0] == b[0] else NO_LIKENESS
    if not _sounds(a).isdisjoint(_sounds(b)):
        return SPELLING
    return SLIP if _is_slip(a, b) else NO_LIKENESS


def _sounds(word: str) -> set[str]:
    """An `e` from Arabic may be an `a` or an `i`: `Ahmed` is Ahmad, `Kassem` is Qasim."""
    return {sound(word), sound(word.replace("e", "i"))}


def _is_slip(a: str, b: str) -> bool:
    """Whether a finger slipped: not at an ending, where `Mario` and `Maria`, `Martin` and `Martins`
    part, nor in short words, where another letter makes another name.
    """
    length = max(len(a), len(b))
    stems = {re.sub(r"[aeiouy]+$", "", word) for word in (a, b)}
    if len(stems) == 1 or a.startswith(b) or b.startswith(a):
        return False
    if length < 7 and sound(a)[:1] != sound(b)[:1]:
        return False
    distance = OSA.distance(a, b)
    if length < 5:
        return length == 4 and sorted(a) == sorted(b) and distance == 1
    return distance <= (1 if length < 10 else 2)


def across_scripts(vowels_missing: bool) -> Callable[[str, str], float]:
    """Return the scorer, 0 to 1, for two romanised words that were of different scripts."""

    def scorer(a: str, b: str) -> float:
        if 1 in (len(a), len(b)):
            return _spelt_alike(a, b)
        return max(_sound_alike(x, y, vowels_missing) for x in _readings(a) for y in _readings(b))

    return scorer


def _readings(word: str) -> set[str]:
    """A `ch` is an English, a French (`Rachid`) or a German and Hebrew one (`Baruch`)."""
    return {word, word.replace("ch", "sh"), word.replace("ch", "k")}


def _sound_alike(a: str, b: str, vowels_missing: bool) -> float:
    consonants = Levenshtein.normalized_similarity(skeleton(a), skeleton(b))
    ours, theirs = broad_sound(a), broad_sound(b)
    letters = Levenshtein.normalized_similarity(ours, theirs)
    if vowels_missing:
        letters = LCSseq.similarity(ours, theirs) / max(1, min(len(ours), len(theirs)))
    if consonants == 1.0 and letters >= (0.5 if vowels_missing else 0.6):
        return SOUND
    return NEAR_SOUND if consonants >= 0.75 and letters >= 0.6 else NO_LIKENESS


def _in_chinese(a: str, b: str) -> tuple[float, str]:
    """Compare characters: readings are shared by too many names."""
    ours, theirs = (canonical(without_title(name)).replace(" ", "") for name in (a, b))
    if ours == theirs:
        return 1.0, _("same name")
    if len(ours) != len(theirs):
        return NO_LIKENESS, _("different names")
    pairs = [(x, y) for x, y in zip(ours, theirs, strict=True) if x != y]
    if all(_is_variant(x, y) or _is_variant(y, x) for x, y in pairs):
        return 1.0, _("same name, traditional and simplified")
    if len(ours) > 2 and len(pairs) == 1 and romanise(ours) == romanise(theirs):
        return SLIP, _("similar name")
    return NO_LIKENESS, _("different names")


def _is_variant(simplified: str, traditional: str) -> bool:
    """Whether two characters are one in its simplified and traditional form.

    Unicode's variant table is not in the standard library, but the two old national sets are: a
    traditional form is in Big5 and not in GB 2312, its simplified form in GB 2312 and read alike.
    """
    return (
        _is_in(simplified, "gb2312")
        and _is_in(traditional, "big5")
        and not _is_in(traditional, "gb2312")
        and romanise(simplified) == romanise(traditional)
    )


def _is_in(character: str, character_set: str) -> bool:
    try:
        character.encode(character_set)
    except UnicodeEncodeError:
        return False
    return True
