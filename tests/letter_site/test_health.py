"""Alive and ready are two questions."""

from __future__ import annotations

from django.db import OperationalError
from django.db.migrations.recorder import MigrationRecorder


def test_alive_needs_no_database(client):
    response = client.get("/healthz")

    assert (response.status_code, response.content) == (200, b"ok\n")


def test_ready_names_each_part(client, db):
    response = client.get("/readyz")

    assert response.status_code == 200
    assert response.json() == {
        "ready": True,
        "database": "ok",
        "migrations": "ok",
        "cache": "ok",
    }


def test_a_cache_that_is_away_is_named(client, db, settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }

    response = client.get("/readyz")

    assert response.status_code == 503
    assert (response.json()["cache"], response.json()["database"]) == ("away", "ok")


def test_a_database_that_is_away_is_named(client, db, monkeypatch):
    def away():
        raise OperationalError("canary")

    monkeypatch.setattr("letter_site.health._database", away)

    response = client.get("/readyz")

    assert response.status_code == 503
    assert response.json()["database"] == "away"
    assert "canary" not in response.content.decode()


def test_a_migration_that_has_not_run_is_named(client, db):
    latest = MigrationRecorder.Migration.objects.filter(app="signatures").latest("name")
    latest.delete()

    response = client.get("/readyz")

    assert (response.status_code, response.json()["migrations"]) == (503, "away")
