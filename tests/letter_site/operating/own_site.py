"""A site of its own: keys, a data folder, a database, and an operator's commands on them."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pyrage

from letter_site.env import development_keys

ROOT = Path(__file__).resolve().parents[3]
KEY = pyrage.x25519.Identity.generate()


class Site:
    """A site of its own: a data folder, a database, and the commands on them."""

    def __init__(self, folder: Path, database: str) -> None:
        self.data, self.key = folder / "data", folder / "key.txt"
        self.key.write_text(f"{KEY}\n")
        keys = development_keys(folder / "keys.json")
        self.env = {
            **os.environ,
            **keys,
            "DEBUG": "0",
            "DATA_DIR": str(self.data),
            "DATABASE_URL": database or f"sqlite:///{self.data}/db.sqlite3",
            "BACKUP_DIR": str(folder / "shelf"),
            "BACKUP_RECIPIENT": str(KEY.to_public()),
            "ALLOWED_HOSTS": "letter.example",
            "SITE_URL": "https://letter.example",
            "DJANGO_SETTINGS_MODULE": "letter_site.settings",
        }

    def run(self, *arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def begin(self) -> None:
        self.data.mkdir(parents=True)
        self.run("migrate", "--verbosity", "0")


def on_server(url: str, statement: str) -> None:
    parts = urlsplit(url)
    server = psycopg2.connect(
        host=parts.hostname,
        port=parts.port,
        user=parts.username,
        password=parts.password,
        dbname="postgres",
    )
    server.autocommit = True
    with server.cursor() as cursor:
        cursor.execute(statement)
    server.close()


class Database:
    """Where a site's rows lie, and how to destroy it."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.name = f"own_{secrets.token_hex(4)}"
        parts = urlsplit(server)
        self.url = parts._replace(path=f"/{self.name}").geturl() if server else ""

    def make(self) -> None:
        if self.server:
            on_server(self.server, f"CREATE DATABASE {self.name}")

    def destroy(self) -> None:
        if self.server:
            on_server(self.server, f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
