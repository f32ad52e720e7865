"""Updates go to those who asked, once each, through killed workers and silent servers."""

from __future__ import annotations

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from signatures.enums import State
from signatures.models import Update, UpdateMail
from signatures.services import updates
from signatures.services.mailing import RETRY_AFTER
from signatures.services.updates import update_send
from signatures.tokens import Purpose, make_token
from tests.factories import SignatureFactory, make_moderator
from tests.signatures.posting import work_one

HOUR = timedelta(hours=1)
NUMBER = 7


@pytest.fixture
def update(letter, monkeypatch) -> Update:
    """An update that goes out in batches of three."""
    monkeypatch.setattr(updates, "BATCH", 3)
    return Update.objects.create(letter=letter, subject="News", body="It was received.")


@pytest.fixture
def asked(text) -> list[str]:
    """The mailboxes of those who asked, oldest first."""
    addresses = [f"asked-{number}@example.org" for number in range(NUMBER)]
    for address in addresses:
        SignatureFactory.create(text=text, sealed=True, wants_updates=True, email=address)
    return addresses


def recipients() -> list[str]:
    return [message.to[0] for message in mail.outbox]


class Killed(BaseException):
    """Ends a worker where it stands, as SIGKILL does."""


def kill_at(monkeypatch, number: int) -> None:
    """Kill the worker while it sends its mail `number`; the task stays as it was, running."""
    send, sent = mail.EmailMultiAlternatives.send, []

    def send_or_die(message) -> int:
        sent.append(message)
        if len(sent) == number:
            raise Killed
        return send(message)

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", send_or_die)


def die_in_task() -> None:
    """What SIGKILL leaves behind: a task that says it is running, and nobody who does it."""
    row = work_one()
    assert row is not None
    DBTaskResult.objects.filter(id=row.id).update(status="RUNNING", finished_at=None)


def test_only_confirmed_and_accepted_signers_who_asked_get_it(text, update, asked, background):
    for unfit in (
        {"wants_updates": False},
        {"state": State.UNCONFIRMED},
        {"state": State.PENDING},
        {"state": State.REJECTED},
        {"state": State.DUPLICATE},
        {"confirmed_at": None, "decided_at": SignatureFactory.created_at},
    ):
        SignatureFactory.create(text=text, sealed=True, **{"wants_updates": True, **unfit})
    SignatureFactory.create(sealed=True, wants_updates=True)

    update_send(update=update, actor=make_moderator())
    background()

    assert recipients() == asked


def test_a_killed_worker_leaves_the_rest_to_the_next_chase(
    update, asked, background, monkeypatch, time_passes
):
    update_send(update=update, actor=make_moderator())
    kill_at(monkeypatch, 5)
    work_one()
    die_in_task()
    time_passes(2 * HOUR)

    call_command("chase_mails")
    background()

    update.refresh_from_db()
    assert update.finished_at is not None
    assert len(set(recipients())) == len(recipients())
    assert set(asked) - set(recipients()) <= {asked[4]}
    assert UpdateMail.objects.count() == NUMBER


def test_a_batch_that_waits_or_runs_is_left_alone(update, asked, background, time_passes):
    update_send(update=update, actor=make_moderator())
    call_command("chase_mails")
    assert DBTaskResult.objects.count() == 1

    DBTaskResult.objects.get().claim("at work")
    time_passes(HOUR / 2)
    call_command("chase_mails")

    assert DBTaskResult.objects.count() == 1


def test_a_finished_or_unsent_update_is_left_alone(letter, update, asked, background, time_passes):
    sent = Update.objects.create(letter=letter, subject="Before", body="It was sent.")
    update_send(update=sent, actor=make_moderator())
    background()
    time_passes(2 * HOUR)

    call_command("chase_mails")

    assert not DBTaskResult.objects.filter(status="READY").exists()


def test_a_silent_server_breaks_a_batch_off_and_nobody_gets_it_twice(
    update, asked, background, server, time_passes
):
    server.error = ConnectionRefusedError()
    update_send(update=update, actor=make_moderator())
    for _hour in range(3):
        background()
        time_passes(HOUR)
        call_command("chase_mails")
    server.error = None
    for _hour in range(3):
        background()
        time_passes(HOUR)

    assert sorted(recipients()) == asked
    assert not DBTaskResult.objects.filter(status="READY").exists()


def test_a_full_mailbox_holds_up_nobody_and_is_asked_again(
    update, asked, background, monkeypatch, time_passes
):
    full, send = {asked[1]}, mail.EmailMultiAlternatives.send

    def send_unless_full(message) -> int:
        if message.to[0] in full:
            raise smtplib.SMTPRecipientsRefused({message.to[0]: (452, b"full")})
        return send(message)

    monkeypatch.setattr("django.core.mail.EmailMultiAlternatives.send", send_unless_full)
    update_send(update=update, actor=make_moderator())
    background()
    assert recipients() == [*asked[:1], *asked[2:]]

    full.clear()
    time_passes(HOUR)
    background()

    update.refresh_from_db()
    assert recipients()[-1] == asked[1]
    assert len(recipients()) == NUMBER
    assert update.finished_at is not None


def test_a_mailbox_that_stays_full_is_given_up_after_days(
    text, update, background, server, time_passes
):
    row = SignatureFactory.create(text=text, sealed=True, wants_updates=True, email="a@example.org")
    server.error = smtplib.SMTPRecipientsRefused({"a@example.org": (452, b"full")})
    update_send(update=update, actor=make_moderator())
    for _day in range(30):
        background()
        time_passes(timedelta(days=1))

    update.refresh_from_db()
    row.refresh_from_db()
    assert update.finished_at is not None
    assert server.asked == 1 + len(RETRY_AFTER)
    assert row.email_sealed is not None


def test_a_mailbox_that_refuses_is_noted_and_not_asked_again(
    update, asked, background, server, time_passes
):
    server.error = smtplib.SMTPRecipientsRefused({asked[0]: (550, b"no")})

    update_send(update=update, actor=make_moderator())
    background()

    assert server.asked == NUMBER
    assert UpdateMail.objects.filter(refused=True).count() == NUMBER


def test_a_mail_has_the_headers_of_one_click_and_the_link_works(client, update, asked, background):
    update_send(update=update, actor=make_moderator())
    background()
    message = mail.outbox[0].message()
    address = message["List-Unsubscribe"].strip("<>")

    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    response = client.post(address, {"List-Unsubscribe": "One-Click"})

    assert response.status_code == 200
    assert not response.cookies
    row = UpdateMail.objects.earliest("id").signature
    assert not row.wants_updates
    assert row.email_sealed is None


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "null"}, {"User-Agent": "Provider-Unsubscribe/1.0"}], ids=str
)
def test_a_mail_provider_may_unsubscribe_without_being_a_browser(client, text, headers):
    row = SignatureFactory.create(text=text, sealed=True, wants_updates=True)
    address = f"/s/{make_token(Purpose.UNSUBSCRIBE, row.id)}/unsubscribe/"

    client.post(address, {"List-Unsubscribe": "One-Click"}, headers=headers)
    client.post(address, {"List-Unsubscribe": "One-Click"}, headers=headers)

    row.refresh_from_db()
    assert not row.wants_updates
    assert row.email_sealed is None
