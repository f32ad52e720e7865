"""Text as it is stored, and the canonical forms that only keyed digests ever see.

Rules follow Unicode's own properties rather than lists of characters: normalization forms
(UAX #15), joiners in words (UAX #31, section 2.3), compatibility caseless matching (The Unicode
Standard, definition D146) and canonical combining classes (UAX #44, table 15). Nothing here
raises, whatever the text; refusing is the work of `signatures.validators`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from email_validator import EmailNotValidError, validate_email

# Python's \s without the four information separators: those are controls, and nobody types them.
WHITE_SPACE = re.compile(r"[^\S\x1c-\x1f]+")

# Soft hyphen, zero-width space, word joiner and byte order mark only say where a line may break;
# the three directional marks come with Arabic and Hebrew keyboards. None has ink or meaning in a
# name, all of them make two equal names differ.
DROPPED = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff\u200e\u200f\u061c"))

# ZWNJ, ZWJ and Mongolian's vowel separator shape the letters beside them.
JOINERS = frozenset("\u200c\u200d\u180e")

# Typed for an apostrophe, and as often left out. The first two are symbols, not punctuation.
APOSTROPHES = dict.fromkeys(map(ord, "´`'\u2018\u2019\u201b\u2032\u05f3\u05f4\""))

# Turkish dotless i has no case folding of its own, yet its capital is I.
DOTLESS_I = {ord("ı"): "i"}

# Letters and marks by category only: apostrophe-like modifiers (Hawaiian, Uzbek), tatweel, and
# what has no ink: variation selectors, the grapheme joiner, Hangul fillers.
UNSPOKEN = re.compile(
    "[\u02b0-\u02ff\u034f\u0640\u07fa\u115f\u1160\u180b-\u180f\ufe00-\ufe0f\U000e0100-\U000e01ef]"
)

# Format characters, enclosing marks, modifier symbols such as ^ or a skin tone, quotation marks.
UNSPOKEN_CATEGORIES = frozenset({"Cf", "Me", "Sk", "Pi", "Pf"})

# Of an address in ASCII nothing is left to do, unless its local part is quoted.
PLAIN_ADDRESS = re.compile(r"[a-z0-9.!#$%&*+/=?^_{|}~-]+@[a-z0-9.-]+")


def clean_text(value: str) -> str:
    """Return one line of text as it is stored: NFC, single spaces, no useless invisible characters.

    Line breaks, tabs and every space of any script become one U+0020. ZWNJ and ZWJ stay between
    letters or marks, as Persian and Indic scripts need them (UAX #31), and go elsewhere. Other
    control characters are left for the validator to refuse. Idempotent.
    """
    if value.isascii() and value.isprintable() and "  " not in value:
        return value.strip(" ")  # nothing that this is about is in ASCII
    return _tidy(_keep_joiners_in_words(WHITE_SPACE.sub(" ", value.translate(DROPPED))))


def canonical(value: str) -> str:
    """Return the form of a name, residence or occupation that goes into a key, never on a page.

    Caseless and compatibility-folded; accents, vowel points and apostrophes gone; every other
    punctuation a space. `José` = `JOSE`, `O'Connor` = `OConnor`, `Saint-Denis` = `saint denis`.
    What is not safe to drop stays: vowel signs of Indic scripts, Thai or Tibetan, viramas, nuktas,
    kana voicing. Empty only for text without any visible character. Idempotent.
    """
    text = clean_text(value)
    bare = "".join(map(_bare, _folded(text.translate(APOSTROPHES))))
    return _tidy(bare) or _tidy(_folded(text))


def canonical_email(value: str) -> str:
    """Return the form of an e-mail address that goes into a key: lower case, domain in ASCII.

    Dots and `+tags` stay: only the receiving host knows whether they name the same mailbox (RFC
    5321, section 2.3.11), and two people must never be taken for one. An address that
    email-validator refuses is only lower-cased.
    """
    address = unicodedata.normalize("NFC", unicodedata.normalize("NFC", value).strip().lower())
    if PLAIN_ADDRESS.fullmatch(address):
        return address
    try:
        parts = validate_email(
            address, check_deliverability=False, globally_deliverable=False, test_environment=True
        )
    except (EmailNotValidError, UnicodeError):
        return address
    return f"{parts.local_part.lower()}@{parts.ascii_domain.lower()}"


def _keep_joiners_in_words(text: str) -> str:
    if JOINERS.isdisjoint(text):
        return text
    kept: list[str] = []
    for char, following in zip(text, text[1:] + " ", strict=True):
        if char not in JOINERS or (kept and _in_word(kept[-1]) and _in_word(following)):
            kept.append(char)
    return "".join(kept)


def _in_word(char: str) -> bool:
    return unicodedata.category(char)[0] in "LM"


def _folded(text: str) -> str:
    """Unicode's D146: NFKD(fold(NFKD(fold(NFD(text)))))."""
    text = unicodedata.normalize("NFD", text)
    for _ in range(2):
        text = unicodedata.normalize("NFKD", text.casefold().translate(DOTLESS_I))
    return text


@lru_cache(8192)
def _bare(char: str) -> str:
    category = unicodedata.category(char)
    if category in UNSPOKEN_CATEGORIES or UNSPOKEN.match(char) or _is_accent(char):
        return ""
    return " " if category[0] == "P" else char


def _is_accent(char: str) -> bool:
    """Whether a mark may be left out in writing without making another name.

    Classes 10 to 36 are Hebrew, Arabic and Syriac points, 200 and above are accents placed around
    a letter. Those between belong to Indic and South-East Asian vowels, those below are nukta,
    kana voicing and virama: all of them part of the spelling.
    """
    placement = unicodedata.combining(char)
    return 10 <= placement <= 36 or placement >= 200


def _tidy(text: str) -> str:
    return WHITE_SPACE.sub(" ", unicodedata.normalize("NFC", text)).strip(" ")
