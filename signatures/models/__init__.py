"""Signatures, their counts, the mails sent for them, and the log of what was done."""

from .audit import AuditEntry
from .counts import CountChange, DailyCount
from .mailbox import MailboxTally
from .signature import Signature
from .updates import Update, UpdateMail

__all__ = [
    "AuditEntry",
    "CountChange",
    "DailyCount",
    "MailboxTally",
    "Signature",
    "Update",
    "UpdateMail",
]
