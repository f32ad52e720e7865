"""What was done, by whom, and why: written once, never changed."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from letters.models import Letter


class AuditEntry(models.Model):
    """One decision or one look at the list. `actor` is empty for the signer and for the system.

    Holds no personal data of signers: `signature_id` points to the row as long as there is one,
    and an erased signature leaves an id that means nothing.
    """

    at = models.DateTimeField(_("when"), default=timezone.now, db_index=True)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    action = models.CharField(_("what"), max_length=40)
    letter = models.ForeignKey(
        Letter, verbose_name=_("letter"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    signature_id = models.UUIDField(_("signature"), null=True, db_index=True)
    from_state = models.CharField(_("from"), max_length=11, blank=True)
    to_state = models.CharField(_("to"), max_length=11, blank=True)
    reason = models.CharField(_("why"), max_length=500, blank=True)
    details = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"
