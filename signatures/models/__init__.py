"""Signatures, their counts, the mails sent for them, their likeness, the log of what was done."""

from .audit import AuditEntry
from .counts import CountChange, DailyCount
from .duplicates import KeyingPosition, NameKey, Suggestion
from .guard import Guard
from .intake import IntakeItem, MailboxPosition, StagedSignature
from .mailbox import MailboxTally
from .signature import Signature
from .sweep import Sweep, Swept
from .updates import Update, UpdateMail

__all__ = [
    "AuditEntry",
    "CountChange",
    "DailyCount",
    "Guard",
    "IntakeItem",
    "KeyingPosition",
    "MailboxPosition",
    "MailboxTally",
    "NameKey",
    "Signature",
    "StagedSignature",
    "Suggestion",
    "Sweep",
    "Swept",
    "Update",
    "UpdateMail",
]
