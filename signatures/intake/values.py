"""Single values as people write them behind a label: tidied, and judged before use."""

from __future__ import annotations

import re

from signatures.normalise import clean_text

from .label_words import Field
from .labels import FOLD, field_of
from .phrases import COURTESY, NOT_IN_NAMES, PLACEHOLDER

_EMPHASIS = re.compile(r"\A(?:[*_\s]+)|(?:[*_\s]+)\Z")
_LEADERS = re.compile(r"\A[\s:：=＝|>]+|\A[-–—]+\s+|\A[._…]{2,}\s*|[\s_…]{2,}\Z|\.{3,}\Z")
_EDGES = " \t\r\n,;，；、。|"
_WRAPPED = re.compile(
    r"\A(?:\[(.*)\]|<(.*)>|【(.*)】|“(.*)”|\"(.*)\"|「(.*)」|\{(.*)\})\Z", re.DOTALL
)
_ADDRESS = re.compile(
    r"[^\s<>()\[\],;:\"'，；、。@]+@[^\s<>()\[\],;:\"'，；、。@]+\.[^\s<>()\[\],;:\"'，；、。@.]{2,}\.?"
)
_ADDRESS_TAIL = re.compile(r"\s*[<(\[]?(?:mailto:)?" + _ADDRESS.pattern + r"[>)\]]?\s*\Z")


def tidy(value: str) -> str:
    """Return a value without markers around it (`*x*`, `[x]`, `____x`); empty for a bare filler."""
    for _ in range(3):
        value = _EMPHASIS.sub("", _LEADERS.sub("", value)).strip(_EDGES)
        wrapped = _WRAPPED.match(value)
        value = next(filter(None, wrapped.groups()), "") if wrapped else value
    text = clean_text(value)
    return text if any(char.isalnum() for char in text) and not PLACEHOLDER.fullmatch(text) else ""


def tidy_name(value: str) -> str:
    """Return a name without an address behind it; empty when no person's name can be in there.

    A question, a sentence, an address or a label in the place of a name is not a name: it is
    better to leave a signature to a person's eye than to invent one.
    """
    name = tidy(_ADDRESS_TAIL.sub("", value)).rstrip("!")
    digits = sum(char.isdigit() for char in name)
    if len(name) > 200 or digits > 4 or not any(char.isalpha() for char in name):
        return ""
    if NOT_IN_NAMES.search(name) or ":" in name or len(name.split()) > 10:
        return ""
    return "" if field_of(name) is Field.NAME else name


def tidy_line(value: str, field: Field) -> str:
    """Return a residence or occupation; empty when it only repeats its label."""
    text = tidy(value)
    return "" if field_of(text) is field and " " in text else text


def find_address(value: str) -> str:
    """Return the first e-mail address in a value, without `mailto:` and brackets; empty if none."""
    found = _ADDRESS.search(re.sub(r"(?i)mailto:", " ", value.translate(FOLD)))
    return found[0].rstrip(".") if found else ""


def is_address(value: str) -> bool:
    """Whether a whole line is an address, possibly in brackets or repeated as a link."""
    rest = _ADDRESS.sub("", re.sub(r"(?i)mailto:", "", value.translate(FOLD)))
    return rest != value.translate(FOLD) and not any(char.isalnum() for char in rest)


def is_courtesy(value: str) -> bool:
    """Whether a line greets, thanks, or begins a sentence, so that it is nobody's value."""
    return bool(COURTESY.match(value.strip()))


def looks_personal(name: str) -> bool:
    """Whether text without any label reads as a person's name: few words, capitals, no digits."""
    words = name.split()
    if not tidy_name(name) or is_courtesy(name) or any(char.isdigit() for char in name):
        return False
    if any(char.islower() for char in name):
        return 2 <= len(words) <= 5 and words[0][0].isupper() and words[-1][0].isupper()
    return len(name) <= 40 and len(words) <= 5
