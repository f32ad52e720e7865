"""What a stranger may send to do harm: one clear line each, never an exception, never a wait."""

from __future__ import annotations

import base64
import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signatures.intake.html_text import html_to_text
from signatures.intake.message import MOST_BYTES, MOST_TEXT
from signatures.intake.parsed import Kind
from signatures.intake.reading import read_message

FOUR = b"Name: Jane Roe\nResidence: Oslo\nOccupation: cook\n"
MIXED = b"Content-Type: multipart/mixed; boundary=x\n\n"


def nested(levels: int) -> bytes:
    head = b"Content-Type: multipart/mixed; boundary=x%d\n\n--x%d\n"
    return b"".join(head % (level, level) for level in range(levels))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\n" + b"x" * MOST_BYTES, "larger than 5 MB"),
        (MIXED + b"--x\n\nhi\n" * 10_000 + b"--x--", "more than 200 parts"),
        (nested(1_000), "parts inside parts, more than 10 deep"),
        (b"a: b\n" * 200_000, "more than 100000 lines"),
    ],
    ids=["50 MB", "10,000 parts", "1,000 levels", "200,000 headers"],
)
def test_a_message_beyond_a_limit_is_refused_with_the_limit(data: bytes, reason: str) -> None:
    message = read_message(data)

    assert (message.kind, message.reason) == (Kind.REFUSED, reason)
    assert message.signers == ()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (
            b"From: a\n\nName: Ja\0ne Roe\nResidence: Oslo\nOccupation: cook\n",
            "NUL bytes were left out",
        ),
        (b"From: a\n\n" + FOUR + b"x" * 200_000, "a very long line was cut"),
        (
            b"From: a\n\n" + FOUR + b"x" * 1_000_000,
            "longer than 256 KB: only the beginning was read",
        ),
        (
            b"From: a\n\n" + FOUR + b"x y z\n" * 60_000,
            "longer than 256 KB: only the beginning was read",
        ),
    ],
    ids=["NUL", "long line", "a million characters", "long text"],
)
def test_a_damaged_message_is_read_and_says_what_was_left_out(data: bytes, reason: str) -> None:
    message = read_message(data)

    assert [signer.name for signer in message.signers] == ["Jane Roe"]
    assert message.reason == reason
    assert len(message.text) <= MOST_TEXT


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Type: ;;;=\nContent-Disposition: ;;\nFrom: \xff\xfe\n",
        b"Content-Type: text/plain; charset*0*=utf-8''x; charset*9999999999*=y\n",
        b"Content-Type: text/plain" + b";" * 1_000_000 + b"\n",
        b"Content-Type: text/plain; charset=\xe4\xbd\xa0\nContent-Transfer-Encoding: nonsense\n",
        b"Subject: =?utf-8?b?!!!?= =?x-none?q?=ff?=\nMessage-ID: <<<>>>\n",
        b"Subject: =?" + b"a?" * 5_000 + b"\n",
        b": no name\nno colon\n\t folded\nFrom\x00: x\n",
    ],
)
def test_malformed_headers_do_not_hide_the_body(headers: bytes) -> None:
    message = read_message(headers + b"\n" + FOUR)

    assert message.kind in {Kind.SIGNATURE, Kind.NOTHING}


def test_broken_base64_gives_nobody_and_no_error() -> None:
    data = b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\nNa@@@=!!=\n"

    assert read_message(data).kind is Kind.NOTHING


def test_text_that_only_claims_to_be_base64_is_read_as_it_is() -> None:
    data = b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n" + FOUR

    assert read_message(data).signers[0].name == "Jane Roe"


@pytest.mark.parametrize("disposition", [b"attachment; filename=a.zip", b"inline"])
def test_a_zip_bomb_is_never_opened(disposition: bytes) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * 10_000_000)
    attachment = (
        b"--x\nContent-Type: application/zip\nContent-Disposition: %s\n"
        b"Content-Transfer-Encoding: base64\n\n" % disposition
    )
    data = MIXED + b"--x\n\n" + FOUR + attachment + base64.encodebytes(packed.getvalue()) + b"--x--"

    message = read_message(data)

    assert message.signers[0].name == "Jane Roe"
    assert "\0" not in message.text


@given(st.binary(max_size=4_000))
def test_any_bytes_are_read(data: bytes) -> None:
    message = read_message(data)

    assert message.message_id
    assert bool(message.reason) or message.kind is Kind.SIGNATURE


HEADERS = st.sampled_from(
    [
        b"Content-Type: text/html",
        b"Content-Type: multipart/alternative; boundary=x",
        b"Content-Type: message/rfc822",
        b"Content-Type: text/plain; charset=iso-2022-jp",
        b"Content-Type: text/plain; charset=utf-7",
        b"Content-Transfer-Encoding: quoted-printable",
        b"Content-Transfer-Encoding: x-uuencode",
        b"Content-Type: text/plain; format=flowed; delsp=yes",
    ]
)
PIECES = st.sampled_from(
    [
        b"--x\n",
        b"--x--",
        b"\n",
        b"> ",
        b"Name: ",
        b"Residence:",
        b"<td>",
        b"</tr>",
        b"<blockquote>",
        b"\x1b$B",
    ]
)


@given(
    st.lists(HEADERS, max_size=3), st.lists(st.one_of(PIECES, st.binary(max_size=20)), max_size=40)
)
def test_any_pieces_of_mail_in_any_order_are_read(
    headers: list[bytes], pieces: list[bytes]
) -> None:
    message = read_message(b"\n".join([*headers, b"", b"".join(pieces)]))

    assert message.kind in set(Kind)


@pytest.mark.parametrize("piece", ["<!--", "<a b='", "</", "<tr><td>", "<blockquote>", "&#", "<"])
def test_unclosed_html_costs_no_more_than_its_length(piece: str) -> None:
    text = html_to_text(piece * 20_000)

    assert len(text) <= len(piece) * 20_000 + 20_000 * 25
