"""Settings from the environment: what is missing or malformed stops the start by its name."""

from __future__ import annotations

import json
import os
import runpy
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from letter_site.env import (
    database,
    development_keys,
    fernet_keys,
    flag,
    mail_server,
    number,
    rate,
    read_dotenv,
    required,
)

ROOT = Path(__file__).resolve().parents[2]
REQUIRED = {
    "SECRET_KEY": "s" * 60,
    "PEPPER": "p" * 40,
    "FIELD_KEYS": Fernet.generate_key().decode(),
    "ALLOWED_HOSTS": "letter.example",
    "SITE_URL": "https://letter.example",
}
SHOW = "import letter_site.settings as s; print(s.{name})"


def start(tmp_path, name: str = "DEBUG", **environment: str):
    """Import the settings in a process of its own, with nothing but `environment`."""
    return subprocess.run(
        [sys.executable, "-c", SHOW.format(name=name)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", REQUIRED)
def test_a_missing_variable_is_named(tmp_path, name):
    environment = {key: value for key, value in REQUIRED.items() if key != name}

    done = start(tmp_path, **environment, DEBUG="0")

    assert done.returncode == 1
    assert done.stderr.splitlines()[-1].endswith(
        f"{name} is not set. See docs/operating.md, section Settings."
    )


def test_with_all_of_them_it_starts(tmp_path):
    done = start(tmp_path, **REQUIRED, DEBUG="0")

    assert (done.stdout, done.stderr) == ("False\n", "")


def test_in_development_it_starts_with_none_of_them(tmp_path):
    done = start(tmp_path, DEBUG="1")

    assert done.stdout == "True\n"
    assert (tmp_path / "development-keys.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("SIGN_RATE_HOLD", "lots", "SIGN_RATE_HOLD must be a rate such as 10/10m, or off"),
        ("SIGN_RATE_REFUSE", "0/m", "SIGN_RATE_REFUSE must be a rate such as 60/10m, or off"),
        ("FIELD_KEYS", "not-a-key", "FIELD_KEYS must be comma-separated Fernet keys"),
        ("DATABASE_URL", "mysql://localhost/letter", "DATABASE_URL must start with postgres://"),
        ("DATABASE_URL", "postgres://u:p@host:x/name", "DATABASE_URL must look like postgres://"),
        ("EMAIL_URL", "imap://localhost", "EMAIL_URL must look like smtp://"),
        ("EMAIL_URL", "smtp://user:password@host:x/", "EMAIL_URL must look like smtp://"),
        ("EMAIL_URL", "smtp:///?tls=1", "EMAIL_URL must look like smtp://"),
        ("REDIS_URL", "127.0.0.1:6379", "REDIS_URL must look like redis://127.0.0.1:6379/0"),
        ("SITE_URL", "letter.example", "SITE_URL must look like https://letter.example"),
        ("SITE_URL", "ftp://letter.example", "SITE_URL must look like https://letter.example"),
        ("SITE_URL", "https://", "SITE_URL must look like https://letter.example"),
        ("SITE_URL", "https://[::1", "SITE_URL must look like https://letter.example"),
        ("DEBUG", "maybe", "DEBUG must be 1 or 0; it is 'maybe'."),
        ("HSTS_SUBDOMAINS", "some", "HSTS_SUBDOMAINS must be 1 or 0; it is 'some'."),
        (
            "TRUSTED_PROXIES",
            "abc",
            "TRUSTED_PROXIES must be a whole number, 0 or more; it is 'abc'.",
        ),
        ("TRUSTED_PROXIES", "-1", "TRUSTED_PROXIES must be a whole number, 0 or more; it is '-1'."),
        ("METRICS_PORT", "x", "METRICS_PORT must be a whole number, 1 or more; it is 'x'."),
    ],
)
def test_a_malformed_variable_is_named(tmp_path, variable, value, words):
    done = start(tmp_path, **{**REQUIRED, "DEBUG": "0", variable: value})

    assert done.returncode == 1
    assert words in done.stderr.splitlines()[-1]


def test_a_complaint_about_an_address_repeats_no_password():
    with pytest.raises(ImproperlyConfigured) as caught:
        mail_server("smtp://user:kept-to-itself@host:x/")

    assert "kept-to-itself" not in str(caught.value)


@pytest.mark.parametrize("variable", ["WEB_CONCURRENCY", "WEB_THREADS"])
@pytest.mark.parametrize("value", ["x", "auto", "0"])
def test_the_web_server_names_what_it_cannot_read(monkeypatch, variable, value):
    monkeypatch.setenv(variable, value)

    with pytest.raises(
        ImproperlyConfigured, match=f"^{variable} must be a whole number, 1 or more"
    ):
        runpy.run_path(str(ROOT / "deploy" / "gunicorn.conf.py"))


@pytest.mark.parametrize(
    ("value", "meant"),
    [("1", True), ("True", True), ("on", True), ("0", False), ("no", False), ("", None)],
)
@pytest.mark.parametrize("default", [True, False])
def test_yes_and_no_have_few_words_and_silence_is_the_default(monkeypatch, value, meant, default):
    monkeypatch.setenv("LOUD", value)

    assert flag("LOUD", default) is (default if meant is None else meant)


@pytest.mark.parametrize(("value", "read"), [("3", 3), (" 3 ", 3), ("0", 0), ("", 7)])
def test_a_number_is_read_or_left_to_its_default(monkeypatch, value, read):
    monkeypatch.setenv("PORT", value)

    assert number("PORT", 7) == read


@pytest.mark.parametrize(
    "url", ["redis://10.0.0.7:6379/0", "rediss://:secret@cache.example", "unix:///run/redis.sock"]
)
def test_redis_is_found_by_its_address(tmp_path, url):
    done = start(tmp_path, "REDIS_URL", **REQUIRED, REDIS_URL=url)

    assert done.stdout == f"{url}\n"


@pytest.mark.parametrize(("value", "sent"), [("1", "True True"), ("0", "False False")])
def test_other_services_of_a_domain_may_be_left_out_of_hsts(tmp_path, value, sent):
    both = "SECURE_HSTS_INCLUDE_SUBDOMAINS, s.SECURE_HSTS_PRELOAD"

    done = start(tmp_path, both, **REQUIRED, HSTS_SUBDOMAINS=value)

    assert done.stdout == f"{sent}\n"


def test_an_empty_value_is_a_missing_one(monkeypatch):
    monkeypatch.setenv("PEPPER", "")

    with pytest.raises(ImproperlyConfigured, match=r"^PEPPER is not set\."):
        required("PEPPER", debug=False, default="unused")


@pytest.mark.parametrize("value", ["10/10m", "1/s", "100/h", "5/2d"])
def test_a_rate_is_taken_as_it_is(monkeypatch, value):
    monkeypatch.setenv("RATE", value)

    assert rate("RATE", "1/m") == value


@pytest.mark.parametrize(("value", "taken"), [("off", None), ("", "1/m")])
def test_a_rate_may_be_off_or_left_to_its_default(monkeypatch, value, taken):
    monkeypatch.setenv("RATE", value)

    assert rate("RATE", "1/m") == taken


@pytest.mark.parametrize(
    "value", ["10", "10/m10", "-1/m", "0/m", "ten/m", "10/w", "10/m ", "10/0m"]
)
def test_anything_else_is_no_rate(monkeypatch, value):
    monkeypatch.setenv("RATE", value)

    with pytest.raises(ImproperlyConfigured, match=r"^RATE must be a rate"):
        rate("RATE", "1/m")


def test_field_keys_keep_their_order():
    first, second = Fernet.generate_key().decode(), Fernet.generate_key().decode()

    assert fernet_keys(f" {first} ,{second},") == [first, second]


def test_development_keys_are_made_once(tmp_path):
    path = tmp_path / "deep" / "keys.json"

    made = development_keys(path)

    assert development_keys(path) == made == json.loads(path.read_text())
    assert set(made) == {"SECRET_KEY", "PEPPER", "FIELD_KEYS"}


def test_what_is_set_wins_over_the_file(tmp_path, monkeypatch):
    (tmp_path / ".env").write_text("LETTER_A=file\nLETTER_B=file\n")
    monkeypatch.setenv("LETTER_A", "environment")
    monkeypatch.delenv("LETTER_B", raising=False)

    read_dotenv(tmp_path / ".env")
    read_dotenv(tmp_path / "missing")

    assert (os.environ["LETTER_A"], os.environ["LETTER_B"]) == ("environment", "file")
    monkeypatch.delenv("LETTER_B")


def test_postgresql_may_have_several_hosts():
    config: dict[str, Any] = database(
        "postgres://letter:secret@one:5432,two:5433/letter?target_session_attrs=any"
    )

    assert config["ENGINE"] == "letter_site.postgresql"
    assert (config["HOST"], config["PORT"], config["NAME"]) == ("one,two", "5432,5433", "letter")
    assert config["OPTIONS"]["target_session_attrs"] == "any"


def test_a_postgresql_that_is_away_is_given_up_soon_unless_its_address_says_otherwise():
    usual: dict[str, Any] = database("postgres://letter:secret@one/letter")
    patient: dict[str, Any] = database("postgres://letter:secret@one/letter?connect_timeout=9")

    assert [config["OPTIONS"]["connect_timeout"] for config in (usual, patient)] == [1, 9]
    assert usual["OPTIONS"]["tcp_user_timeout"] == 10_000


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="asks SQLite for its own settings")
def test_sqlite_loses_nothing_that_was_acknowledged(tmp_path):
    config: dict[str, Any] = database(f"sqlite:///{tmp_path}/db.sqlite3")

    assert config["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous")
        assert cursor.fetchone() == (2,)  # FULL
        cursor.execute("PRAGMA busy_timeout")
        assert cursor.fetchone() == (20_000,)
