"""What was handed over: numbered, digested, frozen."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from letters.models import Letter

from .enums import DeliveryState
from .facts import Kind

RECIPIENT_LENGTH = 250
KIND_WORDS = {
    Kind.WHOLE: _("the whole list"),
    Kind.NEW_ONLY: _("only what is new"),
    Kind.ADDENDUM: _("withdrawals after a delivery"),
}


class AcknowledgementStorage(FileSystemStorage):
    """Beside the packets, where no web server serves files; the admin hands them to staff."""

    def url(self, name: str | None) -> str:
        return reverse("admin:acknowledgement", args=[name])


def acknowledgement_storage() -> AcknowledgementStorage:
    return AcknowledgementStorage(location=Path(settings.DATA_DIR) / "acknowledgements")


class Delivery(models.Model):
    """One frozen list. Once it is ready nothing but the record of its handing-over changes.

    `number` is the public one, counted over all letters. `touched_at` moves while it is being
    prepared, so that one whose worker was killed can be told from one that is still at work.
    """

    number = models.PositiveIntegerField(_("number"), unique=True)
    letter = models.ForeignKey(
        Letter, verbose_name=_("letter"), on_delete=models.PROTECT, related_name="deliveries"
    )
    kind = models.CharField(_("what it holds"), max_length=8, choices=list(KIND_WORDS.items()))
    since = models.ForeignKey(
        "self", verbose_name=_("follows"), on_delete=models.PROTECT, null=True, related_name="+"
    )
    state = models.CharField(
        _("state"), max_length=9, choices=DeliveryState.choices, default=DeliveryState.PREPARING
    )
    failure = models.CharField(_("what went wrong"), max_length=300, blank=True)
    step = models.CharField(_("at work on"), max_length=60, blank=True)
    touched_at = models.DateTimeField()
    created_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    frozen_at = models.DateTimeField(_("frozen"), null=True)
    total = models.PositiveIntegerField(_("signatures"), default=0)
    counts = models.JSONField(_("counts"), default=dict)

    handed_over_on = models.DateField(_("handed over on"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True, help_text=_("Shown on the public record."))
    acknowledgement = models.FileField(
        _("acknowledgement"),
        storage=acknowledgement_storage,
        blank=True,
        help_text=_("A receipt or a letter of answer; kept for staff, not shown."),
    )

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["letter"],
                condition=Q(state=DeliveryState.PREPARING),
                name="delivery_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state=DeliveryState.READY) | Q(frozen_at__isnull=False),
                name="delivery_ready_is_frozen",
            ),
        ]
        permissions = [("download_delivery", _("Can download packets"))]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.number}"

    def get_absolute_url(self) -> str:
        return reverse("delivery", args=[self.number])

    @property
    def is_ready(self) -> bool:
        return self.state == DeliveryState.READY

    @property
    def failure_words(self) -> str:
        """What went wrong, for whoever reads it now: the worker wrote it in the site's language."""
        return gettext(self.failure) if self.failure else ""

    @property
    def step_words(self) -> str:
        """What it is at work on, and how far that is, in the reader's language."""
        what, _colon, progress = self.step.partition(": ")
        done, _word, of = progress.partition(" of ")
        if not of:
            return gettext(what) if what else ""
        words = {"what": gettext(what), "done": done, "of": of}
        return gettext("%(what)s: %(done)s of %(of)s") % words

    @property
    def addenda(self) -> QuerySet[Delivery]:
        """The ready ones that take back some of its rows."""
        theirs = Delivery.objects.filter(withdrawn_rows__row__delivery=self)
        return theirs.filter(state=DeliveryState.READY).distinct().order_by("number")

    @property
    def folder(self) -> Path:
        """Where its packets lie."""
        return Path(settings.DATA_DIR) / "deliveries" / str(self.number)


class Packet(models.Model):
    """One recipient's copy of a delivery: a folder and a zip of the same name."""

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="packets")
    recipient = models.CharField(_("recipient"), max_length=RECIPIENT_LENGTH)
    name = models.CharField(_("folder"), max_length=100)
    is_sealed = models.BooleanField(_("encrypted"), default=False)
    manifest_digest = models.CharField(_("digest of the manifest"), max_length=64)

    class Meta:
        verbose_name = _("packet")
        verbose_name_plural = _("packets")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "name"], name="packet_one_per_recipient"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def folder(self) -> Path:
        return self.delivery.folder / self.name

    @property
    def file(self) -> Path:
        """The zip, or where it is encrypted only that."""
        return self.delivery.folder / f"{self.name}.zip{'.age' if self.is_sealed else ''}"


class DeliveryRow(models.Model):
    """That one signature stands in a delivery, under which number and digest; nothing personal."""

    id = models.BigAutoField(primary_key=True)
    delivery = models.ForeignKey(
        Delivery, on_delete=models.CASCADE, related_name="rows", db_index=False
    )
    number = models.PositiveIntegerField()
    # No foreign key: an erased signature leaves its number behind, and an id that means nothing.
    signature_id = models.UUIDField(db_index=True)
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["delivery", "number"], name="row_number_once"),
            models.UniqueConstraint(fields=["delivery", "signature_id"], name="row_signature_once"),
        ]

    def __str__(self) -> str:
        return f"{self.delivery_id}/{self.number}"


class WithdrawnRow(models.Model):
    """A delivered row whose signature no longer counts, named by an addendum."""

    addendum = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="withdrawn_rows")
    row = models.OneToOneField(DeliveryRow, on_delete=models.PROTECT, related_name="withdrawn")

    def __str__(self) -> str:
        return f"{self.addendum_id}: {self.row_id}"
