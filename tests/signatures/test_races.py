"""Many at once on a real PostgreSQL: one live signature, no 5xx, and a count that is right.

SQLite lets one writer in at a time, so there is nothing to race there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from letters.models import LetterText
from signatures.enums import State
from signatures.exceptions import SignatureError
from signatures.models import AuditEntry, CountChange, DailyCount, MailboxTally, Signature
from signatures.services.counts import count_change, counts_fold, letter_count, letter_recount
from signatures.services.mailing import MAILS_PER_MAILBOX, _reserve
from signatures.services.moderation import signature_decide
from signatures.services.own_page import signature_withdraw
from signatures.tokens import Purpose, make_token
from tests.factories import SignatureFactory, TextFactory, make_moderator

from .posting import form_data

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"
    ),
    pytest.mark.django_db(transaction=True),
]
THREADS = 20


@pytest.fixture
def text(transactional_db) -> LetterText:
    return TextFactory.create(letter__slug="peace")


def at_once(*works: Callable[[], Any], threads: int = THREADS) -> list[Any]:
    """What each of `works` returned or raised, all of them begun together in threads."""
    barrier = Barrier(min(threads, len(works)))

    def begin(work: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return work()
        except SignatureError as error:
            return type(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=barrier.parties) as pool:
        return list(pool.map(begin, works))


def states() -> Counter[str]:
    return Counter(Signature.objects.values_list("state", flat=True))


def confirm(row: Signature) -> Callable[[], int]:
    address = f"/s/{make_token(Purpose.CONFIRM, row.id)}/confirm/"
    return lambda: Client().post(address).status_code


def waiting(text: LetterText, **fields: Any) -> Signature:
    return SignatureFactory.create(
        text=text, state="unconfirmed", sealed=True, created_at=timezone.now(), **fields
    )


@pytest.mark.parametrize(
    ("email", "review", "live"),
    [
        ("", "before", "pending"),
        ("", "after", "accepted"),
        ("amal@example.org", "before", "unconfirmed"),
    ],
)
def test_a_hundred_identical_posts_leave_one_live_signature(text, email, review, live):
    text.letter.review = review
    text.letter.save()
    data = form_data(text, email=email)

    def sign() -> int:
        return Client().post("/letters/peace/sign/", data).status_code

    answers = at_once(*[sign] * 100)

    assert Counter(answers) == {303: 100}
    assert states() == {live: 1, "duplicate": 99}
    assert letter_count(letter=text.letter) == (live == "accepted")


def test_twenty_confirmations_count_once(text):
    row = waiting(text)

    answers = at_once(*[confirm(row)] * THREADS)

    assert Counter(answers) == {303: THREADS}
    assert states() == {"accepted": 1}
    assert letter_count(letter=text.letter) == 1
    assert AuditEntry.objects.filter(action="confirmed").count() == 1


def test_of_many_rows_of_one_mailbox_one_counts(text):
    rows = [
        waiting(text, name="Amal", email="amal@example.org", occupation=f"Work {number}")
        for number in range(THREADS)
    ]
    SignatureFactory.create(text=text, name="Amal", email="amal@example.org", state="pending")

    answers = at_once(*map(confirm, rows))

    assert Counter(answers) == {303: THREADS}
    assert states() == {"accepted": 1, "duplicate": THREADS}
    assert letter_count(letter=text.letter) == 1


@pytest.mark.parametrize("attempt", range(5))
def test_confirming_and_withdrawing_at_once_ends_in_a_tombstone_or_in_order(text, attempt):
    row = waiting(text)

    at_once(confirm(row), lambda: signature_withdraw(signature_id=row.id))

    assert states() == {"withdrawn": 1}
    assert letter_count(letter=text.letter) == 0


@pytest.mark.parametrize("attempt", range(5))
def test_two_moderators_at_once_leave_a_true_count(text, attempt):
    row = SignatureFactory.create(text=text, state="pending", email="")
    moderators = [make_moderator("one"), make_moderator("two")]

    at_once(
        lambda: signature_decide(signature_id=row.id, to=State.ACCEPTED, actor=moderators[0]),
        lambda: signature_decide(signature_id=row.id, to=State.REJECTED, actor=moderators[1]),
        lambda: signature_withdraw(signature_id=row.id),
    )

    accepted = Signature.objects.accepted().count()
    assert letter_count(letter=text.letter) == accepted
    assert letter_recount(letter=text.letter) == []


def test_folding_beside_signers_and_beside_itself_loses_nothing(text):
    rows = [SignatureFactory.create(text=text) for _ in range(100)]
    changes = [partial(count_change, signature=row, change=1) for row in rows]
    works: list[Callable[[], Any]] = [
        work for change in changes for work in (change, partial(counts_fold, limit=7))
    ]

    at_once(*works)
    while counts_fold():
        continue

    assert letter_count(letter=text.letter) == 100
    assert DailyCount.objects.get().accepted == 100
    assert not CountChange.objects.exists()


def test_recounting_beside_signers_invents_nothing(text):
    def accept() -> None:
        row = SignatureFactory.create(text=text, state="pending", email="")
        signature_decide(signature_id=row.id, to=State.ACCEPTED, actor=moderator)

    moderator = make_moderator()
    works: list[Callable[[], Any]] = [
        accept,
        partial(letter_recount, letter=text.letter),
        counts_fold,
    ]

    at_once(*works * 20)

    assert letter_count(letter=text.letter) == 20
    assert letter_recount(letter=text.letter) == []


def test_a_mailbox_gets_five_mails_however_many_workers_send(text):
    reserved = at_once(*[lambda: _reserve(text.letter_id, "amal@example.org")] * THREADS)

    assert sum(tally is not None for tally in reserved) == MAILS_PER_MAILBOX
    assert MailboxTally.objects.get().sent == MAILS_PER_MAILBOX
