"""A language that is made up, to see what is translated."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation
from django.utils.translation.trans_real import DjangoTranslation


@pytest.fixture
def pseudo(monkeypatch) -> Iterator[None]:
    """French, as long as this lasts, is whatever the code says, in ⟦ ⟧."""

    def one(_self: DjangoTranslation, message: str) -> str:
        return f"⟦{message.rpartition(chr(4))[2]}⟧"  # a context comes before U+0004

    def many(self: DjangoTranslation, singular: str, plural: str, number: float) -> str:
        return one(self, singular if number == 1 else plural)

    monkeypatch.setattr(DjangoTranslation, "gettext", one)
    monkeypatch.setattr(DjangoTranslation, "ngettext", many)
    with translation.override("fr"):
        yield
