"""A dry run of the purge foretells the purge, row by row."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from signatures.enums import State
from signatures.models import Signature
from tests.factories import SignatureFactory


def purge(*arguments: str) -> dict[str, int]:
    out = StringIO()
    call_command("purge", *arguments, stdout=out)
    lines = (line.rpartition(": ") for line in out.getvalue().splitlines())
    return {rule: int(number.split()[0]) for rule, _colon, number in lines}


@pytest.fixture
def long_closed(text):
    """A signature in every state under a letter that closed long ago, all with an address."""
    letter = text.letter
    letter.closes_at = timezone.now() - timedelta(days=91)
    letter.save()
    for state in set(State) - {State.WITHDRAWN}:
        for days in (1, 40):
            created = timezone.now() - timedelta(days=days)
            SignatureFactory.create(text=text, state=state, created_at=created, sealed=True,
                                    wants_updates=True, confirmed_at=None)  # fmt: skip
    return letter


def test_a_dry_run_foretells_what_each_rule_does(long_closed):
    foretold = purge("--dry-run")

    assert purge() == foretold
    assert sum(foretold.values()) == 10
    assert not Signature.objects.exclude(email_sealed=None).exists()


def test_a_second_purge_finds_nothing(long_closed):
    purge()

    assert set(purge().values()) == {0}
