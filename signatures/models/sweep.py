"""One decision about many signatures that have something in common, and which ones it met."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from letters.models import Letter

from ..enums import State, SweepDecision
from .signature import OCCUPATION_LENGTH, RESIDENCE_LENGTH, Signature


class Sweep(models.Model):
    """What was looked for, what was decided about it, and how far that has come.

    What was looked for is kept as it was written, so that the log says what a person saw; which
    signatures it met stands in Swept, so that undoing it meets the same ones.
    """

    letter = models.ForeignKey(
        Letter, verbose_name=_("letter"), on_delete=models.PROTECT, related_name="+"
    )
    since = models.DateTimeField(_("signed from"))
    until = models.DateTimeField(_("signed before"))
    residence = models.CharField(_("place of residence"), max_length=RESIDENCE_LENGTH, blank=True)
    occupation = models.CharField(_("occupation"), max_length=OCCUPATION_LENGTH, blank=True)
    name_begins = models.CharField(_("name begins with"), max_length=100, blank=True)

    decision = models.CharField(_("decision"), max_length=6, choices=SweepDecision.choices)
    reason = models.CharField(_("why"), max_length=400)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    started_at = models.DateTimeField(_("begun"))
    finished_at = models.DateTimeField(_("ended"), null=True)
    undone_at = models.DateTimeField(_("taken back"), null=True)
    total = models.PositiveIntegerField(_("signatures"), default=0)

    class Meta:
        verbose_name = _("decision about many")
        verbose_name_plural = _("decisions about many")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.get_decision_display()}: {self.reason}"

    @property
    def leads_to(self) -> State:
        """The state in which it leaves a signature."""
        return State.PENDING if self.decision == SweepDecision.HOLD else State.REJECTED


class Swept(models.Model):
    """That one signature was met by one sweep, and where it stood before."""

    sweep = models.ForeignKey(Sweep, on_delete=models.CASCADE, related_name="swept")
    signature = models.ForeignKey(Signature, on_delete=models.CASCADE, related_name="+")
    from_state = models.CharField(max_length=11, choices=State.choices)
    undone = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sweep", "signature"], name="swept_once"),
        ]
        indexes = [
            models.Index(
                fields=["sweep", "signature"],
                condition=models.Q(undone=False),
                name="swept_and_not_undone",
            )
        ]

    def __str__(self) -> str:
        return f"{self.sweep_id} {self.signature_id}"
