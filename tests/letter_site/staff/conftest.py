"""The door as in production, with one organiser in front of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from .door import organiser


@pytest.fixture(autouse=True)
def second_factor_is_asked_for(settings):
    settings.STAFF_SECOND_FACTOR = True


@pytest.fixture
def jane(db) -> User:
    return organiser()


@pytest.fixture
def later(monkeypatch) -> Callable[..., None]:
    """Moves Django's clock on: `later(hours=1)`."""
    real = timezone.now
    moved = timedelta()

    def now() -> datetime:
        return real() + moved

    def move(**by: float) -> None:
        nonlocal moved
        moved += timedelta(**by)

    monkeypatch.setattr(timezone, "now", now)
    return move
