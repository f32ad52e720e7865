"""A packet encrypted for the road."""

from __future__ import annotations

import pyrage
import pytest

from deliveries.exceptions import SealingFailed
from deliveries.seal import encrypt_file


@pytest.fixture
def packet(tmp_path):
    path = tmp_path / "1.zip"
    path.write_bytes(b"names" * 100_000)
    return path


def test_only_the_recipient_opens_it(packet):
    key = pyrage.x25519.Identity.generate()

    sealed = encrypt_file(packet, str(key.to_public()))

    assert sealed == packet.with_name("1.zip.age")
    assert b"names" not in sealed.read_bytes()
    assert pyrage.decrypt(sealed.read_bytes(), [key]) == packet.read_bytes()
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sealed.read_bytes(), [pyrage.x25519.Identity.generate()])


@pytest.mark.parametrize("key", ["", "age1", "age1notakey", "AGE-SECRET-KEY-1", "ssh-ed25519 AAAA"])
def test_a_key_that_is_none_is_refused_in_a_sentence(packet, key):
    with pytest.raises(SealingFailed) as refusal:
        encrypt_file(packet, key)

    assert str(refusal.value) == "That is not an age public key; one starts with “age1”."
    assert list(packet.parent.iterdir()) == [packet]


def test_nothing_half_is_left_when_it_fails(packet):
    packet.unlink()

    with pytest.raises(SealingFailed, match=r"1\.zip could not be encrypted\."):
        encrypt_file(packet, str(pyrage.x25519.Identity.generate().to_public()))

    assert list(packet.parent.iterdir()) == []
