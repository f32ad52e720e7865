"""The import that is killed on purpose is told from one that ends by itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from bench import intake
from bench.servers import has_ended
from bench.site import Site

ENDLESS = "import signal; signal.pause()"
SITE = Site(dict(os.environ) | {"DATABASE_URL": ""})


def python(source: str) -> list[str]:
    return [sys.executable, "-c", source]


@pytest.fixture
def taken_in(monkeypatch):
    """How many messages the database says have been taken in."""
    answer = {"messages": 0}
    monkeypatch.setattr(intake, "number_from", lambda _url, _sql: answer["messages"])
    return answer


def test_one_that_crashes_is_not_waited_for(taken_in):
    with pytest.raises(subprocess.CalledProcessError) as crash:
        intake.killed_at(1, SITE, python("raise SystemExit(3)"))

    assert crash.value.returncode == 3


def test_one_that_is_killed_at_its_place_says_how_much_memory_it_had(taken_in):
    taken_in["messages"] = 5

    assert intake.killed_at(5, SITE, python(ENDLESS)) > 0


def test_one_that_was_done_before_it_could_be_killed_is_no_crash(taken_in):
    assert intake.killed_at(1, SITE, python("")) > 0


def test_looking_leaves_the_process_to_be_waited_for():
    process = subprocess.Popen(python(ENDLESS))

    before = has_ended(process)
    process.kill()
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)

    assert (before, has_ended(process), process.wait()) == (False, True, -signal.SIGKILL)
