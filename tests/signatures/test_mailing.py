"""Mails to signers: neutral, few, in their language, and never lost when the server is away."""

from __future__ import annotations

import smtplib
import socket
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.controller import Controller
from django.core import mail
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from signatures.models import MailboxTally, Signature
from signatures.services.mailing import RETRY_AFTER, confirmation_send
from signatures.tokens import Purpose, make_token
from tests.factories import SignatureFactory, TextFactory

from .posting import form_data

ADDRESS = "amal@example.org"


@pytest.fixture
def server(monkeypatch):
    """A mail server that fails with what is put into `server.error`."""

    class Server:
        error: Exception | None = None

        def send(self, message) -> int:
            if self.error:
                raise self.error
            mail.outbox.append(message)
            return 1

    mock = Server()
    monkeypatch.setattr(
        "django.core.mail.EmailMultiAlternatives.send", lambda message: mock.send(message)
    )
    return mock


def link(purpose: Purpose, path: str) -> str:
    row = Signature.objects.earliest("id")
    return f"http://testserver/s/{make_token(purpose, row.id, row.link_version)}/{path}"


def the_mail() -> EmailMessage:
    """The only mail that went out, as a mail program reads it."""
    (message,) = mail.outbox
    read = message_from_bytes(message.message().as_bytes(), policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def bodies(message: EmailMessage) -> list[str]:
    """The text and the HTML of a mail."""
    return [part.get_content() for part in message.iter_parts()]


# What is in a mail


def test_it_has_a_neutral_subject_and_two_bodies_with_both_links(signed, background):
    signed(email=ADDRESS)

    background()

    message = the_mail()
    assert message["Subject"] == "Please confirm"
    assert message["To"] == ADDRESS
    assert message.get_content_type() == "multipart/alternative"
    for body in bodies(message):
        assert link(Purpose.CONFIRM, "confirm/") in body
        assert link(Purpose.NOT_ME, "not-me/") in body


def test_nothing_that_a_visitor_typed_or_that_names_the_letter_is_in_it(signed, background, text):
    signed(name="Canary Name", residence="Canary Place", occupation="Canary Work", email=ADDRESS)

    background()

    raw = mail.outbox[0].message().as_string()
    assert "Canary" not in raw
    assert text.title not in raw
    assert "peace" not in raw


def test_its_headers_ask_for_no_automatic_answer(signed, background):
    signed(email=ADDRESS)

    background()

    headers = mail.outbox[0].message()
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Message-ID"].endswith("@testserver>")
    assert headers["From"] == "letter@testserver"


def test_it_is_written_in_the_language_of_the_signed_text(client, text, background):
    arabic = TextFactory.create(
        letter=text.letter, language="ar", title="رسالة", is_courtesy_translation=True
    )
    client.post("/ar/letters/peace/sign/", form_data(arabic, email=ADDRESS))

    background()

    _text, html = bodies(the_mail())
    assert '<html lang="ar" dir="rtl">' in html
    assert "http://testserver/ar/s/" in html


# Whom it asks


def test_the_same_form_again_asks_about_the_first_row(signed, background):
    first = signed(email=ADDRESS)
    second = signed(email=ADDRESS)

    background()

    assert second.state == "duplicate"
    assert len(mail.outbox) == 2
    for message in mail.outbox:
        assert make_token(Purpose.CONFIRM, first.id) in message.body


def test_who_has_confirmed_before_is_told_so(client, signed, background):
    first = signed(email=ADDRESS)
    client.post(f"/s/{make_token(Purpose.CONFIRM, first.id)}/confirm/")
    background()

    signed(email=ADDRESS, occupation="doctor")
    background()

    (message,) = mail.outbox
    assert message.subject == "Nothing more to do"
    assert f"/s/{make_token(Purpose.PAGE, first.id, 1)}/" in message.body


def test_the_link_in_the_mail_that_tells_so_works(client, signed, background):
    first = signed(email=ADDRESS)
    client.post(f"/s/{make_token(Purpose.CONFIRM, first.id)}/confirm/")
    signed(email=ADDRESS)
    background()

    address = mail.outbox[-1].body.split("http://testserver")[1].split()[0]

    assert "Your signature counts" in client.get(address).content.decode()


def test_three_days_later_it_is_a_reminder(text):
    row = SignatureFactory.create(
        text=text,
        state="unconfirmed",
        sealed=True,
        mailed_at=timezone.now() - timedelta(days=3, minutes=1),
    )

    confirmation_send(signature_id=row.id)

    assert mail.outbox[0].subject == "A reminder"


@pytest.mark.parametrize("sealed", [False, None])
def test_without_an_address_or_a_row_nothing_is_sent(text, sealed):
    row = SignatureFactory.create(text=text, state="unconfirmed", sealed=bool(sealed))
    if sealed is None:
        row.delete()

    assert confirmation_send(signature_id=row.id) is False
    assert mail.outbox == []


# How many


def test_a_mailbox_gets_at_most_five_mails_about_a_letter(signed, background):
    for number in range(8):
        signed(email=ADDRESS, name=f"Amal Haddad {number}")

    background()

    assert len(mail.outbox) == 5
    assert MailboxTally.objects.get().sent == 5


def test_another_spelling_of_the_address_is_the_same_mailbox(signed, background):
    for number in range(6):
        signed(email=ADDRESS.upper() if number % 2 else ADDRESS, name=f"Amal {number}")

    background()

    assert len(mail.outbox) == 5


def test_another_mailbox_and_another_letter_have_their_own_five(client, signed, background):
    other = TextFactory.create(letter__slug="bread")
    for number in range(6):
        signed(email=ADDRESS, name=f"Amal {number}")
    signed(email="omar@example.org")
    client.post("/letters/bread/sign/", form_data(other, email=ADDRESS))

    background()

    assert len(mail.outbox) == 7


# When the server fails


def refused(code: int) -> smtplib.SMTPRecipientsRefused:
    return smtplib.SMTPRecipientsRefused({ADDRESS: (code, b"canary")})


PERMANENT = [refused(550), smtplib.SMTPDataError(554, b"no")]
TEMPORARY = [
    refused(450),
    smtplib.SMTPDataError(451, b"later"),
    smtplib.SMTPServerDisconnected("gone"),
    smtplib.SMTPAuthenticationError(535, b"login"),
    smtplib.SMTPSenderRefused(550, b"sender", "letter@testserver"),
    ConnectionRefusedError(),
    TimeoutError(),
]


@pytest.mark.parametrize("error", PERMANENT, ids=repr)
def test_a_mailbox_that_does_not_exist_is_not_tried_again(signed, background, server, error):
    server.error = error
    signed(email=ADDRESS)

    assert background() == 1

    assert DBTaskResult.objects.count() == 1
    assert MailboxTally.objects.get().sent == 1


@pytest.mark.parametrize("error", TEMPORARY, ids=repr)
def test_a_server_that_is_away_is_asked_again_a_minute_later(signed, background, server, error):
    server.error = error
    row = signed(email=ADDRESS)
    before = timezone.now()

    assert background() == 1

    later = DBTaskResult.objects.get(status="READY")
    minute = timedelta(minutes=1)
    assert before + minute <= later.run_after <= timezone.now() + minute
    assert later.args_kwargs["kwargs"] == {"signature_id": str(row.id), "attempt": 1}
    assert MailboxTally.objects.get().sent == 0


def test_the_waits_grow_and_end(signed, background, server):
    server.error = ConnectionRefusedError()
    signed(email=ADDRESS)
    waits = []

    while DBTaskResult.objects.filter(status="READY").exists():
        waits.append(DBTaskResult.objects.get(status="READY").args_kwargs["kwargs"].get("attempt"))
        DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
        background()

    assert waits == [None, *range(1, len(RETRY_AFTER) + 1)]
    assert sorted(RETRY_AFTER) == RETRY_AFTER


def test_a_mail_goes_out_once_the_server_is_back(signed, background, server):
    server.error = ConnectionRefusedError()
    row = signed(email=ADDRESS)
    background()
    server.error = None
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())

    background()

    row.refresh_from_db()
    assert [message.to for message in mail.outbox] == [[ADDRESS]]
    assert row.mailed_at is not None
    assert MailboxTally.objects.get().sent == 1


