"""Counting a signature costs the cache the same, whoever has signed before from that address."""

from __future__ import annotations

from collections import Counter

import pytest
from django.core.cache.backends.redis import RedisCacheClient

from signatures.ratelimit import Verdict, signing_usage


class Server:
    """As much of Redis as the limits ask, and how often they ask it."""

    def __init__(self) -> None:
        self.kept: dict[str, int | bytes] = {}
        self.asked = 0

    def client(self, *_args, **_more) -> Server:
        """Making a client takes Django about as long as asking Redis a question."""
        self.asked += 1
        return self

    def __getattr__(self, name):
        self.asked += 1
        return getattr(self, f"on_{name}")

    def on_set(self, key, value, nx=False, ex=None) -> bool:
        if nx and key in self.kept:
            return False
        self.kept[key] = value
        return True

    def on_get(self, key):
        return self.kept.get(key)

    def on_exists(self, key) -> bool:
        return key in self.kept

    def on_incr(self, key, delta) -> int:
        self.kept[key] = int(self.kept[key]) + delta
        return int(self.kept[key])

    def on_expire(self, key, timeout) -> bool:
        return key in self.kept

    def on_persist(self, key) -> bool:
        return key in self.kept


@pytest.fixture
def redis(settings, monkeypatch) -> Server:
    server = Server()
    backend = {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "redis://nowhere",
    }
    settings.CACHES = {"default": backend}
    monkeypatch.setattr(RedisCacheClient, "get_client", server.client)
    return server


@pytest.mark.parametrize("refuse", [None, "60/10m"])
def test_every_signature_of_an_address_asks_as_often(rf, settings, redis, refuse):
    settings.SIGN_RATE_HOLD, settings.SIGN_RATE_REFUSE = "3/10m", refuse
    for address in (
        "192.0.2.1",
        "192.0.2.3",
    ):  # makes today's salt, and what is counted for nothing
        signing_usage(rf.post("/", REMOTE_ADDR=address))
    asked: Counter[int] = Counter()
    verdicts = []

    for _time in range(6):
        before = redis.asked
        verdicts.append(signing_usage(rf.post("/", REMOTE_ADDR="192.0.2.2")).verdict)
        asked[redis.asked - before] += 1

    assert verdicts == [Verdict.FREE] * 3 + [Verdict.HOLD] * 3
    assert len(asked) == 1
