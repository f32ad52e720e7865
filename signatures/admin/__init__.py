"""The moderators' and delivery staff's workplace."""

from .audit import AuditEntryAdmin
from .duplicates import SuggestionAdmin
from .intake import IntakeItemAdmin
from .signature import SignatureAdmin
from .updates import UpdateAdmin

__all__ = ["AuditEntryAdmin", "IntakeItemAdmin", "SignatureAdmin", "SuggestionAdmin", "UpdateAdmin"]
