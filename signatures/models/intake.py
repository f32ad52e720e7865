"""What came in by mail or in a table, kept beside the signatures made from it until decided."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from letters.models import Letter

from ..enums import Source
from .signature import Signature

REF_LENGTH = 240
REASON_LENGTH = 300


class IntakeItem(models.Model):
    """One mail or row that was read. `ref` is its Message-ID or its place and digest in a file.

    `text` is the original as a person reads it, purged 30 days after the decision; the rest stays,
    so that reading the same source again takes nothing in twice.
    """

    letter = models.ForeignKey(
        Letter, verbose_name=_("letter"), on_delete=models.PROTECT, related_name="+", db_index=False
    )
    source = models.CharField(_("source"), max_length=5, choices=Source.choices)
    ref = models.CharField(_("reference"), max_length=REF_LENGTH)
    kind = models.CharField(_("what it is"), max_length=40)
    reason = models.CharField(_("remark"), max_length=REASON_LENGTH, blank=True)
    text = models.TextField(_("original text"), blank=True)
    taken_at = models.DateTimeField(_("taken in"), auto_now_add=True)
    signers = models.PositiveIntegerField(_("signers"), default=0)

    class Meta:
        verbose_name = _("intake item")
        verbose_name_plural = _("intake")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "ref"], name="intake_taken_once"),
        ]

    def __str__(self) -> str:
        return self.ref


class StagedSignature(models.Model):
    """Which item a signature was read from, and how sure the reading is, in words."""

    item = models.ForeignKey(IntakeItem, on_delete=models.CASCADE, related_name="staged")
    signature = models.OneToOneField(Signature, on_delete=models.CASCADE, related_name="staged")
    confidence = models.CharField(_("reading"), max_length=80)
    is_sure = models.BooleanField(_("may be decided in bulk"), default=False)

    def __str__(self) -> str:
        return f"{self.item_id}: {self.confidence}"


class MailboxPosition(models.Model):
    """Up to where a live mailbox was read for a letter, so that the next run goes on there."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="+", db_index=False)
    mailbox = models.CharField(max_length=200)
    ref = models.CharField(max_length=REF_LENGTH)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "mailbox"], name="position_one_per_mailbox"),
        ]

    def __str__(self) -> str:
        return f"{self.mailbox}: {self.ref}"
