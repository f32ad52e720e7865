"""A small packet for the tests, built once, and the people in it. They are all made up."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from deliveries.digests import derive_salt
from deliveries.facts import LetterFacts, PacketFacts
from deliveries.manifest import file_facts, manifest_bytes
from deliveries.packet import build_packet
from signatures.exporters import ExportRow

DAY = date(2011, 6, 4)
NAMES = [
    "Ana Example",
    "李小明",
    "محمد علي",
    "ئابدۇراخمان",
    "Александр Иванов",
    "राम कुमार",
    "José Ñandú; =1+1",
    "'Okina",
    "김철수",
    "=HYPERLINK(1)",
    "דוד כהן",
    "あべ しんぞう",
]

LETTER = LetterFacts(
    slug="open-letter",
    title="An Open Letter",
    language="en",
    sender="The Senders",
    addressee=("Their Excellency", "1 Plaza"),
    cc=("A Council", "A Parliament"),
    letter_date=DAY,
    body="Dear reader:\n\nWe ask #strong[this]:\n\n- *first* one;\n- **then** another.\n\nYours,",
    canonical_text="To: Their Excellency\n\nDear reader: …\n",
    leaders=("Dr. Leader",),
)


def packet_facts(**changes: Any) -> PacketFacts:
    """Delivery 1 to a council, but for `changes`."""
    plain = PacketFacts(
        letter=LETTER,
        number=1,
        recipient="A Council",
        frozen_at=datetime(2011, 6, 4, 12, tzinfo=UTC),
        software="open-letter 0",
        record_url="https://letter.example/deliveries/1/",
    )
    return replace(plain, **changes)


def delivered_row(number: int, **changes: Any) -> ExportRow:
    """The row with that number; every tenth asked only to be counted."""
    name = NAMES[number % len(NAMES)]
    row = ExportRow(number, name, "Oslo", "teacher", "", DAY, "mailbox", "web")
    if number % 10 == 0:
        row = row._replace(name="name withheld", residence="", occupation="")
    if number % 3 == 0:
        row = row._replace(confirmation="reviewed", source="paper")
    return row._replace(**changes)


def salt(number: int) -> str:
    return derive_salt(pepper=b"tests", delivery="1", signature=str(number))


def salted_rows(total: int) -> Iterator[tuple[ExportRow, str]]:
    return ((delivered_row(number), salt(number)) for number in range(1, total + 1))


def built_packet(tmp_path: Path, total: int = 60) -> Path:
    """A fresh copy of a packet of `total` signatures."""
    return shutil.copytree(_master(total), tmp_path / "packet")


@cache
def _master(total: int) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="packet-tests-")) / "packet"
    build_packet(folder=folder, facts=packet_facts(), rows=salted_rows(total))
    return folder


def manifest_digest(packet: Path) -> str:
    return sha256((packet / "manifest.json").read_bytes()).hexdigest()


def rewrite_manifest(packet: Path, **counts: Any) -> None:
    """Make the manifest agree with the files as they are now, as a forger would."""
    manifest = json.loads((packet / "manifest.json").read_bytes())
    manifest["files"] = {name: file_facts(packet / name) for name in manifest["files"]}
    manifest["counts"] |= counts
    (packet / "manifest.json").write_bytes(manifest_bytes(manifest))
