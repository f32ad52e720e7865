"""A disk that fills up, a killed worker, a database that dies, a second delivery at once."""

from __future__ import annotations

import errno
import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from deliveries.exceptions import DeliveryError, PacketExists
from deliveries.facts import Kind
from deliveries.models import Delivery, DeliveryRow, Packet
from deliveries.services import building, freezing
from deliveries.services.building import delivery_build
from deliveries.services.freezing import ABANDONED_AFTER, delivery_start
from deliveries.staging import alone
from deliveries.verify import verify
from tests.factories import SignatureFactory, TextFactory

REFUSED = "Another delivery of this letter is being prepared."


@pytest.fixture
def signed(text):
    return SignatureFactory.create(text=text, name="Ana")


def shown_in(folder: Path) -> list[str]:
    """What a person would take for a delivery or a packet."""
    if not folder.exists():
        return []
    return [path.name for path in folder.iterdir() if not path.name.startswith(".")]


def full_disk(*_args, **_more):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class TestOneAtATime:
    def test_a_second_one_of_the_same_letter_is_refused_in_one_sentence(self, letter, signed):
        delivery_start(letter=letter, kind=Kind.WHOLE)

        with pytest.raises(DeliveryError, match=rf"^{REFUSED}$"):
            delivery_start(letter=letter, kind=Kind.WHOLE)

        assert Delivery.objects.count() == 1

    def test_while_one_is_being_built_a_second_is_refused_too(self, letter, signed):
        delivery = delivery_start(letter=letter, kind=Kind.WHOLE)
        freezing.delivery_touch(delivery=delivery, step="pages set: 2,000 of 90,000")

        with alone(delivery.folder), pytest.raises(DeliveryError, match=REFUSED):
            delivery_start(letter=letter, kind=Kind.WHOLE)

    def test_however_long_it_takes_it_is_not_replaced_while_its_worker_lives(self, letter, signed):
        delivery = delivery_start(letter=letter, kind=Kind.WHOLE)
        long_ago = timezone.now() - 2 * ABANDONED_AFTER
        Delivery.objects.update(step="pages set", touched_at=long_ago)

        with alone(delivery.folder), pytest.raises(DeliveryError, match=REFUSED):
            delivery_start(letter=letter, kind=Kind.WHOLE)

    def test_two_letters_at_once_get_two_numbers(self, letter, signed, deliver):
        other = SignatureFactory.create().letter

        deliveries = [delivery_start(letter=each, kind=Kind.WHOLE) for each in (letter, other)]

        for delivery in deliveries:
            delivery_build(delivery=delivery, recipients=["The Council"])
        assert list(Delivery.objects.order_by("number").values_list("number", "state")) == [
            (1, "ready"), (2, "ready"),
        ]  # fmt: skip

    def test_a_task_that_runs_twice_leaves_a_ready_delivery_alone(self, signed, deliver):
        delivery = deliver()

        with pytest.raises(DeliveryError, match="not being prepared any more"):
            delivery_build(delivery=delivery, recipients=["The Council"])

        delivery.refresh_from_db()
        assert delivery.state == "ready"
        assert all(check.ok for check in verify(delivery.packets.get().file))

    def test_a_task_that_runs_beside_itself_leaves_the_first_alone(self, letter, signed):
        delivery = delivery_start(letter=letter, kind=Kind.WHOLE)
        delivery.folder.mkdir(parents=True)

        with alone(delivery.folder), pytest.raises(PacketExists):
            delivery_build(delivery=delivery, recipients=["The Council"])

        delivery.refresh_from_db()
        assert (delivery.state, delivery.folder.exists()) == ("preparing", True)


