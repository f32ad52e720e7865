"""How sure a reading is, and what else a message says about itself."""

from __future__ import annotations

import hashlib

import pytest

from signatures.intake.parsed import Confidence, Kind
from signatures.intake.reading import read_message, read_row

FULL = "Name: Jane Roe\nPlace of Residence: Oslo\nOccupation: cook\nEmail: jane@example.org\n"


def mail(body: str, *headers: str) -> bytes:
    return "\n".join(["From: somebody@example.org", *headers, "", body]).encode()


@pytest.mark.parametrize(
    ("body", "confidence"),
    [
        (FULL, Confidence.COMPLETE),
        ("Name: Jane Roe\nResidence: Oslo\nOccupation: cook", Confidence.WITHOUT_EMAIL),
        ("Name: Jane Roe\nResidence: Oslo", Confidence.LINE_MISSING),
        ("Jane Roe\nOslo, Norway\ncook\njane@example.org", Confidence.NO_LABELS),
    ],
)
def test_confidence_says_what_was_found(body: str, confidence: Confidence) -> None:
    message = read_message(mail(body))

    assert [signer.confidence for signer in message.signers] == [confidence]


def test_confidence_of_several_signers_is_their_number() -> None:
    message = read_message(mail(FULL + "\n" + FULL.replace("Jane", "John")))

    assert [signer.name for signer in message.signers] == ["Jane Roe", "John Roe"]
    assert {signer.confidence for signer in message.signers} == {Confidence.SEVERAL}


@pytest.mark.parametrize("confidence", list(Confidence))
def test_only_whole_readings_of_one_person_may_be_decided_in_bulk(confidence: Confidence) -> None:
    sure = {Confidence.COMPLETE, Confidence.WITHOUT_EMAIL, Confidence.ROW}

    assert confidence.is_high == (confidence in sure)


def test_the_message_id_comes_without_brackets() -> None:
    message = read_message(mail(FULL, "Message-ID: <abc.1@example.org>"))

    assert message.message_id == "abc.1@example.org"


@pytest.mark.parametrize("header", ["X-Other: 1", "Message-ID: none", f"Message-ID: <{'x' * 300}>"])
def test_a_message_without_a_usable_id_is_known_by_its_bytes(header: str) -> None:
    data = mail(FULL, header)

    message = read_message(data)

    assert message.message_id == f"sha256:{hashlib.sha256(data).hexdigest()}"


def test_the_text_is_what_a_moderator_reads() -> None:
    message = read_message(mail("Hello!\n\n" + FULL))

    assert message.text == "Hello!\n\n" + FULL


def test_the_html_form_is_read_when_the_plain_one_names_nobody() -> None:
    body = (
        "--x\nContent-Type: text/plain\n\nUse another program.\n"
        "--x\nContent-Type: text/html\n\n<p>Name: Jane Roe</p><p>Residence: Oslo</p>\n--x--"
    )

    message = read_message(mail(body, "Content-Type: multipart/alternative; boundary=x"))

    assert message.signers[0].name == "Jane Roe"
    assert "Residence: Oslo" in message.text


def test_a_wish_in_the_quoted_text_does_not_take_a_signature_away() -> None:
    body = FULL + "\nOn 2 June 2011 20:15, X wrote:\n> To remove my name, write to us.\n"

    assert read_message(mail(body)).kind is Kind.SIGNATURE


def test_a_row_is_read_like_the_four_lines() -> None:
    row = {
        "name": " *杨 明* ",
        "residence": "Oslo",
        "occupation": "cook",
        "email": "<a@example.org>",
    }

    signer = read_row(row)

    assert signer is not None
    assert (signer.name, signer.email) == ("杨 明", "a@example.org")
    assert signer.confidence is Confidence.ROW


@pytest.mark.parametrize("name", ["", "---", "jane@example.org", "Name", "why do you ask?"])
def test_a_row_without_a_name_is_nobody(name: str) -> None:
    assert read_row({"name": name, "residence": "Oslo", "occupation": "cook"}) is None
