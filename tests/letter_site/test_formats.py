"""Dates and numbers as readers of each language write them (Unicode CLDR)."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format, number_format

MOMENT = datetime(2026, 11, 23, 14, 30, tzinfo=UTC)
HARD = str.maketrans("\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}", "  ")
WRITTEN = {
    "en": ("Nov. 23, 2026", "Nov. 23, 2026, 2:30 p.m.", "1,234,567"),
    "ar": ("23 نوفمبر 2026", "23 نوفمبر 2026، 14:30", "1,234,567"),
    "zh-hans": ("2026年11月23日", "2026年11月23日 14:30", "1,234,567"),
    "zh-hant": ("2026年11月23日", "2026年11月23日 14:30", "1,234,567"),
    "fr": ("23 novembre 2026", "23 novembre 2026 14:30", "1 234 567"),
    "ru": ("23 ноября 2026 г.", "23 ноября 2026 г. 14:30", "1 234 567"),
    "es": ("23 de noviembre de 2026", "23 de noviembre de 2026 a las 14:30", "1 234 567"),
}


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES])
def test_dates_and_numbers_are_written_as_readers_expect(language):
    with translation.override(language):
        written = (
            date_format(MOMENT),
            date_format(MOMENT, "DATETIME_FORMAT"),
            number_format(1_234_567, use_l10n=True),
        )

    assert tuple(each.translate(HARD) for each in written) == WRITTEN[language]
