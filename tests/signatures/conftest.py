"""An open letter to sign, the post that signs it, and the background that follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from letters.models import Letter, LetterText
from signatures.models import Signature
from tests.factories import TextFactory

from .posting import Post, form_data, work_off


@pytest.fixture
def text(db) -> LetterText:
    """The binding English text of the open letter `peace`."""
    return TextFactory.create(letter__slug="peace", letter__is_featured=True)


@pytest.fixture
def letter(text: LetterText) -> Letter:
    """The open letter at /letters/peace/."""
    return text.letter


@pytest.fixture
def post(client: Client, text: LetterText) -> Post:
    """Post the form of `peace` as a browser would, with changes to what is filled in."""

    def send(headers: dict[str, str] | None = None, **changes: Any) -> Any:
        data = form_data(text, **changes)
        return client.post("/letters/peace/sign/", data, headers=headers)

    return send


@pytest.fixture
def signed(post: Post) -> Callable[..., Signature]:
    """Post the form and return the row that came of it."""

    def sign(**changes: Any) -> Signature:
        response = post(**changes)
        assert response.status_code == 303
        return Signature.objects.latest("id")

    return sign


@pytest.fixture
def background(db) -> Callable[[], int]:
    """Work off the tasks that are due now, as db_worker does; return how many there were."""
    return work_off
