"""What `check --deploy` says about a production machine: each fault with an id and what to do."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import combinations
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.db import DatabaseError, connection
from django.utils import timezone

from .env import number
from .operating.exceptions import BackupError
from .operating.sealing import recipients_in
from .operating.work_queue import work_queue

SHORTEST_KEY = 32
FEWEST_CHARACTERS = 12
MAKE_KEY = "python3 -c 'import secrets; print(secrets.token_urlsafe(48))'"
# A Fernet key: 32 bytes, so written that another form is refused.
MAKE_SEALING_KEY = (
    "python3 -c 'import base64, os; print(base64.urlsafe_b64encode(os.urandom(32)).decode())'"
)
# What PostgreSQL may be set to so that its log quotes no statement and no row.
QUIET = {
    "log_min_error_statement": ("panic", "fatal"),
    "log_error_verbosity": ("terse",),
    "log_statement": ("none", "ddl"),
    "log_min_duration_statement": ("-1",),
}
WORKERS = re.compile(r"(?:--workers[= ]|-w ?)(\d+)")


def web_processes() -> int:
    """How many web processes gunicorn starts: `--workers` in GUNICORN_CMD_ARGS, WEB_CONCURRENCY.

    Raises ImproperlyConfigured where the latter is no number: gunicorn would not start.
    """
    asked = WORKERS.search(os.environ.get("GUNICORN_CMD_ARGS", ""))
    return int(asked[1]) if asked else number("WEB_CONCURRENCY", 1, least=1)


def _keys() -> dict[str, str]:
    sealing = {f"key {n} of FIELD_KEYS": key for n, key in enumerate(settings.FIELD_KEYS, 1)}
    return {"SECRET_KEY": settings.SECRET_KEY, "PEPPER": settings.PEPPER, **sealing}


@register(Tags.security, deploy=True)
def keys_are_strong(**_options: Any) -> list[CheckMessage]:
    """E001 for each key that could be guessed."""
    return [
        Error(
            f"{name} is weak: shorter than {SHORTEST_KEY} characters, or nearly all the same.",
            hint=f"Make one with: {MAKE_SEALING_KEY if 'FIELD_KEYS' in name else MAKE_KEY}",
            id="letter_site.E001",
        )
        for name, key in _keys().items()
        if len(key) < SHORTEST_KEY or len(set(key)) < FEWEST_CHARACTERS
    ]


@register(Tags.security, deploy=True)
def keys_differ(**_options: Any) -> list[CheckMessage]:
    """E002 for each two keys that are one."""
    return [
        Error(
            f"{one} and {other} are the same.",
            hint="Each guards something of its own: whoever learns one must not learn the other.",
            id="letter_site.E002",
        )
        for (one, key), (other, second) in combinations(_keys().items(), 2)
        if key == second
    ]


@register(Tags.security, deploy=True)
def keys_are_not_for_development(**_options: Any) -> list[CheckMessage]:
    """E003 for each key that `./run` made for development."""
    known = set(_development_keys())
    return [
        Error(
            f"{name} is the one that was made for development.",
            hint=f"Make new keys and delete {settings.DATA_DIR / 'development-keys.json'}.",
            id="letter_site.E003",
        )
        for name, key in _keys().items()
        if not settings.DEBUG and key in known
    ]


def _development_keys() -> Iterator[str]:
    path = settings.DATA_DIR / "development-keys.json"
    if path.is_file():
        for value in json.loads(path.read_text()).values():
            yield from value.split(",")


@register(Tags.caches, deploy=True)
def processes_share_a_cache(**_options: Any) -> list[CheckMessage]:
    """W001 where each of several processes would count by itself."""
    processes = web_processes()
    if settings.REDIS_URL or processes == 1:
        return []
    return [
        Caution(
            f"{processes} web processes have no cache in common: each counts signatures from one "
            f"address by itself, so {processes} times as many get through.",
            hint="Set REDIS_URL, or WEB_CONCURRENCY=1.",
            id="letter_site.W001",
        )
    ]


@register(Tags.security, deploy=True)
def proxies_are_counted(**_options: Any) -> list[CheckMessage]:
    """W002 where the proxy that must be in front of an https site is not counted."""
    if settings.TRUSTED_PROXIES or not settings.SITE_URL.startswith("https:"):
        return []
    return [
        Caution(
            "SITE_URL is https but TRUSTED_PROXIES is 0: every signature seems to come from the "
            "proxy, and every page redirects to itself.",
            hint="Set TRUSTED_PROXIES to the number of proxies that append to X-Forwarded-For.",
            id="letter_site.W002",
        )
    ]


@register(deploy=True)
def mail_goes_out(**_options: Any) -> list[CheckMessage]:
    """W003 where confirmation mails would pile up in a folder."""
    if settings.EMAIL_URL or settings.DEBUG:
        return []
    return [
        Caution(
            f"Mail is written to files in {settings.MAIL_DIR}: nobody can confirm a signature.",
            hint="Set EMAIL_URL, such as smtp://user:password@mail.example:587/?tls=1",
            id="letter_site.W003",
        )
    ]


@register(deploy=True)
def worker_is_seen(**_options: Any) -> list[CheckMessage]:
    """W004 where work waits and nobody does it. A database that is away is not this check's."""
    now = timezone.now()
    try:
        queue = work_queue(now)
    except DatabaseError:
        return []
    if settings.DEBUG or not queue.is_abandoned(now):
        return []
    return [
        Caution(
            f"Work has waited for {queue.age(now) // timedelta(minutes=1)} minutes, and no worker "
            "has begun or ended any in the last 10.",
            hint="Start `manage.py db_worker`, or a second one where the first is busy for long.",
            id="letter_site.W004",
        )
    ]


