"""How a letter is defended while it is attacked: by itself, or as staff decided."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from letters.models import Letter

from ..enums import Defence


class Guard(models.Model):
    """The two defences of one letter: what staff chose, and what the site found by itself."""

    letter = models.OneToOneField(
        Letter,
        verbose_name=_("letter"),
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="guard",
    )
    proof = models.CharField(
        _("ask for a proof of work"),
        max_length=4,
        choices=Defence.choices,
        default=Defence.AUTO,
        help_text=_("Browsers solve a riddle unseen. Who does not is held, not refused."),
    )
    proof_until = models.DateTimeField(_("asked by itself until"), null=True, editable=False)
    hide_names = models.CharField(
        _("hide public names"),
        max_length=4,
        choices=Defence.choices,
        default=Defence.AUTO,
        help_text=_("Signing and counting go on. “Never” shows them again after an alarm."),
    )
    names_hidden_at = models.DateTimeField(_("hidden by itself since"), null=True, editable=False)
    accepted_an_hour = models.PositiveIntegerField(
        _("accepted in an hour before names are hidden"),
        default=1_000,
        help_text=_("Only where it is also five times what the day before had in an hour."),
    )

    class Meta:
        verbose_name = _("defence of a letter")
        verbose_name_plural = _("defences")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(proof__in=Defence.values, hide_names__in=Defence.values),
                name="guard_defences_known",
            ),
        ]

    def __str__(self) -> str:
        return str(self.letter)

    def asks_proof(self, now: datetime | None = None) -> bool:
        """Whether a signature without a proof of work is held at `now` (aware; default: now)."""
        if self.proof != Defence.AUTO:
            return self.proof == Defence.ON
        return self.proof_until is not None and (now or timezone.now()) < self.proof_until

    def hides_names(self) -> bool:
        """Whether no public names are shown."""
        if self.hide_names != Defence.AUTO:
            return self.hide_names == Defence.ON
        return self.names_hidden_at is not None
