"""What every test starts from."""

import pytest
from django.core.cache import cache

from signatures import freshness, ratelimit
from signatures.services import guard
from signatures.views import open_letters, page_cache

NEVER = 10**40


@pytest.fixture(autouse=True)
def nothing_is_cached(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sees a page or a limit that another one left behind, nor a chance of one in fifty."""
    cache.clear()
    page_cache._own.clear()
    open_letters.forget()
    ratelimit.forget_salt()
    monkeypatch.setattr(guard, "WATCH_EVERY", NEVER)
    freshness._own.update(asked_at=0.0, changed_at=0.0)
