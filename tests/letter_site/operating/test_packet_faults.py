"""After a restore every packet is held against what was published of it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from django.utils import timezone

from deliveries.enums import DeliveryState
from deliveries.facts import Kind
from deliveries.models import Delivery, Packet
from deliveries.staging import zip_folder
from letter_site.operating.restore import packet_faults
from tests.deliveries.packets import built_packet, manifest_digest
from tests.factories import TextFactory


@pytest.fixture
def packet(db, settings, tmp_path) -> Packet:
    """A packet of delivery 7, on the disk as a folder and as a zip."""
    settings.DATA_DIR = tmp_path / "data"
    now = timezone.now()
    delivery = Delivery.objects.create(
        number=7, letter=TextFactory.create().letter, kind=Kind.WHOLE, state=DeliveryState.READY,
        touched_at=now, frozen_at=now,
    )  # fmt: skip
    made = built_packet(tmp_path)
    kept = Packet(delivery=delivery, recipient="A Council", name="1-a-council")
    kept.manifest_digest = manifest_digest(made)
    kept.folder.parent.mkdir(parents=True)
    shutil.copytree(made, kept.folder)
    zip_folder(kept.folder, kept.file)
    kept.save()
    return kept


@pytest.fixture
def sealed(packet) -> Packet:
    """The same, encrypted: only what is public stays in the clear."""
    packet.file.unlink()
    packet.is_sealed = True
    packet.save()
    for file in packet.folder.iterdir():
        if file.name not in {"manifest.json", "digests.txt"}:
            file.unlink()
    return packet


def grow(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" ")


def test_a_packet_as_it_was_has_no_faults(packet):
    assert list(packet_faults(packet)) == []


def test_a_changed_file_is_named_with_its_packet(packet):
    grow(packet.folder / "letter.txt")

    (first, *_others) = packet_faults(packet)

    assert first.startswith("Delivery 7, 1-a-council: letter.txt is longer than")


def test_a_zip_that_is_not_its_folder_any_more_is_named(packet):
    packet.file.write_bytes(b"no zip")

    assert list(packet_faults(packet)) == ["Delivery 7, 1-a-council: manifest.json cannot be read."]


def test_a_packet_made_anew_is_not_the_one_that_was_published(packet):
    packet.manifest_digest = "0" * 64

    faults = list(packet_faults(packet))

    assert len(faults) == 2  # of the folder, and of the zip
    assert all("is not the one that was published" in fault for fault in faults)


def test_a_folder_that_is_gone_is_named(packet):
    shutil.rmtree(packet.folder)

    assert any("cannot be read" in fault or "missing" in fault for fault in packet_faults(packet))


def test_an_encrypted_packet_is_held_against_its_public_manifest(sealed):
    assert list(packet_faults(sealed)) == []


@pytest.mark.parametrize("tamper", [grow, Path.unlink])
def test_an_encrypted_packet_whose_manifest_is_another_is_named(sealed, tamper):
    tamper(sealed.folder / "manifest.json")

    assert list(packet_faults(sealed)) == [
        "Delivery 7, 1-a-council: the manifest is not the one that was published."
    ]
