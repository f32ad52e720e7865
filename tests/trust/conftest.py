"""The letter `peace` to sign, a mail server that fails on demand, and time that passes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core import mail
from django.db.models import F
from django_tasks_db.models import DBTaskResult

from signatures.models import Signature
from tests.signatures.conftest import background, letter, post, signed, text

__all__ = ["background", "letter", "post", "signed", "text"]


class Server:
    """Fails with what is put into `error`; counts how often it was asked."""

    error: Exception | None = None
    asked = 0

    def send(self, message) -> int:
        self.asked += 1
        if self.error:
            raise self.error
        mail.outbox.append(message)
        return 1


@pytest.fixture
def server(monkeypatch) -> Server:
    """What every mail is handed to."""
    mock = Server()
    monkeypatch.setattr(
        "django.core.mail.EmailMultiAlternatives.send", lambda message: mock.send(message)
    )
    return mock


@pytest.fixture
def time_passes(db) -> Callable[[timedelta], None]:
    """Let `duration` pass: everything that has happened or is put off is that much longer ago."""

    def passes(duration: timedelta) -> None:
        fields = ("created_at", "mailed_at", "reminded_at")
        Signature.objects.update(**{field: F(field) - duration for field in fields})
        waiting = DBTaskResult.objects.filter(status="READY", run_after__year__lt=9999)
        waiting.update(run_after=F("run_after") - duration)
        DBTaskResult.objects.filter(started_at__isnull=False).update(
            started_at=F("started_at") - duration
        )

    return passes
