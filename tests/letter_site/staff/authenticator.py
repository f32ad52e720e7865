"""A security key made of software, and the browser it is plugged into (W3C WebAuthn, level 3)."""

from __future__ import annotations

import json
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from html import unescape
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from django.test import Client

ORIGIN = "https://testserver"
PRESENT, VERIFIED, HAS_KEY = 0x01, 0x04, 0x40


def b64(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def from_b64(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


class SecurityKey:
    """Holds one passkey; every answer counts up."""

    def __init__(self, origin: str = ORIGIN) -> None:
        self.origin = origin
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(32)
        self.count = 0

    def create(self, options: dict[str, Any]) -> str:
        """What a browser sends for navigator.credentials.create()."""
        numbers = self.private.public_key().public_numbers()
        point = {-2: numbers.x.to_bytes(32), -3: numbers.y.to_bytes(32)}
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, **point})
        key = bytes(16) + len(self.id).to_bytes(2) + self.id + public
        data = self._data(options["rp"]["id"], HAS_KEY) + key
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", options["challenge"])
        return self._answer(clientDataJSON=client, attestationObject=attestation)

    def get(self, options: dict[str, Any]) -> str:
        """What a browser sends for navigator.credentials.get()."""
        data = self._data(options["rpId"])
        client = self._client("webauthn.get", options["challenge"])
        signed = self.private.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=data, signature=signed)

    def _data(self, site: str, flags: int = 0) -> bytes:
        self.count += 1
        flags |= PRESENT | VERIFIED
        return sha256(site.encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _client(self, kind: str, challenge: str) -> bytes:
        said = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        return json.dumps(said).encode()

    def _answer(self, **response: bytes) -> str:
        encoded = {name: b64(value) for name, value in response.items()}
        names = {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key"}
        return json.dumps({**names, "response": encoded, "clientExtensionResults": {}})


def question_on(page: str) -> tuple[str, dict[str, Any]]:
    """The kind of ceremony that `page` asks for, and its options."""
    found = re.search(r'data-passkey="(\w+)" data-options="([^"]+)"', page)
    assert found is not None
    return found[1], json.loads(unescape(found[2]))


def answer_to(key: SecurityKey, page: str) -> str:
    """What `key` says to the question on `page`."""
    kind, options = question_on(page)
    return key.create(options) if kind == "create" else key.get(options)


def read(client: Client, address: str) -> str:
    return client.get(address, secure=True).content.decode()
