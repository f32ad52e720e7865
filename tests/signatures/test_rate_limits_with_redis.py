"""The rate limits with a Redis that is really running, and with one that is killed meanwhile."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from signatures.enums import State
from signatures.models import Signature

from .redis_server import caches, needs_redis, running_redis

pytestmark = [needs_redis, pytest.mark.django_db]

ROOT = Path(__file__).resolve().parent.parent.parent
PROCESSES, LIMIT, EACH = 4, 37, 25

# One of several processes that count signatures of one address together.
COUNTING = """
import os, sys
os.environ.update(DJANGO_SETTINGS_MODULE="tests.settings", REDIS_URL=sys.argv[1])
os.environ.update(SIGN_RATE_HOLD=f"{sys.argv[2]}/d", SIGN_RATE_REFUSE="1000000/d")
import django
django.setup()
from django.test import RequestFactory
from signatures.ratelimit import signing_usage
request = RequestFactory().post("/", REMOTE_ADDR="203.0.113.9")
sys.stdin.readline()
for _ in range(int(sys.argv[3])):
    print(signing_usage(request).verdict.name)
"""


@pytest.fixture
def redis(tmp_path):
    with running_redis(tmp_path) as (process, address):
        yield process, address


def test_a_limit_over_four_processes_lets_exactly_that_many_through(redis):
    _process, address = redis
    command = [sys.executable, "-c", COUNTING, address, str(LIMIT), str(EACH)]
    counting = [
        subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(PROCESSES)
    ]

    verdicts = Counter(
        verdict for each in counting for verdict in each.communicate("begin\n")[0].split()
    )

    assert verdicts == {"FREE": LIMIT, "HOLD": PROCESSES * EACH - LIMIT}


def test_a_thousand_forged_headers_are_one_address(redis, settings, post):
    settings.CACHES = caches(redis[1])
    settings.SIGN_RATE_HOLD, settings.SIGN_RATE_REFUSE = "5/d", "20/d"

    answers = Counter(
        post(
            name=f"Person {number}",
            headers={
                "X-Forwarded-For": f"203.0.{number // 250}.{number % 250}",
                "Forwarded": f"for=198.51.100.{number % 250}",
                "X-Real-IP": f"198.51.100.{number % 250}",
            },
        ).status_code
        for number in range(1_000)
    )

    assert answers == {303: 20, 429: 980}
    assert Signature.objects.filter(hold_reasons=[]).count() == 5


def test_redis_killed_while_people_sign_loses_nobody_and_waves_nobody_through(
    redis, settings, client, post
):
    process, address = redis
    settings.CACHES = caches(address)
    settings.SIGN_RATE_HOLD, settings.SIGN_RATE_REFUSE = "1000/d", "1000/d"

    answers = []
    for number in range(40):
        if number == 15:
            process.kill()
            process.wait()
        answers.append(post(name=f"Person {number}", email=f"p{number}@example.org").status_code)
        assert client.get("/letters/peace/").status_code == 200

    rows = list(Signature.objects.order_by("id"))
    assert answers == [303] * 40
    assert [row.name for row in rows] == [f"Person {number}" for number in range(40)]
    assert {(row.state, *row.hold_reasons) for row in rows[:15]} == {(State.UNCONFIRMED,)}
    assert {(row.state, *row.hold_reasons) for row in rows[15:]} == {(State.PENDING, "limits")}
