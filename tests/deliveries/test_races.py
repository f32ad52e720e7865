"""Signers who go on while a list is frozen, and staff who begin at the same moment."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event
from typing import Any

import pytest
from django.db import connection

from deliveries.exceptions import DeliveryError
from deliveries.facts import Kind
from deliveries.models import Delivery
from deliveries.services.building import delivery_build
from deliveries.services.freezing import delivery_start
from deliveries.verify import verify
from letters.models import Letter, LetterText
from signatures.models import Signature
from signatures.services.own_page import signature_withdraw
from tests.factories import SignatureFactory, TextFactory

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(
        connection.vendor != "postgresql", reason="SQLite lets one writer in at a time"
    ),
    pytest.mark.django_db(transaction=True),
]
SIGNERS = 4
ROUNDS = 3


@pytest.fixture
def text(transactional_db) -> LetterText:
    return TextFactory.create(letter__slug="peace")


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """What each of `works` returned, or the sentence with which it was refused."""
    barrier = Barrier(len(works))

    def begin(work: Callable[[], Any]) -> Any:
        barrier.wait()
        try:
            return work()
        except DeliveryError as error:
            return str(error)
        finally:
            connection.close()

    with ThreadPoolExecutor(max_workers=len(works)) as pool:
        return list(pool.map(begin, works))


def signing(text: LetterText, done: Event) -> Callable[[], int]:
    """Sign, withdraw every tenth, and go on until the delivery is done."""

    def sign() -> int:
        signed = 0
        while not done.is_set():
            row = SignatureFactory.create(text=text)
            signed += 1
            if not signed % 10:
                signature_withdraw(signature_id=row.id)
        return signed

    return sign


def delivering(letter: Letter, done: Event) -> Callable[[], tuple[Delivery, set[str]]]:
    """Deliver; the delivery, and the ids that were accepted before it began."""

    def deliver() -> tuple[Delivery, set[str]]:
        before = {str(id_) for id_ in Signature.objects.accepted().values_list("id", flat=True)}
        try:
            delivery = delivery_start(letter=letter, kind=Kind.WHOLE)
            delivery_build(delivery=delivery, recipients=["The Council"])
        finally:
            done.set()
        return delivery, before

    return deliver


def test_a_list_frozen_while_people_sign_is_whole_and_numbered_without_gaps(text):
    gone: set[str] = set()
    for _round in range(ROUNDS):
        SignatureFactory.create_batch(20, text=text)
        done = Event()
        works = [delivering(text.letter, done), *[signing(text, done)] * SIGNERS]

        (delivery, before), *_signed = at_once(*works)

        packet = delivery.packets.get()
        manifest = json.loads((packet.folder / "manifest.json").read_bytes())
        with (packet.folder / "signatures.csv").open(encoding="utf-8-sig", newline="") as file:
            numbers = [int(row["number"]) for row in csv.DictReader(file)]
        rows = dict(delivery.rows.values_list("number", "signature_id"))
        delivered = {str(id_) for id_ in rows.values()}
        gone |= before - delivered
        assert numbers == sorted(rows) == list(range(1, len(rows) + 1))
        assert len(delivered) == len(rows) == delivery.total == manifest["counts"]["total"]
        assert not gone & {
            str(id_) for id_ in Signature.objects.accepted().values_list("id", flat=True)
        }
        assert all(check.ok for check in verify(packet.file, packet.manifest_digest))


def test_of_ten_that_begin_at_once_for_one_letter_one_begins(text):
    SignatureFactory.create(text=text)

    answers = at_once(*[lambda: delivery_start(letter=text.letter, kind=Kind.WHOLE)] * 10)

    begun = [answer for answer in answers if isinstance(answer, Delivery)]
    refused = [answer for answer in answers if answer not in begun]
    assert len(begun) == 1
    assert refused == ["Another delivery of this letter is being prepared."] * 9
    assert Delivery.objects.count() == 1


def test_ten_letters_at_once_get_ten_numbers(transactional_db):
    letters = [SignatureFactory.create().letter for _ in range(10)]

    begun = at_once(
        *[lambda each=each: delivery_start(letter=each, kind=Kind.WHOLE) for each in letters]
    )

    assert sorted(delivery.number for delivery in begun) == list(range(1, 11))
