"""Closed sets of words used by signatures."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Visibility(models.TextChoices):
    """Who may read a signatory's name."""

    PUBLIC = "public", _("on this site and on the delivered list")
    RECIPIENT = "recipient", _("on the delivered list only")
    COUNTED = "counted", _("nowhere: only counted")


class State(models.TextChoices):
    """Where a signature stands. Only accepted ones count."""

    UNCONFIRMED = "unconfirmed", _("waits for its mailbox")
    PENDING = "pending", _("waits for a person")
    ACCEPTED = "accepted", _("accepted")
    REJECTED = "rejected", _("rejected")
    WITHDRAWN = "withdrawn", _("withdrawn")
    DUPLICATE = "duplicate", _("duplicate")


LIVE_STATES = (State.PENDING, State.ACCEPTED)


class Source(models.TextChoices):
    """How a signature came in."""

    WEB = "web", _("this site")
    EMAIL = "email", _("e-mail")
    CSV = "csv", _("spreadsheet")
    PAPER = "paper", _("paper")


class HoldReason(models.TextChoices):
    """Why a person should look at a signature before it counts."""

    RATE = "rate", _("many signatures from one network address")
    LIMITS = "limits", _("the limit for one network address could not be checked")
    HONEYPOT = "honeypot", _("a field that people do not see was filled in")
    TIMING = "timing", _("sent without having opened the page, or long after")
    DUPLICATE = "duplicate", _("may be the same person as another signature")
    CHARACTERS = "characters", _("odd characters in a field")
    MAILBOX = "mailbox", _("a mailbox of a provider of throw-away addresses")
    PROOF = "proof", _("no proof of work while the letter was under attack")
    WITHDREW = "withdrew", _("this person has withdrawn")
    SWEEP = "sweep", _("one of many that had something in common")


class SweepDecision(models.TextChoices):
    """What may be decided about many signatures at once."""

    HOLD = "hold", _("hold")
    REJECT = "reject", _("reject")


class Defence(models.TextChoices):
    """When a letter is defended in some way."""

    AUTO = "auto", _("by itself, when it is needed")
    ON = "on", _("always")
    OFF = "off", _("never")


class Confirmation(models.TextChoices):
    """What stands behind a counted signature."""

    MAILBOX = "mailbox", _("confirmed from its own mailbox")
    REVIEWED = "reviewed", _("seen by a person")
    UNREVIEWED = "unreviewed", _("not looked at yet")
