"""What reading a message or a row gives: plain values, nothing stored, nothing trusted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a message is, in the words of the import report."""

    SIGNATURE = "signature"
    NOTHING = "no filled-in lines"
    REMOVAL = "asks to be taken off the list"
    BOUNCE = "bounce"
    AUTO_REPLY = "automatic reply"
    SPAM = "spam or bulk mail"
    REFUSED = "not readable"


class Confidence(StrEnum):
    """How sure the reading is, in the words a moderator sees beside the original text."""

    COMPLETE = "all four lines found, one signer"
    WITHOUT_EMAIL = "all lines but the optional e-mail found, one signer"
    SEVERAL = "several signers in one message"
    LINE_MISSING = "a line is missing"
    NO_LABELS = "found without labels"
    ROW = "a row of a table"
    TYPED = "typed in from paper"
    BY_HAND = "entered by a person from the original"

    @property
    def is_high(self) -> bool:
        """Whether such a reading may be decided in bulk, without opening the original text."""
        return self in {Confidence.COMPLETE, Confidence.WITHOUT_EMAIL, Confidence.ROW}


@dataclass(frozen=True)
class ParsedSigner:
    """One person's four lines: tidied by `clean_text`, not validated, empty where not given."""

    name: str
    residence: str = ""
    occupation: str = ""
    email: str = ""
    confidence: Confidence = Confidence.LINE_MISSING


@dataclass(frozen=True)
class ParsedMessage:
    """One message as read: who signs in it, and in `reason` one line on why nobody does.

    `message_id` is the header's without brackets, or `sha256:<hex>` of the bytes when there is
    none. `text` is what a moderator sees beside the signers, at most 256 KB of characters.
    """

    message_id: str
    kind: Kind
    signers: tuple[ParsedSigner, ...] = ()
    reason: str = ""
    text: str = ""
