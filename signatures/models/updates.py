"""News about a letter, and to whom it has gone."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from letters.models import Letter

from .signature import Signature


class Update(models.Model):
    """A message to the signers of one letter who asked for updates, and to its public feed."""

    letter = models.ForeignKey(
        Letter, verbose_name=_("letter"), on_delete=models.PROTECT, related_name="updates"
    )
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default="en"
    )
    subject = models.CharField(
        _("subject"),
        max_length=120,
        help_text=_("Keep it neutral: it stands in the recipients' mailboxes."),
    )
    body = models.TextField(_("text"), help_text=_("Markdown."))
    is_public = models.BooleanField(
        _("public"), default=False, help_text=_("Also shown in the letter's public feed.")
    )
    created_at = models.DateTimeField(_("written"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    started_at = models.DateTimeField(_("sending began"), null=True, editable=False)
    finished_at = models.DateTimeField(_("sending ended"), null=True, editable=False)
    total = models.PositiveIntegerField(_("recipients"), default=0, editable=False)

    class Meta:
        verbose_name = _("update")
        verbose_name_plural = _("updates")
        ordering = ["-id"]
        permissions = [("send_update", _("Can send updates"))]

    def __str__(self) -> str:
        return self.subject


class UpdateMail(models.Model):
    """That one signer has been sent one update: a broken-off sending goes on where it was."""

    update = models.ForeignKey(Update, on_delete=models.CASCADE, related_name="mails")
    signature = models.ForeignKey(Signature, on_delete=models.CASCADE, related_name="+")
    refused = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["update", "signature"], name="update_mailed_once"),
        ]

    def __str__(self) -> str:
        return f"{self.update_id} {self.signature_id}"
