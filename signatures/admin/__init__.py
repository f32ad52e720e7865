"""The moderators' and delivery staff's workplace."""

from .audit import AuditEntryAdmin
from .duplicates import SuggestionAdmin
from .guard import GuardAdmin
from .intake import IntakeItemAdmin
from .signature import SignatureAdmin
from .sweep import SweepAdmin
from .updates import UpdateAdmin

__all__ = [
    "AuditEntryAdmin",
    "GuardAdmin",
    "IntakeItemAdmin",
    "SignatureAdmin",
    "SuggestionAdmin",
    "SweepAdmin",
    "UpdateAdmin",
]
