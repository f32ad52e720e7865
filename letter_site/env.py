"""Typed readers for settings that come from the environment.

Every reader names the variable it could not read, so that a start which fails says what to set.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, urlsplit

import environ
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()
# In the words of libpq. A visitor is to hear within two seconds that the database is away, so each
# of its hosts gets one; a host that vanished without a word is given up after some ten.
POSTGRESQL: dict[str, Any] = {
    "connect_timeout": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 2,
    "tcp_user_timeout": 10_000,
    # Compiling a question takes PostgreSQL half a second, more than any of ours takes to answer.
    "options": "-c jit=off",
}
RATE = re.compile(r"[1-9]\d*/(?:[1-9]\d*)?[smhd]")
YES, NO = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}


def read_dotenv(path: Path) -> None:
    """Load `path` into the environment where it exists; what is already set wins."""
    if path.is_file():
        environ.Env.read_env(str(path))


def required(name: str, *, debug: bool, default: str = "") -> str:
    """The value of `name`; in development `default` when unset.

    Raises ImproperlyConfigured, naming the variable, where it is missing in production.
    """
    value = os.environ.get(name, "")
    if value:
        return value
    if debug and default:
        return default
    raise ImproperlyConfigured(f"{name} is not set. See docs/operating.md, section Settings.")


def flag(name: str, default: bool) -> bool:
    """Whether `name` says 1 or 0, or one of their words; raises ImproperlyConfigured."""
    value = os.environ.get(name, "").strip()
    if value.lower() in YES | NO:
        return value.lower() in YES
    if value:
        raise ImproperlyConfigured(f"{name} must be 1 or 0; it is {value!r}.")
    return default


def number(name: str, default: int, *, least: int = 0) -> int:
    """The whole number in `name`, `least` or more; raises ImproperlyConfigured."""
    value = os.environ.get(name, "").strip() or str(default)
    if not value.isdecimal() or int(value) < least:
        raise ImproperlyConfigured(
            f"{name} must be a whole number, {least} or more; it is {value!r}."
        )
    return int(value)


def address(name: str, url: str, example: str, schemes: set[str]) -> SplitResult:
    """The parts of `url`, which `name` says and may hold a password.

    Raises ImproperlyConfigured, with an `example`, where it has none of `schemes`, no host (which
    `unix` needs not), or a port that is no number.
    """
    try:
        parts = urlsplit(url)
        has_host = parts.scheme == "unix" or bool(parts.hostname)
        if parts.scheme in schemes and has_host and parts.port != 0:
            return parts
    except ValueError:
        pass  # brackets that do not close, a port of letters: told like the others
    raise ImproperlyConfigured(f"{name} must look like {example}")


def development_keys(path: Path) -> dict[str, str]:
    """Random keys kept in the JSON file `path` (mode 0600), made on first use.

    Only for DEBUG: losing the file loses the means to open sealed addresses.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        keys = {
            "SECRET_KEY": secrets.token_urlsafe(48),
            "PEPPER": secrets.token_urlsafe(32),
            "FIELD_KEYS": Fernet.generate_key().decode(),
        }
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            json.dump(keys, file)
    keys = json.loads(path.read_text())
    return {name: str(value) for name, value in keys.items()}


def fernet_keys(value: str) -> list[str]:
    """Comma-separated Fernet keys, newest first; ImproperlyConfigured when one is not a key."""
    keys = [key.strip() for key in value.split(",") if key.strip()]
    try:
        for key in keys:
            Fernet(key)
    except ValueError:
        raise ImproperlyConfigured(
            "FIELD_KEYS must be comma-separated Fernet keys, newest first; make one with "
            "`python -c 'from cryptography.fernet import Fernet; "
            "print(Fernet.generate_key().decode())'`."
        ) from None
    return keys


def rate(name: str, default: str) -> str | None:
    """A django-ratelimit rate such as `10/10m`, or None where `name` says `off`."""
    value = os.environ.get(name) or default
    if value == "off":
        return None
    if not RATE.fullmatch(value):
        raise ImproperlyConfigured(
            f"{name} must be a rate such as {default}, or off; it is {value!r}."
        )
    return value


def database(url: str) -> dict[str, object]:
    """Django's settings of the database at `url`, with what each engine needs to lose nothing.

    Raises ImproperlyConfigured where `url` is not a PostgreSQL or SQLite address.
    """
    try:
        config: dict[str, object] = dict(environ.Env.db_url_config(url))
    except ValueError:
        raise ImproperlyConfigured(
            "DATABASE_URL must look like postgres://user:password@host:5432/name"
        ) from None
    if str(config.get("ENGINE", "")).endswith("sqlite3"):
        # WAL lets readers go on while one writes; FULL because an acknowledged signature must
        # survive a power cut; IMMEDIATE because upgrading a read lock fails without waiting.
        return config | {
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            }
        }
    if not str(config.get("ENGINE", "")).endswith("postgresql"):
        raise ImproperlyConfigured("DATABASE_URL must start with postgres:// or sqlite:///")
    options: Any = config.get("OPTIONS") or {}
    return config | {
        "ENGINE": "letter_site.postgresql",
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": POSTGRESQL | options,
    }


def mail_server(url: str) -> dict[str, Any]:
    """Django's settings of the mail server at `url`; raises ImproperlyConfigured."""
    parts = address("EMAIL_URL", url, "smtp://user:pass@host:587/?tls=1", {"smtp", "smtps"})
    return {
        **env.email_url_config(f"smtp://{parts.netloc}/"),
        "EMAIL_USE_TLS": "tls=1" in parts.query,
        "EMAIL_USE_SSL": parts.scheme == "smtps",
    }
