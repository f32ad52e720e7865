"""A worker that is killed in the middle of a mail, and in the middle of an update to many."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator

from .finding import Finding
from .mail import path
from .rig import Rig, until, worker
from .web import ask

READERS = 250
TASKS = "django_tasks_database_dbtaskresult"
SEND = """
from django.contrib.auth.models import User
from signatures.models import Update
from letters.models import Letter
from signatures.services.updates import update_send
letter = Letter.objects.get(slug="un-2011")
update = Update.objects.create(letter=letter, subject="News", body="It was *received*.")
update_send(update=update, actor=User.objects.create_superuser("sender"))
"""
AN_HOUR_LATER = (
    f"UPDATE {TASKS} SET started_at = started_at - interval '2 hours'",
    "UPDATE signatures_signature SET created_at = created_at - interval '2 hours'",
)


def findings(rig: Rig) -> Iterator[Finding]:
    yield from _within_a_mail(rig)
    yield from _within_an_update(rig)


def _within_a_mail(rig: Rig) -> Iterator[Finding]:
    """SIGKILL while the mail server takes its time to answer; then an hour later, the chase."""
    rig.mail.delay = 60
    rig.sign(email="mail@example.org", name="Within a mail")
    with worker(rig) as process:
        begun = until(lambda: rig.mail.asked == 1, 20)
        process.kill()
        process.wait()
    left = rig.number(f"SELECT count(*) FROM {TASKS} WHERE status = 'RUNNING'")
    yield Finding("killed within a mail: tasks left running", left, 1, begun and left == 1)
    rig.mail.delay = 0
    _an_hour_later(rig)
    said = rig.manage("chase_mails").splitlines()[0]
    with worker(rig):
        until(lambda: bool(rig.mail.to("mail@example.org")), 20)
    rig.manage("chase_mails")
    with worker(rig):
        time.sleep(3)  # what must not come, a mail too many, has no moment to wait for
    mails = len(rig.mail.to("mail@example.org"))
    yield Finding("killed within a mail: mails after the chase", mails, f"1; {said}", mails == 1)


def _within_an_update(rig: Rig) -> Iterator[Finding]:
    """SIGKILL after some dozens of an update's mails."""
    addresses = _readers(rig)
    rig.mail.delivered.clear()
    rig.manage("shell", "--verbosity", "0", "--command", SEND)
    with worker(rig) as process:
        until(lambda: len(rig.mail.delivered) > 40, 30)
        process.kill()
        process.wait()
    meanwhile = len(rig.mail.delivered)
    _an_hour_later(rig)
    rig.manage("chase_mails")
    with worker(rig):
        until(lambda: rig.number("SELECT count(finished_at) FROM signatures_update") == 1, 60)
    mails = Counter(str(message["To"]) for message in rig.mail.delivered)
    missed = len(addresses - mails.keys())
    yield Finding("update: mails when its worker was killed", meanwhile, f"40 to {READERS}",
                  40 < meanwhile < READERS)  # fmt: skip
    yield Finding("update: readers that got none", missed, "0 or 1", missed <= 1)
    yield Finding(
        "update: most mails to one reader", max(mails.values()), 1, max(mails.values()) == 1
    )
    strangers = len(mails.keys() - addresses)
    yield Finding("update: mails to others", strangers, 0, strangers == 0)
    yield from _one_click(rig)


def _readers(rig: Rig) -> set[str]:
    """Sign READERS times with updates and confirm; others do one of the two, or neither."""
    stamp = rig.form()["rendered"]
    with worker(rig):
        for number in range(READERS + 20):
            wants = {"wants_updates": "on"} if number < READERS + 10 else {}
            rig.sign(email=f"r{number}@example.org", name=f"R {number}", rendered=stamp, **wants)
        until(lambda: bool(rig.mail.to(f"r{READERS + 19}@example.org")), 90)
        for number in [*range(READERS), *range(READERS + 10, READERS + 20)]:
            mail = rig.mail.to(f"r{number}@example.org")[0]
            ask(rig.port, path(mail, "/confirm/"), "POST", {})
    return {f"r{number}@example.org" for number in range(READERS)}


def _one_click(rig: Rig) -> Iterator[Finding]:
    """RFC 8058: a POST by the mailbox provider, which is no browser and knows no cookie."""
    mail = rig.mail.delivered[0]
    marked = str(mail["List-Unsubscribe-Post"]) == "List-Unsubscribe=One-Click"
    where = "/" + str(mail["List-Unsubscribe"]).strip("<>").split("/", 3)[3]
    answer = ask(rig.port, where, "POST", {"List-Unsubscribe": "One-Click"})
    still = rig.number(
        "SELECT count(*) FROM signatures_signature WHERE wants_updates AND confirmed_at IS NOT NULL"
    )
    done = marked and answer.status == 200 and still == READERS - 1
    yield Finding("one click: readers that are left", still, READERS - 1, done)
    yield Finding(
        "one click: cookies set", answer.header("Set-Cookie"), "", not answer.header("Set-Cookie")
    )


def _an_hour_later(rig: Rig) -> None:
    for statement in AN_HOUR_LATER:
        rig.sql(statement)
