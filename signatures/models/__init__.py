"""Signatures, their counts, the mails sent for them, and the log of what was done."""

from .audit import AuditEntry
from .counts import CountChange, DailyCount
from .intake import IntakeItem, MailboxPosition, StagedSignature
from .mailbox import MailboxTally
from .signature import Signature
from .updates import Update, UpdateMail

__all__ = [
    "AuditEntry",
    "CountChange",
    "DailyCount",
    "IntakeItem",
    "MailboxPosition",
    "MailboxTally",
    "Signature",
    "StagedSignature",
    "Update",
    "UpdateMail",
]