def test_a_failure_leaves_no_address_behind(signed, background, server):
    server.error = refused(450)
    signed(email=ADDRESS)
    background()

    for row in DBTaskResult.objects.values():
        assert ADDRESS not in str(row)


def test_a_real_server_gets_it_whole(signed, background, settings):
    received = []

    class Handler:
        async def handle_DATA(self, _server, _session, envelope):  # noqa: N802 (its name there)
            received.append(envelope)
            return "250 OK"

    with socket.create_server(("127.0.0.1", 0)) as probe:
        settings.EMAIL_HOST, settings.EMAIL_PORT = probe.getsockname()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    controller = Controller(Handler(), hostname=settings.EMAIL_HOST, port=settings.EMAIL_PORT)
    controller.start()
    signed(email=ADDRESS)

    try:
        background()
    finally:
        controller.stop()

    (envelope,) = received
    message = message_from_bytes(envelope.content, policy=policy.default)
    assert envelope.rcpt_tos == [ADDRESS]
    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    for part in message.iter_parts():
        assert link(Purpose.CONFIRM, "confirm/") in part.get_content()


def test_a_mail_speaks_the_language_of_the_page_where_the_letter_has_no_such_text(
    client, text, background, mailoutbox
):
    client.post("/fr/letters/peace/sign/", form_data(text, email="amal@example.org"))

    background()

    row = Signature.objects.get()
    assert (row.language, row.page_language) == ("en", "fr")
    assert "http://testserver/fr/s/" in mailoutbox[0].body