class TestFailed:
    @pytest.mark.parametrize("step", ["build_packet", "zip_folder", "list_freeze", "rows_store"])
    def test_a_full_disk_leaves_nothing_and_the_next_try_works(
        self, letter, signed, deliver, monkeypatch, step
    ):
        with monkeypatch.context() as patched:
            patched.setattr(building, step, full_disk)
            with pytest.raises(DeliveryError, match="No space left on device"):
                deliver()

        failed = Delivery.objects.get()
        assert (failed.state, shown_in(failed.folder.parent)) == ("failed", [])
        assert not DeliveryRow.objects.exists()
        assert not Packet.objects.exists()
        again = deliver()
        assert (again.number, again.state, Delivery.objects.count()) == (1, "ready", 1)

    def test_the_number_of_a_failed_one_is_used_by_the_next_whatever_its_letter(
        self, letter, signed, deliver, monkeypatch
    ):
        deliver()
        with monkeypatch.context() as patched:
            patched.setattr(building, "zip_folder", full_disk)
            with pytest.raises(DeliveryError):
                deliver()
        text = TextFactory.create()
        SignatureFactory.create(text=text)

        numbers = [deliver(letter=text.letter).number, deliver().number]

        assert numbers == [2, 3]

    def test_a_failed_addendum_names_nothing(self, signed, deliver, monkeypatch):
        deliver()
        signed.delete()
        with monkeypatch.context() as patched:
            patched.setattr(building, "zip_folder", full_disk)
            with pytest.raises(DeliveryError):
                deliver(Kind.ADDENDUM)

        addendum = deliver(Kind.ADDENDUM)

        assert (addendum.number, addendum.total) == (2, 1)

    @pytest.mark.parametrize("gone", [OperationalError("gone"), InterfaceError("closed")])
    def test_a_database_that_dies_meanwhile_is_told_in_one_sentence(
        self, letter, signed, deliver, monkeypatch, gone
    ):
        def dead(**_kwargs):
            raise gone

        with monkeypatch.context() as patched:
            patched.setattr(building, "rows_store", dead)
            patched.setattr(building, "delivery_fail", dead)
            with pytest.raises(DeliveryError, match=r"^The database did not answer\.$"):
                deliver()

        left = Delivery.objects.get()
        assert (left.state, shown_in(left.folder.parent)) == ("preparing", [])
        assert (deliver().number, Delivery.objects.count()) == (1, 1)

    def test_whatever_else_happens_staff_are_told(self, letter, signed, deliver, monkeypatch):
        def surprise(**_kwargs):
            raise KeyError("a name that no log may hold")

        monkeypatch.setattr(building, "build_packet", surprise)

        with pytest.raises(DeliveryError):
            deliver()

        failed = Delivery.objects.get()
        assert failed.failure == "Something unforeseen happened (KeyError)."
        assert failed.state == "failed"


class TestAbandoned:
    def test_one_whose_worker_was_killed_at_work_is_replaced_at_the_next_try(
        self, letter, signed, deliver
    ):
        killed = delivery_start(letter=letter, kind=Kind.WHOLE)
        freezing.delivery_touch(delivery=killed, step="pages set: 2,000 of 90,000")
        (killed.folder / ".1-the-council.partial").mkdir(parents=True)
        DeliveryRow.objects.create(delivery=killed, number=1, signature_id=signed.id, digest="")

        delivery = deliver()

        assert (delivery.number, delivery.state) == (1, "ready")
        assert (Delivery.objects.count(), DeliveryRow.objects.count()) == (1, 1)

    def test_one_that_nobody_began_waits_for_its_worker(self, letter, signed):
        delivery_start(letter=letter, kind=Kind.WHOLE)

        with pytest.raises(DeliveryError, match=REFUSED):
            delivery_start(letter=letter, kind=Kind.WHOLE)

    def test_one_that_nobody_began_for_long_is_replaced(self, letter, signed):
        waiting = delivery_start(letter=letter, kind=Kind.WHOLE)
        late = timezone.now() - ABANDONED_AFTER - timedelta(seconds=1)
        Delivery.objects.update(touched_at=late)

        delivery = delivery_start(letter=letter, kind=Kind.WHOLE)

        assert delivery.number == 1
        assert not Delivery.objects.filter(id=waiting.id).exists()

    def test_an_abandoned_and_a_failed_one_are_both_cleared_away(self, letter, signed):
        Delivery.objects.create(
            number=1, letter=letter, kind="whole", state="failed", touched_at=timezone.now()
        )
        Delivery.objects.create(
            number=2, letter=letter, kind="whole", step="zip", touched_at=timezone.now()
        )

        delivery = delivery_start(letter=letter, kind=Kind.WHOLE)

        assert (delivery.number, Delivery.objects.count()) == (1, 1)
