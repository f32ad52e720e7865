"""A site of its own for whoever destroys one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from .own_site import Database, Site


@pytest.fixture
def database() -> Iterator[Database]:
    url = os.environ.get("DATABASE_URL", "")
    made = Database(url if url.startswith("postgres") else "")
    made.make()
    yield made
    made.destroy()


@pytest.fixture
def site(tmp_path: Path, database: Database) -> Site:
    """With every table, and nothing in them."""
    own = Site(tmp_path, database.url)
    own.begin()
    return own
