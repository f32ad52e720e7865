"""What the rehearsals find wrong, and where they look for it."""

from __future__ import annotations

import sys
from argparse import Namespace
from uuid import UUID, uuid4

import pytest

from bench.postgres import NotHere
from bench.rehearsal import __main__ as rehearsal
from bench.rehearsal import visitors
from bench.rehearsal.clusters import at_port, either
from bench.rehearsal.visitors import Acknowledged, Record, answers, faults, kept, signature_id
from bench.trust.finding import Finding
from bench.trust.web import Answer
from signatures.tokens import Purpose, make_token

URL = "postgres://postgres:secret@127.0.0.1:5000/postgres"
FORM = {"name": "Amal Haddad"}


def held(findings) -> dict[str, bool]:
    return {finding.what: finding.holds for finding in findings}


@pytest.fixture
def stored(monkeypatch):
    """The rows that the database is left with."""
    rows: list[tuple[str, str, str]] = []
    monkeypatch.setattr(visitors, "question", lambda _url, _sql: rows)
    return rows


def test_a_signature_that_was_answered_for_and_is_not_there_is_lost(stored):
    there, gone = uuid4(), uuid4()
    stored.append((str(there), "Amal", "pending"))
    record = Record([Acknowledged("Amal", there, 1.0), Acknowledged("Badr", gone, 2.0)])

    assert held(kept(URL, record)) == {
        "signatures that were answered for": True,
        "of those, lost": False,
        "people counted twice": True,
    }


def test_a_rehearsal_in_which_nobody_signed_shows_nothing(stored):
    assert held(kept(URL, Record()))["signatures that were answered for"] is False


@pytest.mark.parametrize(("state", "once"), [("duplicate", True), ("accepted", False)])
def test_a_person_is_counted_twice_by_two_live_signatures_only(stored, state, once):
    stored += [(str(uuid4()), "Amal", "pending"), (str(uuid4()), "Amal", state)]

    assert held(kept(URL, Record()))["people counted twice"] is once


def test_a_503_has_to_say_when_to_come_back_and_what_was_typed():
    honest = Answer(503, (("Retry-After", "5"),), b"<dd>Amal Haddad</dd>")
    curt = Answer(503, (), b"")

    assert list(faults(honest, FORM)) == []
    assert list(faults(curt, FORM)) == ["503 without Retry-After", "503 without what was typed"]


@pytest.mark.parametrize(("seconds", "soon"), [(2.0, True), (2.1, False)])
def test_the_slowest_503_has_two_seconds(seconds, soon):
    record = Record(unavailable=[0.1, seconds])

    assert held(answers(record))["the slowest of 2 answers 503, s"] is soon


def test_where_nothing_is_away_no_503_is_right():
    assert held(answers(Record(unavailable=[0.1]), may_be_away=False))["answers 503"] is False


def test_the_id_is_read_from_the_address_of_the_signers_own_page():
    key = UUID(int=7)
    redirected = Answer(303, (("Location", f"/fr/s/{make_token(Purpose.PAGE, key)}/"),), b"")

    assert signature_id(redirected.token) == key


def test_an_address_names_the_other_port_or_both():
    assert at_port(URL, 5001) == "postgres://postgres:secret@127.0.0.1:5001/postgres"
    assert either(URL, 5001) == (
        "postgres://postgres:secret@127.0.0.1:5000,127.0.0.1:5001/postgres"
        "?target_session_attrs=read-write"
    )


def test_what_cannot_be_rehearsed_counts_as_broken(monkeypatch, capsys):
    def nothing(_chosen):
        yield Finding("one", 1, 1, holds=True)
        raise NotHere("it needs root")

    monkeypatch.setitem(rehearsal.PARTS, "disk", nothing)

    assert rehearsal.broken_in("disk", Namespace()) == 1
    assert "DISK WAS NOT REHEARSED: it needs root" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "kills"),
    [([], (20, 10)), (["--quick"], (2, 2)), (["--quick", "--web", "5", "killing"], (5, 2))],
)
def test_quick_kills_few_unless_told_otherwise(monkeypatch, words, kills):
    monkeypatch.setattr(sys, "argv", ["rehearsal", *words])

    chosen = rehearsal.arguments()

    assert (chosen.web, chosen.database) == kills


def test_a_part_that_is_not_there_is_named(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["rehearsal", "flood"])

    with pytest.raises(SystemExit):
        rehearsal.arguments()

    assert "there is no flood; there are killing, standby" in capsys.readouterr().err
