"""Bad input on the command line is one clear line and exit code 1."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, "DEBUG": "1", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["demo_signatures", "abc"], "argument number: invalid int value: 'abc'"),
        (["deliver"], "the following arguments are required: --letter"),
        (["create_organiser", "--role", "boss"], "argument --role: invalid choice: 'boss'"),
        (["status", "--nonsense"], "unrecognized arguments: --nonsense"),
    ],
)
def test_what_a_command_cannot_read_is_one_line(arguments, said):
    done = manage(*arguments)

    assert done.returncode == 1
    assert done.stderr.startswith(f"Error: {said}")
    assert done.stderr.count("\n") == 1


def test_a_setting_that_is_missing_is_named_in_one_line():
    done = manage("status", DEBUG="0", SECRET_KEY="")

    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "SECRET_KEY is not set. See docs/operating.md, section Settings.\n"


def test_help_is_still_help():
    done = manage("deliver", "--help")

    assert done.returncode == 0
    assert "Example:" in done.stdout


class TestRun:
    @pytest.fixture
    def run(self, tmp_path, monkeypatch) -> ModuleType:
        """`./run`, for a folder without a .env."""
        loader = SourceFileLoader("run_door", str(ROOT / "run"))
        spec = spec_from_loader("run_door", loader)
        assert spec is not None
        module = module_from_spec(spec)
        loader.exec_module(module)
        monkeypatch.setattr(module, "ROOT", tmp_path)
        monkeypatch.delenv("SITE_URL", raising=False)
        monkeypatch.delenv("DEBUG", raising=False)
        return module

    def test_links_lead_to_the_port_that_was_asked_for(self, run):
        env = run.site_environment(SITE_URL="http://127.0.0.1:8123")

        assert (env["SITE_URL"], env["DEBUG"]) == ("http://127.0.0.1:8123", "1")

    def test_what_the_environment_says_wins(self, run, monkeypatch):
        monkeypatch.setenv("SITE_URL", "https://letter.example")

        assert run.site_environment(SITE_URL="x")["SITE_URL"] == "https://letter.example"

    def test_what_the_file_says_is_left_to_it(self, run, tmp_path):
        (tmp_path / ".env").write_text("SITE_URL=https://letter.example\n")

        env = run.site_environment(SITE_URL="x")

        assert "SITE_URL" not in env
        assert env["DEBUG"] == "1"
