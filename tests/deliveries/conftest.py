"""A letter with signatures, and the two ways in which a delivery of it comes about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deliveries.facts import Kind
from deliveries.models import Delivery
from deliveries.services.building import delivery_build
from deliveries.services.freezing import delivery_start
from letters.models import Letter, LetterText
from tests.factories import TextFactory


@pytest.fixture(autouse=True)
def data_dir(settings, tmp_path) -> Path:
    """Packets of each test in a folder of its own."""
    settings.DATA_DIR = tmp_path / "data"
    return tmp_path / "data"


@pytest.fixture
def text(db) -> LetterText:
    """The binding English text of the letter `peace`, to an assembly and a council."""
    return TextFactory.create(letter__slug="peace")


@pytest.fixture
def letter(text: LetterText) -> Letter:
    return text.letter


@pytest.fixture
def deliver(letter: Letter) -> Callable[..., Delivery]:
    """Begin and build a delivery: of the whole list to one recipient, unless said otherwise."""

    def make(
        kind: Kind = Kind.WHOLE, recipients: tuple[str, ...] = ("The Council",), **more: Any
    ) -> Delivery:
        delivery = delivery_start(letter=more.pop("letter", letter), kind=kind)
        delivery_build(delivery=delivery, recipients=list(recipients), **more)
        delivery.refresh_from_db()
        return delivery

    return make
