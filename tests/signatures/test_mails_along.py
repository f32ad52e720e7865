"""A worker that sends one confirmation sends the others that wait too, over one connection."""

from __future__ import annotations

import smtplib

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from signatures import queue
from signatures.models import Signature
from signatures.tasks import MAILS_ALONG


class Server(EmailBackend):
    """A mail server that keeps what it takes, and counts how often it is called."""

    opened = closed = 0
    errors: dict[str, Exception] = {}

    def open(self) -> bool:
        Server.opened += 1
        return True

    def close(self) -> None:
        Server.closed += 1

    def send_messages(self, messages) -> int:
        (recipient,) = messages[0].to
        if recipient in self.errors:
            raise self.errors[recipient]
        return super().send_messages(messages)


@pytest.fixture
def server(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    Server.opened = Server.closed = 0
    Server.errors = {}
    return Server


def sign(signed, *names: str) -> None:
    for name in names:
        signed(name=name, email=f"{name.lower()}@example.org")


def mailed() -> list[str]:
    return [recipient for message in mail.outbox for recipient in message.to]


def test_the_mails_that_wait_share_one_connection(signed, background, server):
    sign(signed, "Amal", "Omar", "Lena")

    background()

    assert mailed() == ["amal@example.org", "omar@example.org", "lena@example.org"]
    assert (server.opened, server.closed) == (1, 1)


def test_what_was_sent_along_leaves_the_queue(signed, background, server):
    sign(signed, "Amal", "Omar", "Lena")

    background()

    assert list(DBTaskResult.objects.values_list("status", flat=True)) == ["SUCCESSFUL"]
    assert Signature.objects.filter(mailed_at=None).count() == 0


def test_a_worker_takes_no_more_than_its_share(signed, background, server, monkeypatch):
    monkeypatch.setattr("signatures.tasks.MAILS_ALONG", 1)
    sign(signed, "Amal", "Omar", "Lena")

    assert background() == 2

    assert sorted(mailed()) == ["amal@example.org", "lena@example.org", "omar@example.org"]
    assert MAILS_ALONG > 1


def test_a_mailbox_that_is_refused_does_not_stop_the_others(signed, background, server):
    server.errors = {"omar@example.org": smtplib.SMTPRecipientsRefused({"": (550, b"")})}
    sign(signed, "Amal", "Omar", "Lena")

    background()

    assert mailed() == ["amal@example.org", "lena@example.org"]
    assert server.opened == 2


def test_a_server_that_is_away_is_asked_once(signed, background, server):
    server.errors = {"amal@example.org": ConnectionRefusedError()}
    sign(signed, "Amal", "Omar", "Lena")

    background()

    assert mailed() == []
    assert server.opened == 1
    later = DBTaskResult.objects.filter(status="READY")
    assert [work.args_kwargs["kwargs"]["attempt"] for work in later] == [1, 1, 1]


def test_two_pieces_of_work_for_one_mail_are_one_with_the_attempts_that_are_left(
    signed, background, server
):
    row = signed(name="Amal", email="amal@example.org")
    signed(name="Omar", email="omar@example.org")
    server.errors = dict.fromkeys(["amal@example.org", "omar@example.org"], TimeoutError())
    DBTaskResult.objects.update(args_kwargs={"args": [], "kwargs": {"signature_id": str(row.id)}})
    queue.enqueue("send_confirmation", signature_id=str(row.id), attempt=99)

    background()

    later = DBTaskResult.objects.filter(status="READY")
    assert {work.args_kwargs["kwargs"]["attempt"] for work in later} == {1}


def test_work_that_fails_stays_behind_as_failed(signed, background, server):
    sign(signed, "Amal", "Omar", "Lena")
    Signature.objects.filter(name="Omar").update(email_sealed="not a sealed address")

    background()

    assert mailed() == ["amal@example.org", "lena@example.org"]
    failed = DBTaskResult.objects.get(status="FAILED")
    assert failed.exception_class_path == "signatures.sealing.SealBroken"
    assert "omar" not in failed.traceback.lower()


def test_work_of_another_kind_is_left_alone(signed, server):
    sign(signed, "Amal")

    assert queue.do_along("fold_counts", lambda pieces: [None] * len(pieces), most=5) == 0

    assert DBTaskResult.objects.get().status == "READY"


def test_no_mail_reads_the_whole_table(signed, background, server):
    """By its key, or by both halves of the mailbox's unique index: the second alone is no index."""
    sign(signed, "Amal", "Omar", "Lena")

    with CaptureQueriesContext(connection) as asked:
        background()

    table = 'FROM "signatures_signature" WHERE '
    wheres = [sql.partition(table)[2] for query in asked if table in (sql := query["sql"])]
    assert len(wheres) >= 2
    for where in wheres:
        is_by_key = '"signatures_signature"."id" ' in where
        assert is_by_key or ('"letter_id" ' in where and '"email_key" ' in where)