@register(deploy=True)
def processes_share_a_server(**_options: Any) -> list[CheckMessage]:
    """W005 where several processes would wait for one file."""
    processes = web_processes()
    if connection.vendor != "sqlite" or processes == 1:
        return []
    return [
        Caution(
            f"{processes} web processes write to one SQLite file, one at a time.",
            hint="Set DATABASE_URL to a PostgreSQL, or WEB_CONCURRENCY=1.",
            id="letter_site.W005",
        )
    ]


def postgresql_settings(names: Iterable[str]) -> dict[str, str]:
    """What the database server is set to; empty for another database or one that is away."""
    if connection.vendor != "postgresql":
        return {}
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [[*names]])
            return dict(cursor.fetchall())
    except DatabaseError:
        return {}


@register(deploy=True)
def server_log_quotes_nobody(**_options: Any) -> list[CheckMessage]:
    """W006 where the log of PostgreSQL would hold what signers wrote, even when they have left."""
    if settings.DEBUG:
        return []
    found = postgresql_settings(QUIET)
    loud = [f"{name} is {value}" for name, value in found.items() if value not in QUIET[name]]
    if not loud:
        return []
    return [
        Caution(
            f"PostgreSQL would write signers' names into its log: {', '.join(loud)}.",
            hint="In postgresql.conf: "
            + ", ".join(f"{name} = {good[0]}" for name, good in QUIET.items()),
            id="letter_site.W006",
        )
    ]


@register(deploy=True)
def backups_have_a_reader(**_options: Any) -> list[CheckMessage]:
    """W008 where nobody could open a backup, so that none is made.

    Where no reader is named at all, `status` and the metrics say that there is no backup.
    """
    if settings.DEBUG or not settings.BACKUP_RECIPIENT:
        return []
    try:
        recipients_in(settings.BACKUP_RECIPIENT)
    except BackupError as error:
        return [
            Caution(
                str(error),
                hint="Set it to the public key that `age-keygen -o letter-backup-key.txt` tells, "
                "on a machine that is not this one.",
                id="letter_site.W008",
            )
        ]
    return []


@register(deploy=True)
def backups_have_a_place(**_options: Any) -> list[CheckMessage]:
    """W009 where who runs this may not write a backup."""
    folder = settings.BACKUP_DIR
    there = next(path for path in (folder, *folder.parents) if os.access(path, os.F_OK))
    is_open = there.is_dir() and os.access(there, os.W_OK | os.X_OK)
    if settings.DEBUG or not settings.BACKUP_RECIPIENT or is_open:
        return []
    return [
        Caution(
            f"No backup can be written to {folder}: {there} takes no files from this user.",
            hint=f"As root: install -d -o letter -m 700 {folder}",
            id="letter_site.W009",
        )
    ]
