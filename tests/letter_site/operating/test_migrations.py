"""An update can be taken back, and does not stop those who are signing."""

from __future__ import annotations

from importlib import import_module

import pytest
from django.apps import apps
from django.db.migrations import AddIndex, Migration
from django.db.migrations.loader import MigrationLoader

OWN = {"letters", "signatures", "deliveries", "staff"}
GREAT = {"signature", "dailycount", "countchange"}
BESIDE = import_module("signatures.migrations.0011_search_and_held").AddIndexBesideSigners
COUNT = "from signatures.models import Signature; print(Signature.objects.count())"


def own_migrations() -> list[Migration]:
    disk = MigrationLoader(None).disk_migrations
    return [migration for (app, _name), migration in disk.items() if app in OWN]


def test_these_are_all_of_ours():
    labels = {config.label for config in apps.get_app_configs()}

    assert {migration.app_label for migration in own_migrations()} == OWN & labels == OWN


@pytest.mark.parametrize("migration", own_migrations(), ids=str)
def test_a_migration_is_named_and_can_be_taken_back(migration):
    assert "auto" not in migration.name
    assert all(operation.reversible for operation in migration.operations)


@pytest.mark.parametrize("migration", own_migrations(), ids=str)
def test_an_index_is_built_beside_the_signers(migration):
    added = [
        operation
        for operation in migration.operations
        if isinstance(operation, AddIndex) and operation.model_name.lower() in GREAT
    ]

    assert migration.initial or all(isinstance(operation, BESIDE) for operation in added)
    assert not (added and migration.atomic) or migration.initial


@pytest.mark.slow
def test_all_of_it_goes_back_to_nothing_and_forward_again(site):
    for app in ("staff", "deliveries", "signatures", "letters"):
        site.run("migrate", app, "zero", "--verbosity", "0")

    site.run("migrate", "--verbosity", "0")

    assert site.run("migrate", "--check") == ""


@pytest.mark.slow
def test_signatures_stay_while_updates_are_taken_back(site):
    site.run("load_letter", "letters/content/un-2011")
    site.run("demo_signatures", "200")
    before = site.run("shell", "-v0", "-c", COUNT)

    site.run("migrate", "signatures", "0009", "--verbosity", "0")
    site.run("migrate", "--verbosity", "0")

    assert site.run("shell", "-v0", "-c", COUNT) == before
    assert int(before) >= 200
