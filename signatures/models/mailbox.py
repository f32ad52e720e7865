"""How many mails went to one address for one letter."""

from __future__ import annotations

from django.db import models

from letters.models import Letter

from ..keys import KEY_LENGTH


class MailboxTally(models.Model):
    """Mails sent to one mailbox about one letter, known by its keyed digest only."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="+", db_index=False)
    mailbox_key = models.CharField(max_length=KEY_LENGTH)
    sent = models.PositiveSmallIntegerField(default=0)
    last_sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "mailbox_key"], name="tally_one_per_mailbox"),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id}: {self.sent}"
