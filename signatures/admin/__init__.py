"""The moderators' and delivery staff's workplace."""

from .audit import AuditEntryAdmin
from .signature import SignatureAdmin

__all__ = ["AuditEntryAdmin", "SignatureAdmin"]
