"""One person's name under one letter."""

from __future__ import annotations

import time
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from letters.models import Letter

from ..enums import LIVE_STATES, Confirmation, HoldReason, Source, State, Visibility
from ..keys import KEY_LENGTH

NAME_LENGTH = 200
RESIDENCE_LENGTH = 150
OCCUPATION_LENGTH = 150
AHEAD = 1_000  # milliseconds that ids may be ahead of the clock while very many are made

LIVE = Q(state__in=list(LIVE_STATES))
UNSEEN = Q(state=State.ACCEPTED, confirmed_at__isnull=True, decided_at__isnull=True)
IN_QUEUE = Q(state=State.PENDING) | UNSEEN
HELD = ~Q(hold_reasons=[])
ON_THE_SITE = Q(state=State.ACCEPTED, visibility=Visibility.PUBLIC)


def new_id() -> UUID:
    """A UUIDv7 (RFC 9562, 5.7): ordered by time, made on any node without asking another.

    The library never goes back. Where the clock was put back it would make ids of the future until
    the clock has caught up, so then it is told the time.
    """
    made, now = uuid7(), time.time_ns()
    return made if made.int >> 80 <= now // 1_000_000 + AHEAD else uuid7(nanoseconds=now)


def first_id_at(moment: datetime) -> UUID:
    """The smallest UUIDv7 made at `moment` (RFC 9562, 5.7: 48 bits of milliseconds in front)."""
    milliseconds = int(moment.timestamp() * 1000)
    return UUID(int=(milliseconds << 80) | (7 << 76) | (2 << 62))


class SignatureQuerySet(models.QuerySet["Signature"]):
    """Questions asked of signatures, each answered by an index."""

    def accepted(self) -> SignatureQuerySet:
        """Those that count."""
        return self.filter(state=State.ACCEPTED)

    def live(self) -> SignatureQuerySet:
        """Those that count or may come to count when a person has looked."""
        return self.filter(LIVE)

    def on_the_site(self) -> SignatureQuerySet:
        """Those whose names may be shown to everybody: the only source of public names."""
        return self.filter(ON_THE_SITE)

    def in_queue(self) -> SignatureQuerySet:
        """Those that a person should look at: pending, or counted before anybody looked."""
        return self.filter(IN_QUEUE)


