"""An error that ends a process is one line of the log, and quotes nobody."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from letter_site import uncaught
from letter_site.env import development_keys

ROOT = Path(__file__).resolve().parents[2]
NOBODY_LISTENS = "postgres://letter:canary@127.0.0.1:1/letter"


def ended(tmp_path: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """A command of a production site, which has ended by itself."""
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "DATA_DIR": str(tmp_path),
            "ALLOWED_HOSTS": "letter.example",
            "SITE_URL": "https://letter.example",
            **development_keys(tmp_path / "keys.json"),
            **environment,
        },
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_worker_that_loses_its_database_says_so_in_one_line_of_json(tmp_path):
    done = ended(tmp_path, "db_worker", "--no-startup-delay", DATABASE_URL=NOBODY_LISTENS)

    *_before, last = map(json.loads, done.stderr.splitlines())
    assert done.returncode == 1
    assert (last["levelname"], last["message"]) == ("CRITICAL", "an error ended this process")
    assert last["exc_info"].startswith("OperationalError < ")
    assert "canary" not in done.stderr


def test_what_an_error_says_stays_out_of_the_log(tmp_path):
    done = ended(tmp_path, "shell", "-v0", "-c", "raise ValueError('Ada Canary')")

    [line] = map(json.loads, done.stderr.splitlines())
    assert done.returncode == 1
    assert line["exc_info"].startswith("ValueError < ")
    assert "Canary" not in done.stderr


def test_in_development_it_is_a_traceback(tmp_path):
    done = ended(tmp_path, "shell", "-v0", "-c", "raise ValueError('Ada')", DEBUG="1")

    assert done.stderr.startswith("Traceback ")
    assert done.stderr.endswith("ValueError: Ada\n")


@pytest.mark.parametrize(("at_terminal", "kind"), [(True, ValueError), (False, KeyboardInterrupt)])
def test_a_person_at_a_terminal_and_an_interruption_are_pythons_own(
    monkeypatch, capsys, caplog, at_terminal, kind
):
    monkeypatch.setattr(sys.stderr, "isatty", lambda: at_terminal)

    uncaught.log_uncaught(kind, kind("typed"), None)

    assert capsys.readouterr().err.endswith(f"{kind.__name__}: typed\n")
    assert caplog.records == []
