"""A page finds its styles and scripts, whether or not somebody has collected them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from tests.factories import TextFactory

LINKED = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@pytest.fixture
def static_root(settings, tmp_path: Path) -> Path:
    """The folder of collected files, in which there are none, with the storage of production."""
    storage = {"BACKEND": "letter_site.static_files.CollectedFiles"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": storage}
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATIC_ROOT.mkdir()
    return settings.STATIC_ROOT


def linked(client: Client, address: str) -> list[str]:
    """The static files that the page at `address` names, each of which is there."""
    page = client.get(address)
    assert page.status_code == 200
    names = LINKED.findall(page.content.decode())
    assert {client.get(name).status_code for name in names} == {200}
    return names


@pytest.fixture
def letter(db) -> str:
    TextFactory.create(letter__slug="peace")
    return "/letters/peace/"


@pytest.mark.parametrize("address", ["/letters/peace/", "/admin/login/"])
def test_files_that_nobody_collected_are_served_by_their_own_names(static_root, letter, address):
    assert "." in linked(Client(), address)[0]


def test_collected_files_have_names_that_tell_their_content(static_root, letter):
    call_command("collectstatic", interactive=False, verbosity=0)

    names = linked(Client(), letter)

    assert all(re.search(r"\.[0-9a-f]{12}\.\w+$", name) for name in names)


def test_a_file_that_is_newer_than_the_collected_ones_is_served(static_root, letter):
    (static_root / "staticfiles.json").write_text('{"version": "1.1", "paths": {}, "hash": ""}')

    assert linked(Client(), letter)
