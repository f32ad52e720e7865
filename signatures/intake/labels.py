"""How a label is recognised: at the start of a line, in the middle, in a table's header row."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from .label_words import OWNERS, WORDS, Field

#: One character for one: full-width ASCII and the wide spaces, so that positions stay.
FOLD = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
LONGEST_LABEL = 60
SHORTEST_MISSPELT = 5
_HINT = re.compile(r"[(\[【<{（].{0,80}?(?:[)\]】>}）]|\Z)")
_SCRIPTS = re.compile(r"[A-Za-z][A-Za-z .'-]*|[^\x00-\x7f]+(?: +[^\x00-\x7f]+)*")
_ALIKE = str.maketrans({"ى": "ي", "ی": "ي", "ک": "ك", "ة": "ه", "ı": "i", "\u0640": None})


def _key(label: str) -> str:
    """Fold a label to what matters: letters only, no case, no accents, no spaces."""
    decomposed = unicodedata.normalize("NFKD", label.casefold()).translate(_ALIKE)
    return "".join(char for char in decomposed if unicodedata.category(char)[0] in "LN")


def _split(table: str) -> Iterator[str]:
    return (word.strip() for line in table.splitlines() for word in line.split("|") if word.strip())


@cache
def _fields() -> dict[str, Field]:
    """Every label's key and its field; where two fields share a key the first one has it."""
    pairs = [(_key(word), field) for field in Field for word in _split(WORDS[field])]
    return dict(reversed(pairs))


@cache
def _owners() -> tuple[str, ...]:
    return tuple(_key(word) for word in _split(OWNERS))


@lru_cache(maxsize=10_000)
def field_of(label: str) -> Field | None:
    """Say which field a label asks for: `E-mail (optional)`, `Name/姓名`, `votre nom`, `職 業 *`.

    What stands in brackets is a hint unless nothing stands before it; labels joined by a slash,
    or side by side in two scripts, must agree. None when it is no label.
    """
    bare = _HINT.sub(" ", label)
    if len(label) > 2 * LONGEST_LABEL or ":" in bare or "：" in bare:
        return None
    return (
        _lookup(bare) or _agreed(re.split(r"[/／\n]", bare)) or _bilingual(bare) or _lookup(label)
    )


def _agreed(labels: list[str]) -> Field | None:
    """The field of the first label, when no other asks for something else."""
    first, *others = map(_lookup, labels)
    return first if {first, None}.issuperset(others) else None


def _bilingual(label: str) -> Field | None:
    parts = _SCRIPTS.findall(label)
    fields = set(map(_lookup, parts))
    return fields.pop() if len(parts) == 2 and len(fields) == 1 else None


def misspelt_field_of(label: str) -> Field | None:
    """Say which field a label with a slip of the pen asks for: `Occuption`, `Place of resident`.

    Short labels and those for a name must be right: "Game: chess" is nobody's name.
    """
    key = _key(label)
    if not SHORTEST_MISSPELT <= len(key) <= LONGEST_LABEL or not key.isascii():
        return None
    most = 1 if len(key) < 8 else 2
    found = process.extractOne(key, _forgiving(), scorer=OSA.distance, score_cutoff=most)
    return _fields()[found[0]] if found and found[0][0] == key[0] else None


@cache
def _forgiving() -> tuple[str, ...]:
    fields = {Field.RESIDENCE, Field.OCCUPATION, Field.EMAIL}
    pairs = _fields().items()
    return tuple(key for key, field in pairs if field in fields and len(key) >= SHORTEST_MISSPELT)


def _lookup(label: str) -> Field | None:
    key = _key(label)
    if not key or len(key) > LONGEST_LABEL:
        return None
    found = _fields().get(key)
    owners = (owner for owner in _owners() if key.startswith(owner))
    return found or next(filter(None, (_fields().get(key[len(o) :]) for o in owners)), None)
