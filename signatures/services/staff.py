"""What staff do with their accounts, in the same log as what they do with signatures."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ..models import AuditEntry

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class StaffAction(StrEnum):
    """The words of the audit log for what happens to an account."""

    LOGGED_IN = "logged in"
    LOGGED_OUT = "logged out"
    ENROLLED = "second factor set up"
    FACTOR_FAILED = "second factor failed"
    RECOVERY_USED = "recovery code used"
    RECOVERY_RENEWED = "recovery codes renewed"
    PASSKEY_ADDED = "passkey added"
    PASSKEY_REMOVED = "passkey removed"
    RESET = "second factor reset"
    ASKED_AGAIN = "identity confirmed"
    ASKED_IN_VAIN = "identity not confirmed"


def staff_log(
    *, actor: User | None, action: StaffAction, details: dict[str, Any] | None = None
) -> None:
    """Note what `actor` did, None for whoever holds the server; never from where or with what."""
    AuditEntry.objects.create(actor=actor, action=action.value, details=details or {})
