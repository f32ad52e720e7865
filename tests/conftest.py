"""What every test starts from."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from signatures import freshness, ratelimit
from signatures.views import open_letters, page_cache


@pytest.fixture(autouse=True)
def nothing_is_cached() -> Iterator[None]:
    """No test sees a page or a limit that another one left behind."""
    cache.clear()
    page_cache._own.clear()
    open_letters.forget()
    ratelimit.forget_salt()
    freshness._own.update(asked_at=0.0, changed_at=0.0)
    yield
