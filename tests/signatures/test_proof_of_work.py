"""The riddle that a letter asks for while it is attacked."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
from altcha.v1 import solve_challenge
from hypothesis import given
from hypothesis import strategies as st

from signatures import proof_of_work
from signatures.enums import Defence, State
from signatures.models import Guard, Signature
from signatures.proof_of_work import challenge_make, solution_spend

CHALLENGE = "/letters/peace/challenge.json"


@pytest.fixture(autouse=True)
def easy(monkeypatch):
    monkeypatch.setattr(proof_of_work, "HARDEST", 50)


def solved(challenge: dict[str, Any], /, **changes: Any) -> str:
    """What the browser's script sends for `challenge`."""
    found = solve_challenge(challenge["challenge"], challenge["salt"], "SHA-256", 50)
    assert found is not None
    names = ("algorithm", "challenge", "salt", "signature")
    content = {name: challenge[name] for name in names} | {"number": found.number} | changes
    return base64.b64encode(json.dumps(content).encode()).decode()


def test_a_solution_is_good_once():
    solution = solved(challenge_make(7))

    assert [solution_spend(solution, 7), solution_spend(solution, 7)] == [True, False]


def test_a_solution_spelled_otherwise_is_still_the_same():
    challenge = challenge_make(7)
    assert solution_spend(solved(challenge), 7)

    again = solved(challenge, took=12)

    assert not solution_spend(again, 7)


def test_a_solution_is_good_for_its_own_letter_only():
    assert not solution_spend(solved(challenge_make(7)), 8)
    assert not solution_spend(solved(challenge_make(77)), 7)


def test_a_riddle_ends(monkeypatch):
    monkeypatch.setattr(proof_of_work, "LIVES", timedelta(seconds=-5))

    assert not solution_spend(solved(challenge_make(7)), 7)


@pytest.mark.parametrize(
    "changes",
    [
        {"number": 51},
        {"number": "1"},
        {"number": True},
        {"signature": "0" * 64},
        {"salt": "another?letter=7&"},
        {"salt": None},
        {"algorithm": "SHA-1"},
        {"challenge": ["x"]},
    ],
)
def test_what_does_not_solve_it_is_refused(changes):
    assert not solution_spend(solved(challenge_make(7), **changes), 7)


def test_a_riddle_of_somebody_elses_making_is_no_riddle(settings):
    solution = solved(challenge_make(7))
    settings.SECRET_KEY = "another"

    assert not solution_spend(solution, 7)


@given(
    st.one_of(
        st.text(max_size=40), st.binary(max_size=60).map(lambda b: base64.b64encode(b).decode())
    )
)
def test_nothing_that_can_be_sent_breaks_it(solution: str):
    assert solution_spend(solution, 7) is False


@pytest.mark.parametrize("content", ["[]", "null", "1", '"x"', "{}", "[" * 900])
def test_json_of_any_shape_is_no_solution(content: str):
    assert solution_spend(base64.b64encode(content.encode()).decode(), 7) is False


# Under a letter


@pytest.fixture
def attacked(letter):
    return Guard.objects.create(letter=letter, proof=Defence.ON)


def test_whoever_solves_it_signs_as_ever(client, attacked, signed):
    proof = solved(client.get(CHALLENGE).json())

    row = signed(email="a@example.org", proof=proof)

    assert (row.state, row.hold_reasons) == (State.UNCONFIRMED, [])


@pytest.mark.parametrize("proof", ["", "nonsense"])
def test_whoever_does_not_is_held_and_sees_the_same(attacked, post, proof):
    response = post(email="a@example.org", proof=proof)

    row = Signature.objects.get()
    assert response.status_code == 303
    assert (row.state, row.hold_reasons) == (State.PENDING, ["proof"])


def test_a_replayed_solution_is_held(client, attacked, post):
    proof = solved(client.get(CHALLENGE).json())

    post(name="First", proof=proof)
    post(name="Second", proof=proof)

    reasons = Signature.objects.order_by("id").values_list("hold_reasons", flat=True)
    assert list(reasons) == [[], ["proof"]]


def test_a_faulty_form_does_not_spend_the_solution(client, attacked, post):
    proof = solved(client.get(CHALLENGE).json())

    assert post(name="", proof=proof).status_code == 422
    post(proof=proof)

    assert Signature.objects.get().hold_reasons == []


def test_while_the_cache_is_away_a_solution_is_held(client, attacked, post):
    proof = solved(client.get(CHALLENGE).json())

    with mock.patch("signatures.proof_of_work.cache.add", side_effect=ConnectionError):
        response = post(proof=proof)

    assert response.status_code == 303
    assert Signature.objects.get().hold_reasons == ["proof"]


def test_in_peace_nobody_is_asked(client, post, text):
    post()

    assert Signature.objects.get().hold_reasons == []
    assert b"proof" not in client.get("/letters/peace/").content


def test_the_page_of_an_attacked_letter_is_still_the_same_for_everybody(client, attacked):
    first, second = client.get("/letters/peace/"), client.get("/letters/peace/")

    assert first.content == second.content
    assert b'data-proof="/letters/peace/challenge.json"' in first.content
    assert b"site/proof.js" in first.content
    assert first.cookies == {}


def test_each_riddle_is_another_and_nobody_keeps_it(client, text):
    first, second = client.get(CHALLENGE), client.get(CHALLENGE)

    assert first.json()["salt"] != second.json()["salt"]
    assert "no-store" in first["Cache-Control"]
    assert client.get("/letters/nowhere/challenge.json").status_code == 404
