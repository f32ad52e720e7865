"""Every signature gets its one mail: through outages, killed workers and an hourly chase."""

from __future__ import annotations

import smtplib
from datetime import timedelta

import pytest
from django.core import mail
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from signatures.enums import State
from signatures.models import MailboxTally, Signature
from signatures.services.mailing import mails_chase
from tests.factories import SignatureFactory

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ADDRESSES = [f"person-{number}@example.org" for number in range(4)]
AWAY = ConnectionRefusedError()
NO_SUCH_MAILBOX = smtplib.SMTPRecipientsRefused({ADDRESSES[0]: (550, b"no")})


def sign_all(signed) -> None:
    for number, address in enumerate(ADDRESSES):
        signed(email=address, name=f"Person {number}")


def recipients() -> list[str]:
    return sorted(message.to[0] for message in mail.outbox)


def waiting() -> int:
    return DBTaskResult.objects.filter(status="READY").count()


def test_a_server_that_is_away_for_ten_minutes_costs_no_mail(
    signed, background, server, time_passes
):
    server.error = AWAY
    sign_all(signed)
    for _minute in range(10):
        background()
        time_passes(MINUTE)
    server.error = None

    for _minute in range(15):
        background()
        time_passes(MINUTE)

    assert Signature.objects.filter(state=State.UNCONFIRMED).count() == len(ADDRESSES)
    assert recipients() == ADDRESSES
    assert waiting() == 0


def test_an_hourly_chase_through_a_long_outage_sends_one_mail_each(
    signed, background, server, time_passes
):
    server.error = AWAY
    sign_all(signed)
    for _hour in range(30):
        background()
        time_passes(HOUR)
        mails_chase()
    server.error = None

    background()
    time_passes(timedelta(days=2))
    background()

    assert recipients() == ADDRESSES
    assert {tally.sent for tally in MailboxTally.objects.all()} == {1}


def test_an_hourly_chase_does_not_pile_up_work(signed, background, server, time_passes):
    server.error = AWAY
    sign_all(signed)
    for _hour in range(6):
        background()
        time_passes(HOUR)
        mails_chase()
    background()

    assert waiting() == len(ADDRESSES)


def test_once_the_server_is_back_the_next_chase_sends_what_is_due(
    signed, background, server, time_passes
):
    server.error = AWAY
    sign_all(signed)
    for _hour in range(10):
        background()
        time_passes(HOUR)
    server.error = None

    mails_chase()
    background()

    assert recipients() == ADDRESSES


def test_a_mailbox_that_refused_for_good_is_never_asked_again(
    signed, background, server, time_passes
):
    server.error = NO_SUCH_MAILBOX
    signed(email=ADDRESSES[0])
    for _hour in range(14 * 24):
        background()
        time_passes(HOUR)
        mails_chase()

    assert server.asked == 1
    assert Signature.objects.get().email_sealed


def test_a_mailbox_that_has_had_enough_is_not_chased(signed, background, time_passes):
    for number in range(6):
        signed(email=ADDRESSES[0], name=f"Person {number}")
    background()
    time_passes(2 * HOUR)

    assert mails_chase() == 0


def test_a_worker_killed_within_a_mail_loses_nothing(signed, background, time_passes):
    row = signed(email=ADDRESSES[0])
    DBTaskResult.objects.get().claim("killed")
    time_passes(2 * HOUR)

    call_command("chase_mails")
    background()

    row.refresh_from_db()
    assert recipients() == ADDRESSES[:1]
    assert row.mailed_at is not None


def test_a_mail_that_is_not_yet_due_for_chasing_is_left_to_its_own_task(signed, time_passes):
    signed(email=ADDRESSES[0])
    time_passes(59 * MINUTE)

    assert mails_chase() == 0


@pytest.mark.parametrize(
    "again", [{"website": "spam"}, {"name": "Person 0"}], ids=["held", "duplicate"]
)
def test_the_mail_of_a_held_or_second_signature_is_chased_as_well(
    signed, background, time_passes, again
):
    signed(email=ADDRESSES[0], name="Person 0")
    background()
    signed(email=ADDRESSES[0], **{"name": "Person 1", **again})
    DBTaskResult.objects.filter(status="READY").update(status="RUNNING")
    time_passes(2 * HOUR)

    assert mails_chase() == 1
    background()

    assert len(mail.outbox) == 2


def test_the_reminder_is_one_after_three_days(signed, background, time_passes):
    signed(email=ADDRESSES[0])
    background()
    for _day in range(13):
        time_passes(timedelta(days=1))
        mails_chase()
        background()

    assert [message.subject for message in mail.outbox] == ["Please confirm", "A reminder"]


@pytest.mark.parametrize("state", [State.ACCEPTED, State.PENDING, State.WITHDRAWN, State.REJECTED])
def test_nobody_else_is_reminded(text, state, time_passes):
    kept = {} if state != State.WITHDRAWN else {"name": "", "residence": "", "occupation": ""}
    SignatureFactory.create(text=text, state=state, sealed=state != State.WITHDRAWN, **kept)

    assert mails_chase() == 0