class Signature(models.Model):
    """A name under a letter, what was signed, and where it stands.

    Times are aware and UTC. `email_sealed` is a Fernet token, see `signatures.sealing`; the keys
    are HMACs, see `signatures.keys`. A withdrawn signature keeps its keys and nothing that a
    person could be recognised by.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    letter = models.ForeignKey(
        Letter,
        verbose_name=_("letter"),
        on_delete=models.PROTECT,
        related_name="signatures",
        db_index=False,  # every index below that is asked by letter starts with it
    )
    text_digest = models.CharField(_("digest of the signed text"), max_length=64, editable=False)
    language = models.CharField(_("language of the signed text"), max_length=10)
    page_language = models.CharField(
        _("language of the page"), max_length=10, default="en", editable=False
    )

    name = models.CharField(_("name"), max_length=NAME_LENGTH)
    residence = models.CharField(_("place of residence"), max_length=RESIDENCE_LENGTH, blank=True)
    occupation = models.CharField(_("occupation"), max_length=OCCUPATION_LENGTH, blank=True)
    email_sealed = models.TextField(_("sealed e-mail"), null=True, editable=False)  # noqa: DJ001
    email_key = models.CharField(  # noqa: DJ001 (unique among those that have one)
        _("e-mail key"), max_length=KEY_LENGTH, null=True, editable=False
    )
    person_key = models.CharField(_("person key"), max_length=KEY_LENGTH, editable=False)

    visibility = models.CharField(
        _("name shown"),
        max_length=9,
        choices=Visibility.choices,
        default=Visibility.RECIPIENT,
    )
    state = models.CharField(_("state"), max_length=11, choices=State.choices)
    wants_updates = models.BooleanField(_("wants updates"), default=False)
    source = models.CharField(_("source"), max_length=5, choices=Source.choices, default=Source.WEB)
    source_ref = models.CharField(_("source reference"), max_length=255, blank=True)
    hold_reasons = models.JSONField(_("reasons to look"), default=list, blank=True)
    link_version = models.PositiveSmallIntegerField(default=0, editable=False)

    created_at = models.DateTimeField(_("signed"))
    confirmed_at = models.DateTimeField(_("mailbox confirmed"), null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, editable=False)
    # The last mail: the reminder, or the first one where the mailbox refused it for good.
    reminded_at = models.DateTimeField(null=True, editable=False)
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("decided by"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
    )

    objects = SignatureQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        permissions = [
            ("moderate_signature", _("Can decide about signatures")),
            ("export_signature", _("Can export the list of signatures")),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["letter", "email_key"],
                condition=LIVE & Q(email_key__isnull=False),
                name="signature_one_per_mailbox",
            ),
            models.UniqueConstraint(
                fields=["letter", "person_key"],
                condition=LIVE & Q(email_key__isnull=True),
                name="signature_one_per_person",
            ),
            # The same form sent twice waits for its mailbox once.
            models.UniqueConstraint(
                fields=["letter", "email_key", "person_key", "visibility", "wants_updates"],
                condition=Q(state=State.UNCONFIRMED),
                name="signature_waits_once",
            ),
            # What came in by mail or on a sheet is taken in once, however often it is read.
            models.UniqueConstraint(
                fields=["letter", "source", "source_ref"],
                condition=~Q(source_ref=""),
                name="signature_once_per_source",
            ),
            models.CheckConstraint(
                condition=Q(state__in=State.values), name="signature_state_known"
            ),
            models.CheckConstraint(
                condition=Q(visibility__in=Visibility.values), name="signature_visibility_known"
            ),
            models.CheckConstraint(
                condition=Q(source__in=Source.values), name="signature_source_known"
            ),
            models.CheckConstraint(
                condition=~Q(name="") | Q(state=State.WITHDRAWN), name="signature_has_a_name"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.WITHDRAWN)
                | Q(name="", residence="", occupation="", email_sealed__isnull=True),
                name="signature_withdrawn_keeps_nothing",
            ),
            models.CheckConstraint(
                condition=Q(email_sealed__isnull=True) | Q(email_key__isnull=False),
                name="signature_sealed_has_key",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | Q(decided_at__isnull=False),
                name="signature_decision_has_time",
            ),
        ]
        indexes = [
            models.Index(fields=["letter", "state", "id"], name="signature_by_state"),
            models.Index(fields=["letter", "id"], condition=ON_THE_SITE, name="signature_on_site"),
            models.Index(fields=["id"], condition=IN_QUEUE, name="signature_queue"),
            models.Index(fields=["id"], condition=HELD, name="signature_held"),
            # Whoever has left, for whatever a list brings again.
            models.Index(
                fields=["letter", "person_key"],
                condition=Q(state=State.WITHDRAWN),
                name="signature_gone_by_person",
            ),
            models.Index(
                fields=["letter", "email_key"],
                condition=Q(state=State.WITHDRAWN, email_key__isnull=False),
                name="signature_gone_by_mailbox",
            ),
            models.Index(
                fields=["source", "id"],
                condition=~Q(source=Source.WEB),
                name="signature_from_elsewhere",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.id}"

    @property
    def confirmation(self) -> Confirmation:
        """What stands behind it: its own mailbox, a person who looked, or nothing yet."""
        if self.confirmed_at:
            return Confirmation.MAILBOX
        return Confirmation.REVIEWED if self.decided_at else Confirmation.UNREVIEWED

    @property
    def hold_words(self) -> list[str]:
        """The reasons to look, in words."""
        return [str(HoldReason(reason).label) for reason in self.hold_reasons]
