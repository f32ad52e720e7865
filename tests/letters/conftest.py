"""A letter with two texts, and somebody who signs it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from letters.content import Bundle, read_bundle
from letters.models import Letter
from letters.services import letter_load
from signatures.enums import State
from signatures.models import Signature

from .bundles import write_bundle


@pytest.fixture
def bundle(tmp_path) -> Bundle:
    """The small bundle as written in `bundles`."""
    return read_bundle(write_bundle(tmp_path / "small"))


@pytest.fixture
def letter(db, bundle) -> Letter:
    """The small letter, loaded."""
    return letter_load(bundle=bundle).letter


@pytest.fixture
def sign() -> Callable[..., Signature]:
    """Put a signature, in any state, under a letter."""

    def signed(letter: Letter, state: str = State.ACCEPTED) -> Signature:
        return Signature.objects.create(
            letter=letter,
            text_digest=letter.texts.get(language="en").digest,
            language="en",
            name="" if state == State.WITHDRAWN else "Test Signatory",
            person_key="k" * 43,
            state=state,
            created_at=timezone.now(),
        )

    return signed
