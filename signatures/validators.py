"""What a person may write about themselves, and what a moderator should look at.

Names are people's: any letter, mark or punctuation of any script is welcome. Refused is only what
cannot be shown, hides something or is a link. Each rule asks for a property of the character
(UAX #44: general category, bidirectional class, decomposition), so that scripts that Unicode adds
later need no change here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache

from confusable_homoglyphs import categories
from disposable_email_domains import blocklist
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email

from .normalise import JOINERS, clean_text

MAX_MARKS_IN_A_ROW = 4
ODD_ACCENTS_IN_A_ROW = 3

KNOWN_CHARACTERS = 8192  # whose answers a process keeps: names use few of all there are

BIDI_CONTROLS = frozenset({"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"})
TAG_CHARACTERS = re.compile("[\U000e0000-\U000e007f]")
NONCHARACTERS = frozenset({0xFFFE, 0xFFFF})

# Planes 2 and 3 are set aside for ideographs; names use ones younger than this Python's tables.
IDEOGRAPHIC_PLANES = range(0x20000, 0x3FFFE)

# A scheme, "www.", or a domain with a path. Only well-known endings count for the last, so that
# "St.Gallen/Wil" and "Dipl.Ing/Architekt" are places and professions.
LINK = re.compile(
    r"\w://|\bwww\d?\.\w"
    r"|[\w-]\.(?:com|net|org|info|biz|io|me|ly|gl|cc|ru|cn|xyz|top|site|online|shop|app)(?::\d+)?/\w",
    re.IGNORECASE,
)

# Alphabets whose capitals look alike; a word in two of them is an accident or a disguise.
LOOK_ALIKE_ALPHABETS = frozenset({"LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"})

# Arrows to miscellaneous symbols and the pictographs beyond, enclosed Latin letters among them;
# then the sign that stands for a lost character.
PICTURES = re.compile("[\u2190-\u2bff\U0001f000-\U0001faff\ufffd]")
STYLED_LETTER = ("<font>", "<wide>")
CODE = re.compile(r"[<>{}\[\]|\\^$]")
ONE_CHARACTER_REPEATED = re.compile(r"(.)\1{3,}", re.IGNORECASE)


# Of the usual kind, and within RFC 5321's 254 characters, 64 before the @, and RFC 1035's 63.
USUAL_ADDRESS = re.compile(
    r"(?=.{6,254}\Z)(?=[^@]{1,64}@)[a-z0-9]+(?:[._+-][a-z0-9]+)*"
    r"@(?:(?=[^.]{1,63}\.)[a-z0-9]+(?:-[a-z0-9]+)*\.)+(?P<top>[a-z]{2,63})"
)


def clean_address(value: str) -> str:
    """Return an e-mail address that our mail server can reach (RFC 5321), as it is stored.

    Domains are written in ASCII by IDNA 2008, as browsers do; Django would follow the rules of
    2003. Raises ValidationError. Addresses of the usual kind are what email-validator would make
    of them, too: it takes ten times as long, and it is asked about all others.
    """
    usual = USUAL_ADDRESS.fullmatch(value)
    if usual and usual["top"] not in SPECIAL_USE_DOMAIN_NAMES:
        return value
    try:
        # `.test` never resolves (RFC 2606), so nothing is gained by refusing it.
        checked = validate_email(
            value, check_deliverability=False, allow_smtputf8=False, test_environment=True
        )
    except EmailNotValidError:
        raise ValidationError(
            _("Write an address such as name@example.org, or leave this empty."), code="invalid"
        ) from None
    return checked.ascii_email or checked.normalized


def is_throw_away(email: str) -> bool:
    """Whether a mailbox is one of a provider of throw-away addresses, or under its domain.

    A reason to look, never to refuse: whoever fears for their own address may have no other.
    """
    labels = email.rpartition("@")[2].lower().split(".")
    return any(".".join(labels[start:]) in blocklist for start in range(len(labels) - 1))


def validate_nothing_hidden(value: str) -> None:
    """Accept one line of text that shows all it holds; raise ValidationError if it does not.

    Codes: `control` (control characters and invisible formatting, UAX #44 Cc, Cf, Cs and
    noncharacters), `bidi` (overrides, embeddings and isolates, UAX #9).
    """
    if value.isascii() and value.isprintable():
        return
    if any(unicodedata.bidirectional(char) in BIDI_CONTROLS for char in value):
        raise ValidationError(
            _("Please remove the characters that change the direction of the text."), code="bidi"
        )
    if any(map(_is_control, value)):
        raise ValidationError(_("Please remove the hidden control characters."), code="control")


def validate_visible_text(value: str) -> None:
    """Accept one line that hides nothing and shows something; raise ValidationError if not.

    Codes: those of `validate_nothing_hidden`, and `nothing_visible` (no letter or number of any
    script).
    """
    validate_nothing_hidden(value)
    if not any(map(_is_letter_or_number, value)):
        raise ValidationError(
            _("Please write at least one letter or number."), code="nothing_visible"
        )


def validate_person_text(value: str) -> None:
    """Accept a name, residence or occupation; raise ValidationError with a plain sentence if not.

    The value is judged as `clean_text` would store it. Codes: those of `validate_visible_text`,
    `marks` (more than four combining marks in a row, counted decomposed), `link`.
    """
    text = clean_text(value)
    validate_visible_text(text)
    if not text.isascii() and _marks_in_a_row(text) > MAX_MARKS_IN_A_ROW:
        raise ValidationError(_("Please use fewer accents on one letter."), code="marks")
    if LINK.search(unicodedata.normalize("NFKC", text)):
        raise ValidationError(_("Please leave out web addresses."), code="link")


def odd_characters(value: str) -> bool:
    """Whether a person should look at this text before it counts. Never a reason to refuse.

    True for a word in two alphabets that look alike (UTS #39), mathematical, full-width or enclosed
    Latin letters, emoji, private-use, unassigned and replacement characters, piled accents, no
    letters at all, one character repeated, and three or more signs of program code.
    """
    text = clean_text(value)
    return bool(
        PICTURES.search(text)
        or ONE_CHARACTER_REPEATED.fullmatch(text)
        or len(CODE.findall(text)) >= 3
        or not any(char.isalpha() or _is_young_ideograph(char) for char in text)
        or (not text.isascii() and _is_odd_beyond_ascii(text))
    )


def _is_odd_beyond_ascii(text: str) -> bool:
    return (
        any(_is_styled(char) or _is_unknown(char) for char in text)
        or _longest_run(unicodedata.normalize("NFD", text), _is_stacked_accent)
        >= ODD_ACCENTS_IN_A_ROW
        or any(map(_mixes_alphabets, re.findall(r"[^\W\d_]+", text)))
    )


@lru_cache(KNOWN_CHARACTERS)
def _is_control(char: str) -> bool:
    """Controls, surrogates, noncharacters, tags, and format characters that draw nothing.

    Format characters of the classes BN and ON have no ink; Arabic's number signs, for instance,
    have some, and another class.
    """
    category = unicodedata.category(char)
    if category == "Cf":
        return unicodedata.bidirectional(char) in {"BN", "ON"} and char not in JOINERS
    return category in {"Cc", "Cs"} or _is_noncharacter(char) or bool(TAG_CHARACTERS.match(char))


def _is_noncharacter(char: str) -> bool:
    return ord(char) & 0xFFFF in NONCHARACTERS or 0xFDD0 <= ord(char) <= 0xFDEF


@lru_cache(KNOWN_CHARACTERS)
def _is_letter_or_number(char: str) -> bool:
    if unicodedata.category(char)[0] in "LN":
        return "FILLER" not in unicodedata.name(char, "")
    return _is_young_ideograph(char)


def _is_young_ideograph(char: str) -> bool:
    return ord(char) in IDEOGRAPHIC_PLANES and unicodedata.category(char) == "Cn"


@lru_cache(KNOWN_CHARACTERS)
def _is_unknown(char: str) -> bool:
    return unicodedata.category(char) in {"Co", "Cn"} and not _is_young_ideograph(char)


@lru_cache(KNOWN_CHARACTERS)
def _is_combining(char: str) -> bool:
    """Marks that take no room of their own; Burmese and Indic vowels that do are not counted."""
    return unicodedata.category(char) in {"Mn", "Me"}


@lru_cache(KNOWN_CHARACTERS)
def _is_stacked_accent(char: str) -> bool:
    return unicodedata.combining(char) >= 200


@lru_cache(KNOWN_CHARACTERS)
def _is_styled(char: str) -> bool:
    if not char.isalpha() or not unicodedata.decomposition(char).startswith(STYLED_LETTER):
        return False
    return bool(categories.alias(unicodedata.normalize("NFKC", char)[0]) == "LATIN")


def _mixes_alphabets(word: str) -> bool:
    if word.isascii():
        return False
    return len(LOOK_ALIKE_ALPHABETS & categories.unique_aliases(word)) > 1


def _marks_in_a_row(text: str) -> int:
    return _longest_run(unicodedata.normalize("NFD", text), _is_combining)


def _longest_run(text: str, belongs: Callable[[str], bool]) -> int:
    longest = current = 0
    for char in text:
        current = current + 1 if belongs(char) else 0
        longest = max(longest, current)
    return longest
