"""Closed sets of words used by letters."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class ReviewPolicy(models.TextChoices):
    """When a person looks at a signature that has no confirmed mailbox."""

    BEFORE = "before", _("before it counts")
    AFTER = "after", _("after it counts")


class Phase(models.TextChoices):
    """Where a letter stands in time."""

    UPCOMING = "upcoming", _("not open yet")
    OPEN = "open", _("open for signature")
    CLOSED = "closed", _("closed")


class LoadOutcome(models.TextChoices):
    """What loading a bundle did to the letter in the database."""

    CREATED = "created", _("created")
    UPDATED = "updated", _("updated")
    UNCHANGED = "unchanged", _("unchanged")
