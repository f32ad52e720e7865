"""How sure a reading is, and what else a message says about itself."""

from __future__ import annotations

import base64
import hashlib

import pytest

from signatures.intake.parsed import Confidence, Kind, ParsedSigner
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


@pytest.mark.parametrize("fold", ["\n ", "\n\t", "\r\n   "])
def test_a_value_folded_like_a_header_is_one(fold: str) -> None:
    lines = f"Name: Alexandrina{fold}Verylongsurname-Anotherpart\nResidence: Rostov\n"

    message = read_message(mail(lines))

    assert [one.name for one in message.signers] == ["Alexandrina Verylongsurname-Anotherpart"]


def test_an_indented_line_behind_the_last_label_is_no_part_of_it() -> None:
    message = read_message(mail("Name: Jane Roe\nOccupation: cook\n  Good luck to you all\n"))

    assert [signer.occupation for signer in message.signers] == ["cook"]


def test_a_row_is_taken_as_it_is() -> None:
    row = {"name": " *杨  明* ", "residence": "Here", "occupation": "N/A", "email": "not-an-email"}

    signer = read_row(row)

    assert signer == ParsedSigner("*杨 明*", "Here", "N/A", "not-an-email", Confidence.ROW)


@pytest.mark.parametrize("cell", ["<a@example.org>", "mailto:a@example.org", " a@example.org"])
def test_a_row_s_address_may_be_a_link(cell: str) -> None:
    signer = read_row({"name": "Jane Roe", "email": cell})

    assert signer is not None
    assert signer.email == "a@example.org"


@pytest.mark.parametrize(
    "name",
    ["Hans Letter", "@handle", "1234", "Robert'); DROP TABLE--", '"artist"', "why do you ask?"],
)
def test_a_cell_in_the_column_of_names_is_a_name(name: str) -> None:
    signer = read_row({"name": name, "residence": "Oslo"})

    assert signer == ParsedSigner(name, "Oslo", confidence=Confidence.LINE_MISSING)


def test_a_row_without_a_name_is_nobody() -> None:
    assert read_row({"name": " \u200b", "residence": "Oslo", "occupation": "cook"}) is None


@pytest.mark.parametrize(
    ("name", "remark"),
    [
        ("Jane\0 Roe", "NUL bytes were left out"),
        ("\u202eJane Roe\u202c", "characters that change the direction of the text were left out"),
        ("\u200eJane Roe", ""),
    ],
)
def test_what_is_left_out_of_an_encoded_mail_is_said(name: str, remark: str) -> None:
    body = base64.encodebytes(FULL.replace("Jane Roe", name).encode()).decode()

    message = read_message(
        mail(body, "Content-Type: text/plain; charset=utf-8", "Content-Transfer-Encoding: base64")
    )

    assert [signer.name for signer in message.signers] == ["Jane Roe"]
    assert message.reason == remark
