"""What finds two signatures that may be one person's, and what a person said about the two."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ..enums import LIVE_STATES
from .signature import Signature


class NameKey(models.Model):
    """One key that possible duplicates of a signature share, see `signatures.keys.name_key`.

    Beside the signature, not in it: signing stays one insert, and a name that is gone leaves none.
    """

    pk = models.CompositePrimaryKey("signature_id", "key")
    signature = models.ForeignKey(
        Signature, on_delete=models.CASCADE, related_name="name_keys", db_index=False
    )
    key = models.BigIntegerField()

    class Meta:
        indexes = [models.Index("key", F("signature").desc(), name="namekey_newest_first")]

    def __str__(self) -> str:
        return f"{self.signature_id}: {self.key}"


class KeyingPosition(models.Model):
    """Up to which signature keys were made: one row."""

    after = models.UUIDField(default=UUID(int=0))

    def __str__(self) -> str:
        return str(self.after)


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    """Questions asked of suggestions."""

    def open(self) -> SuggestionQuerySet:
        """Those that wait for a person: both signatures live, and nobody told them apart."""
        live = list(LIVE_STATES)
        return self.filter(settled_at__isnull=True, first__state__in=live, second__state__in=live)

    def about(self, signature_id: UUID | str) -> SuggestionQuerySet:
        """Those with this signature on either side."""
        return self.filter(Q(first=signature_id) | Q(second=signature_id))

    def after(self, pair: Suggestion) -> SuggestionQuerySet:
        """Those behind `pair`, as likely or less."""
        return self.filter(Q(score__lt=pair.score) | Q(score=pair.score, id__lt=pair.pk))


class Suggestion(models.Model):
    """Two signatures that may be one person's, the older one first; see `signatures.likeness`.

    Once a person has told the two apart, `settled_at` stands and they are not suggested again.
    """

    first = models.ForeignKey(
        Signature,
        verbose_name=_("the older one"),
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,
    )
    second = models.ForeignKey(
        Signature, verbose_name=_("the newer one"), on_delete=models.CASCADE, related_name="+"
    )
    score = models.FloatField(_("likeness"))
    settled_at = models.DateTimeField(_("told apart"), null=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        db_index=False,
    )

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        ordering = ["-score", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="suggestion_once_per_pair"),
            models.CheckConstraint(
                condition=Q(first__lt=F("second")), name="suggestion_older_first"
            ),
        ]
        indexes = [
            models.Index(
                fields=["-score", "-id"],
                condition=Q(settled_at__isnull=True),
                name="suggestion_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
