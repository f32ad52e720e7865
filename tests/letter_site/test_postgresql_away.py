"""A PostgreSQL that is away is asked by one thread at a time, so that nobody waits in a row."""

from __future__ import annotations

import time

import psycopg2
import pytest
from django.db.backends.postgresql.base import DatabaseWrapper as Plain

from letter_site.postgresql import base

HERE = {"host": "one,two", "port": "5432,5433", "dbname": "letter"}
ELSEWHERE = HERE | {"dbname": "postgres"}


class Server:
    """Counts who tries to connect, and is away until it is told otherwise."""

    def __init__(self) -> None:
        self.tried = 0
        self.away = True

    def connect(self, _wrapper: object, _params: object) -> str:
        self.tried += 1
        if self.away:
            raise psycopg2.OperationalError("Connection refused")
        return "connection"


@pytest.fixture
def server(monkeypatch) -> Server:
    server = Server()
    monkeypatch.setattr(base, "_away", {})
    monkeypatch.setattr(Plain, "get_new_connection", lambda *arguments: server.connect(*arguments))
    return server


@pytest.fixture
def clock(monkeypatch):
    """Moves the monotonic clock on: `clock(0.5)`."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    def on(seconds: float) -> None:
        now[0] += seconds

    return on


def connect(params: dict[str, str] = HERE) -> str:
    found: str = base.DatabaseWrapper({}).get_new_connection(params)
    return found


def fails(params: dict[str, str] = HERE) -> bool:
    try:
        connect(params)
    except psycopg2.OperationalError:
        return True
    return False


def test_after_one_attempt_in_vain_nobody_tries_for_a_moment(server, clock):
    assert [fails() for _time in range(4)] == [True] * 4

    assert server.tried == 1


def test_after_that_moment_it_is_tried_again(server, clock):
    assert fails()
    server.away = False
    clock(base.REST)

    assert connect() == "connection"
    assert connect() == "connection"
    assert server.tried == 3


def test_while_one_tries_again_the_others_do_not_wait(server, clock, monkeypatch):
    assert fails()
    clock(base.REST)
    meanwhile = []

    def slow(_wrapper: object, _params: object) -> str:
        meanwhile.append(fails())
        return "connection"

    monkeypatch.setattr(server, "connect", slow)

    assert connect() == "connection"
    assert meanwhile == [True]


def test_another_database_is_not_taken_for_the_one_that_is_away(server, clock):
    assert fails()
    server.away = False

    assert connect(ELSEWHERE) == "connection"


def test_a_database_that_was_never_away_is_tried_by_everybody(server, clock):
    server.away = False

    assert [connect() for _time in range(3)] == ["connection"] * 3
    assert server.tried == 3
