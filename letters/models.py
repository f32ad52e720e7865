"""A letter, its text in each language, and the events that led to it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .enums import Phase, ReviewPolicy
from .validators import validate_year_or_date


def language_choices() -> list[tuple[str, str]]:
    """The site's languages. A callable, so that a new language is no migration."""
    return list(settings.LANGUAGES)


class LetterQuerySet(models.QuerySet["Letter"]):
    """Questions asked of letters."""

    def published(self) -> LetterQuerySet:
        """Letters that the public may read."""
        return self.filter(is_published=True)


class Letter(models.Model):
    """An open letter: who writes to whom, when it may be signed, how signatures are reviewed."""

    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    addressee = models.TextField(_("addressee"), help_text=_("As on the envelope, one line each."))
    cc = models.TextField(_("copies to"), blank=True, help_text=_("One recipient a line."))
    sender = models.CharField(_("sender"), max_length=200)
    letter_date = models.DateField(_("date of the letter"))
    opens_at = models.DateTimeField(_("opens"), null=True, blank=True)
    closes_at = models.DateTimeField(_("closes"), null=True, blank=True)
    goal = models.PositiveIntegerField(_("goal"), null=True, blank=True)
    review = models.CharField(
        _("review policy"),
        max_length=6,
        choices=ReviewPolicy.choices,
        default=ReviewPolicy.BEFORE,
        help_text=_("When a person looks at signatures that came without a confirmed mailbox."),
    )
    is_published = models.BooleanField(_("published"), default=False)
    is_featured = models.BooleanField(
        _("featured"), default=False, help_text=_("Shown on the front page.")
    )
    contact = models.TextField(_("contact person"), blank=True)
    leaders = models.TextField(_("project leaders"), blank=True, help_text=_("One a line."))
    sign_on_email = models.EmailField(
        _("sign-on mailbox"),
        blank=True,
        help_text=_("Where people who cannot reach this site may send their four lines."),
    )

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-letter_date", "slug"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_featured"],
                condition=Q(is_featured=True),
                name="letter_one_featured",
                violation_error_message=_("Another letter is featured already."),
            ),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True)
                | Q(closes_at__isnull=True)
                | Q(opens_at__lt=models.F("closes_at")),
                name="letter_opens_before_closing",
                violation_error_message=_("A letter must open before it closes."),
            ),
        ]

    def __str__(self) -> str:
        return self.slug

    def get_absolute_url(self) -> str:
        return reverse("letter", args=[self.slug])

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Check all constraints but that of one featured letter.

        A second one is no error: saved by `letters.services`, it takes the other one's place.
        """
        super().validate_constraints(exclude={*(exclude or ()), "is_featured"})

    def phase(self, now: datetime | None = None) -> Phase:
        """Where the letter stands at `now` (aware; default: this moment)."""
        now = now or timezone.now()
        if self.opens_at and now < self.opens_at:
            return Phase.UPCOMING
        if self.closes_at and now >= self.closes_at:
            return Phase.CLOSED
        return Phase.OPEN

    @property
    def is_open(self) -> bool:
        """Whether it may be signed at this moment."""
        return self.phase() is Phase.OPEN

    @property
    def recipients(self) -> list[str]:
        """Everybody a delivery goes to: the addressee's first line, then each copy."""
        return self.addressee_lines[:1] + self.cc_lines

    @property
    def addressee_lines(self) -> list[str]:
        return [line.strip() for line in self.addressee.splitlines() if line.strip()]

    @property
    def cc_lines(self) -> list[str]:
        return [line.strip() for line in self.cc.splitlines() if line.strip()]

    @property
    def leader_lines(self) -> list[str]:
        return [line.strip() for line in self.leaders.splitlines() if line.strip()]


class LetterText(models.Model):
    """The words of a letter in one language. One text is binding, the others are courtesy.

    `digest` is the SHA-256 (64 lower-case hex digits) of the canonical text, see
    `letters.canonical`. Only `letters.services` writes it.
    """

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="texts")
    language = models.CharField(_("language"), max_length=10, choices=language_choices)
    title = models.CharField(_("title"), max_length=250)
    body = models.TextField(_("text"), help_text=_("Markdown. This is what people sign."))
    appeal = models.TextField(
        _("appeal"),
        blank=True,
        help_text=_("Markdown. Why to sign; not part of the signed text."),
    )
    is_courtesy_translation = models.BooleanField(_("courtesy translation"), default=False)
    digest = models.CharField(_("digest"), max_length=64, editable=False)

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ["is_courtesy_translation", "language"]
        constraints = [
            models.UniqueConstraint(fields=["letter", "language"], name="text_one_per_language"),
            models.UniqueConstraint(
                fields=["letter"],
                condition=Q(is_courtesy_translation=False),
                name="text_one_binding",
                violation_error_message=_("A letter has one binding text; mark the others."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.language})"


class TimelineEvent(models.Model):
    """One thing that happened before the letter was written, told in one language."""

    letter = models.ForeignKey(Letter, on_delete=models.CASCADE, related_name="timeline")
    language = models.CharField(
        _("language"), max_length=10, choices=language_choices, default="en"
    )
    when = models.CharField(_("year or date"), max_length=10, validators=[validate_year_or_date])
    who = models.CharField(_("who"), max_length=200)
    what = models.TextField(_("what happened"))
    order = models.PositiveSmallIntegerField(_("order"), default=0)

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("timeline")
        ordering = ["language", "order", "when"]

    def __str__(self) -> str:
        return f"{self.when}: {self.who}"

    @property
    def day(self) -> date | None:
        """The day, where it is known; None where only the year is."""
        return date.fromisoformat(self.when) if len(self.when) > len("YYYY") else None
