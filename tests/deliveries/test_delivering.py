"""What a delivery holds, under which numbers, and how it follows the ones before."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from deliveries.exceptions import DeliveryError
from deliveries.facts import Kind
from deliveries.models import Delivery, DeliveryRow
from deliveries.services.freezing import delivery_start, held_by
from deliveries.verify import verify
from signatures.models import Signature
from signatures.services.own_page import signature_erase, signature_withdraw
from tests.factories import SignatureFactory, TextFactory


def listed(delivery: Delivery) -> list[list[str]]:
    with (first(delivery) / "signatures.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))[1:]


def names(delivery: Delivery) -> list[str]:
    return [row[1] for row in listed(delivery)]


def first(delivery: Delivery) -> Path:
    return delivery.packets.all()[0].folder


def manifest(delivery: Delivery) -> dict:
    return json.loads((first(delivery) / "manifest.json").read_bytes())


def letter_head(folder: Path) -> str:
    """The words of the letter's first page."""
    program = shutil.which("pdftotext") or pytest.skip("poppler-utils is not installed")
    command = [program, "-l", "1", str(folder / "letter.pdf"), "-"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def withdrawn(delivery: Delivery) -> str:
    return (first(delivery) / "withdrawn.txt").read_text()


def uuid(order: int) -> UUID:
    return UUID(int=(order << 80) | (7 << 76) | (2 << 62))


class TestWhole:
    def test_it_holds_every_accepted_signature_and_no_other(self, text, deliver):
        SignatureFactory.create(text=text, name="Ana")
        SignatureFactory.create(name="Of another letter")
        for state in ["unconfirmed", "pending", "rejected", "duplicate"]:
            SignatureFactory.create(text=text, name=state, state=state)

        delivery = deliver()

        assert names(delivery) == ["Ana"]
        assert (delivery.number, delivery.state, delivery.total) == (1, "ready", 1)

    def test_rows_are_numbered_from_1_in_the_order_of_signing(self, text, deliver):
        for order in (3, 1, 2):
            SignatureFactory.create(text=text, id=uuid(order), name=f"Signed {order}")

        delivery = deliver()

        assert [row[:2] for row in listed(delivery)] == [
            ["1", "Signed 1"], ["2", "Signed 2"], ["3", "Signed 3"],
        ]  # fmt: skip

    def test_every_row_is_kept_with_its_number_and_public_digest(self, text, deliver):
        signatures = [SignatureFactory.create(text=text) for _ in range(3)]

        delivery = deliver()

        kept = delivery.rows.order_by("number").values_list("number", "signature_id", "digest")
        digests = (first(delivery) / "digests.txt").read_text().splitlines()
        assert [(number, id_) for number, id_, _digest in kept] == [
            (number, each.id) for number, each in enumerate(signatures, 1)
        ]
        assert [f"{number} {digest}" for number, _id, digest in kept] == digests

    def test_who_asked_only_to_be_counted_is_withheld_from_every_file(self, text, deliver):
        SignatureFactory.create(
            text=text, visibility="counted", name="Hidden Name", residence="Hidden Town"
        )

        delivery = deliver()

        assert listed(delivery)[0][1:4] == ["name withheld", "", ""]
        assert manifest(delivery)["counts"]["name_withheld"] == 1
        assert not any(b"Hidden" in file.read_bytes() for file in first(delivery).iterdir())

    def test_no_address_is_in_any_file_even_of_who_asked_for_updates(self, text, deliver):
        SignatureFactory.create(text=text, email="ana@example.org", sealed=True, wants_updates=True)

        delivery = deliver()

        assert listed(delivery)[0][4] == ""
        assert not any(b"ana@example" in file.read_bytes() for file in first(delivery).iterdir())

    def test_a_key_that_is_lost_does_not_stop_it(self, text, deliver):
        """Addresses are not delivered, so nothing is unsealed for a packet."""
        row = SignatureFactory.create(text=text, email="ana@example.org", wants_updates=True)
        Signature.objects.filter(id=row.id).update(email_sealed="sealed with a key that is gone")

        assert deliver().total == 1

    def test_counts_say_what_was_left_out_and_how_the_others_came(self, text, deliver):
        SignatureFactory.create(text=text)
        SignatureFactory.create(text=text, email="", source="paper", source_ref="1:1")
        SignatureFactory.create(text=text, state="duplicate")
        signature_withdraw(signature_id=SignatureFactory.create(text=text).id)

        delivery = deliver()

        assert manifest(delivery)["counts"] == {
            "total": 2,
            "name_withheld": 0,
            "by_source": {"web": 1, "paper": 1},
            "by_confirmation": {"mailbox": 1, "reviewed": 1},
            "duplicates_removed": 1,
            "withdrawn": 1,
        }

    def test_texts_in_other_languages_that_were_signed_are_named(self, text, deliver):
        french = TextFactory.create(
            letter=text.letter, language="fr", body="Oui.", is_courtesy_translation=True
        )
        unsigned = TextFactory.create(
            letter=text.letter, language="es", body="Sí.", is_courtesy_translation=True
        )
        SignatureFactory.create(text=text)
        SignatureFactory.create(text=french)
        SignatureFactory.create(text=unsigned, state="rejected")

        delivery = deliver()

        assert manifest(delivery)["letter"]["text_digest"] == text.digest
        assert manifest(delivery)["letter"]["other_text_digests"] == [french.digest]

    def test_every_recipient_gets_the_same_list_and_digests(self, text, deliver):
        SignatureFactory.create(text=text)
        SignatureFactory.create(text=text, state="duplicate")

        delivery = deliver(recipients=("The Assembly", "The Council"))

        one, two = (packet.folder for packet in delivery.packets.all())
        assert [one.name, two.name] == ["1-the-assembly", "2-the-council"]
        for name in ["signatures.csv", "signatures.xlsx", "digests.txt", "salts.txt"]:
            assert (one / name).read_bytes() == (two / name).read_bytes()
        for packet in delivery.packets.all():
            checks = verify(packet.file, packet.manifest_digest)
            assert [check.sentence for check in checks if not check.ok] == []

    def test_only_a_copy_is_called_a_copy(self, text, deliver):
        SignatureFactory.create(text=text)

        delivery = deliver(recipients=("The Assembly", "The Council"))

        lines = [
            json.loads((packet.folder / "manifest.json").read_bytes())["delivery"]["cover_line"]
            for packet in delivery.packets.all()
        ]
        assert lines == ["", "Copy for The Council"]
        for packet, said in zip(delivery.packets.all(), [False, True], strict=True):
            assert ("Copy for The Council" in letter_head(packet.folder)) is said
            assert "Copy for: " not in letter_head(packet.folder)

    def test_a_recipient_with_a_long_name_in_any_script_gets_a_packet(self, text, deliver):
        SignatureFactory.create(text=text)

        delivery = deliver(recipients=("联合国秘书长" * 100,))

        assert delivery.packets.get().name == "1-recipient"
        assert manifest(delivery)["delivery"]["recipient"] == "联合国秘书长" * 100

    def test_nothing_but_packets_is_left_in_its_folder(self, text, deliver):
        SignatureFactory.create(text=text)

        delivery = deliver()

        assert sorted(path.name for path in delivery.folder.iterdir()) == [
            ".1-the-council.lock", "1-the-council", "1-the-council.zip",
        ]  # fmt: skip

    def test_it_never_changes_afterwards(self, text, deliver):
        row = SignatureFactory.create(text=text, name="Ana")
        delivery = deliver()
        before = (first(delivery) / "signatures.csv").read_bytes()

        SignatureFactory.create(text=text)
        signature_withdraw(signature_id=row.id)
        deliver()

        delivery.refresh_from_db()
        assert (first(delivery) / "signatures.csv").read_bytes() == before
        assert (delivery.number, delivery.total, delivery.rows.count()) == (1, 1, 1)


class TestNewOnly:
    def test_it_holds_just_what_no_delivery_had_in_whatever_order_they_were_accepted(
        self, text, deliver
    ):
        early = SignatureFactory.create(text=text, id=uuid(1), name="Early", state="pending")
        SignatureFactory.create(text=text, id=uuid(2), name="Delivered")
        deliver()
        Signature.objects.filter(id=early.id).update(state="accepted")
        SignatureFactory.create(text=text, id=uuid(3), name="Late")

        delivery = deliver(Kind.NEW_ONLY)

        assert [row[:2] for row in listed(delivery)] == [["1", "Early"], ["2", "Late"]]
        assert (delivery.kind, delivery.since.number) == ("new-only", 1)

    def test_what_a_failed_delivery_had_is_still_new(self, text, deliver):
        SignatureFactory.create(text=text, name="First")
        ready = deliver()
        second = SignatureFactory.create(text=text, name="Second")
        failed = Delivery.objects.create(
            number=2, letter=text.letter, kind="whole", state="failed",
            touched_at=datetime(2026, 1, 1, tzinfo=UTC),
        )  # fmt: skip
        DeliveryRow.objects.create(delivery=failed, number=1, signature_id=second.id, digest="")

        delivery = deliver(Kind.NEW_ONLY)

        assert (names(delivery), delivery.since) == (["Second"], ready)

    def test_what_an_addendum_took_back_is_new_when_it_counts_again(self, text, deliver):
        row = SignatureFactory.create(text=text, name="Ana")
        SignatureFactory.create(text=text, name="Ben")
        deliver()
        Signature.objects.filter(id=row.id).update(state="rejected")
        deliver(Kind.ADDENDUM)
        Signature.objects.filter(id=row.id).update(state="accepted")

        delivery = deliver(Kind.NEW_ONLY)

        assert names(delivery) == ["Ana"]

    def test_a_third_one_follows_the_second(self, text, deliver):
        for name in ["First", "Second", "Third"]:
            SignatureFactory.create(text=text, name=name)
            delivery = deliver(Kind.NEW_ONLY if name != "First" else Kind.WHOLE)

        assert names(delivery) == ["Third"]
        assert (delivery.number, delivery.since.number) == (3, 2)

    def test_it_follows_the_one_before_even_if_the_clock_was_ahead_earlier(self, text, deliver):
        SignatureFactory.create(text=text, name="First")
        ahead = deliver()
        Delivery.objects.filter(pk=ahead.pk).update(frozen_at=ahead.frozen_at + timedelta(days=9))
        SignatureFactory.create(text=text, name="Second")
        deliver(Kind.NEW_ONLY)
        SignatureFactory.create(text=text, name="Third")

        delivery = deliver(Kind.NEW_ONLY)

        assert (names(delivery), delivery.since.number) == (["Third"], 2)


class TestAddendum:
    def test_it_names_numbers_of_what_was_withdrawn_erased_and_rejected(self, text, deliver):
        rows = [SignatureFactory.create(text=text, id=uuid(order)) for order in range(1, 6)]
        deliver()
        signature_withdraw(signature_id=rows[0].id)
        signature_erase(signature_id=rows[2].id)
        Signature.objects.filter(id=rows[4].id).update(state="rejected")

        delivery = deliver(Kind.ADDENDUM)

        assert withdrawn(delivery) == "1 1\n1 3\n1 5\n"
        assert (delivery.total, delivery.rows.count()) == (3, 0)
        assert all(check.ok for check in verify(delivery.packets.get().file))

    def test_it_holds_no_name(self, text, deliver):
        row = SignatureFactory.create(text=text, name="Withdrawn Person", state="accepted")
        deliver()
        Signature.objects.filter(id=row.id).update(state="rejected")

        delivery = deliver(Kind.ADDENDUM)

        assert sorted(path.name for path in first(delivery).iterdir()) == [
            "letter.txt", "manifest.json", "verify.py", "withdrawn.txt",
        ]  # fmt: skip
        assert not any(b"Person" in file.read_bytes() for file in first(delivery).iterdir())

    def test_each_number_is_named_once(self, text, deliver):
        rows = [SignatureFactory.create(text=text, id=uuid(order)) for order in (1, 2)]
        deliver()
        signature_withdraw(signature_id=rows[0].id)
        deliver(Kind.ADDENDUM)
        signature_withdraw(signature_id=rows[1].id)

        delivery = deliver(Kind.ADDENDUM)

        assert withdrawn(delivery) == "1 2\n"

    def test_it_names_every_delivery_that_had_it(self, text, deliver):
        row = SignatureFactory.create(text=text, id=uuid(2))
        deliver()
        SignatureFactory.create(text=text, id=uuid(1))
        deliver()
        signature_withdraw(signature_id=row.id)

        delivery = deliver(Kind.ADDENDUM)

        assert withdrawn(delivery) == "1 1\n2 2\n"


class TestNothingToDeliver:
    @pytest.mark.parametrize(
        ("kind", "sentence"),
        [
            (Kind.WHOLE, "Nobody's signature is accepted yet."),
            (Kind.NEW_ONLY, "There is no earlier delivery that this one could follow."),
            (Kind.ADDENDUM, "There is no earlier delivery that this one could follow."),
        ],
    )
    def test_before_anything_was_accepted(self, letter, kind, sentence):
        with pytest.raises(DeliveryError, match=sentence):
            delivery_start(letter=letter, kind=kind)

        assert not Delivery.objects.exists()

    @pytest.mark.parametrize(
        ("kind", "sentence"),
        [
            (Kind.NEW_ONLY, "Nothing is new since the last delivery."),
            (Kind.ADDENDUM, "Nothing was withdrawn since the last delivery."),
        ],
    )
    def test_when_nothing_happened_since(self, text, deliver, kind, sentence):
        SignatureFactory.create(text=text)
        deliver()

        with pytest.raises(DeliveryError, match=sentence):
            deliver(kind)

        assert Delivery.objects.count() == 1


@pytest.mark.parametrize(
    ("kind", "held"), [(Kind.WHOLE, 2), (Kind.NEW_ONLY, 1), (Kind.ADDENDUM, 1)]
)
def test_what_it_would_hold_can_be_counted_before(text, deliver, kind, held):
    rows = [SignatureFactory.create(text=text) for _ in range(2)]
    deliver()
    signature_withdraw(signature_id=rows[0].id)
    SignatureFactory.create(text=text)

    assert held_by(delivery=Delivery(letter=text.letter, kind=kind.value)).count() == held


@pytest.mark.parametrize("recipients", [(), ("",), ("The Council", " \u200b")])
def test_a_packet_for_nobody_is_never_built(text, deliver, recipients):
    SignatureFactory.create(text=text)

    with pytest.raises(DeliveryError, match=r"^This cannot be a recipient\. Please write at least"):
        deliver(recipients=recipients)

    delivery = Delivery.objects.get()
    assert (delivery.state, delivery.packets.count()) == ("failed", 0)
    assert not delivery.folder.exists()


def test_a_recipient_is_written_like_a_name(text, deliver):
    SignatureFactory.create(text=text)

    delivery = deliver(recipients=("  The\tCouncil ",))

    assert delivery.packets.get().recipient == "The Council"
