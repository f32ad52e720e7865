"""How many signatures are accepted, kept so that reading it costs the same at any size."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from letters.models import Letter

from .signature import RESIDENCE_LENGTH


class DailyCount(models.Model):
    """Accepted signatures of one letter that were signed on one day (UTC), folded so far."""

    letter = models.ForeignKey(
        Letter, on_delete=models.CASCADE, related_name="daily_counts", db_index=False
    )
    day = models.DateField(_("day"))
    accepted = models.IntegerField(_("accepted"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["letter", "day"], name="count_one_per_day"),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.day}: {self.accepted}"


class PlaceCount(models.Model):
    """Accepted signatures of one letter from one place, when they were last counted.

    `place` is empty for all others together. No row stands for fewer people than may be named, see
    `signatures.services.places`.
    """

    letter = models.ForeignKey(
        Letter, on_delete=models.CASCADE, related_name="place_counts", db_index=False
    )
    place = models.CharField(max_length=RESIDENCE_LENGTH, blank=True)
    accepted = models.PositiveIntegerField()

    class Meta:
        ordering = ["-accepted", "place"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "place"], name="count_one_per_place"),
        ]

    def __str__(self) -> str:
        return f"{self.letter_id} {self.place}: {self.accepted}"


class CountChange(models.Model):
    """One signature more or less, not yet folded into DailyCount.

    A row of its own for each change, because a counter that all signers update is a lock that
    all signers wait for.
    """

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    change = models.IntegerField()  # a recount may write down a whole day at once

    def __str__(self) -> str:
        return f"{self.letter_id} {self.day}: {self.change:+}"
