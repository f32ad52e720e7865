"""Rules for single values of a letter."""

from __future__ import annotations

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

YEAR = re.compile(r"\d{4}\Z", re.ASCII)
DAY = re.compile(r"\d{4}-\d\d-\d\d\Z", re.ASCII)


def validate_year_or_date(value: str) -> None:
    """Accept `YYYY` or an ISO 8601 calendar date `YYYY-MM-DD`; raise ValidationError otherwise."""
    if YEAR.match(value):
        return
    try:
        if not DAY.match(value):  # fromisoformat also takes 20110604 and 2011-W22-6
            raise ValueError
        date.fromisoformat(value)
    except ValueError:
        raise ValidationError(
            _("Write a year such as 1989, or a date such as 1989-06-04."), code="when"
        ) from None
