"""The manifest: canonical bytes, and the shape that its schema documents."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

import deliveries.manifest
from deliveries.facts import Counts, Kind
from deliveries.manifest import file_facts, manifest_bytes, manifest_of

from .packets import LETTER, delivered_row, packet_facts

SCHEMA = json.loads(
    Path(deliveries.manifest.__file__).with_name("manifest.schema.json").read_text()
)
TYPES = {"object": dict, "array": list, "string": str, "integer": int, "null": type(None)}


@pytest.fixture
def manifest(tmp_path) -> dict[str, Any]:
    (tmp_path / "letter.txt").write_text("Dear reader")
    counts = Counts.of(map(delivered_row, range(1, 11)))
    return manifest_of(packet_facts(kind=Kind.NEW_ONLY, since=1), counts, [tmp_path / "letter.txt"])


def test_it_says_of_each_file_what_sha256sum_says(manifest):
    expected = {"sha256": sha256(b"Dear reader").hexdigest(), "bytes": 11}

    assert manifest["files"] == {"letter.txt": expected}


def test_it_carries_the_counts_and_the_digest_of_the_text(manifest):
    assert manifest["counts"]["total"] == 10
    assert manifest["counts"]["name_withheld"] == 1
    assert manifest["letter"]["text_digest"] == sha256(LETTER.canonical_text.encode()).hexdigest()


def test_the_moment_is_utc_whatever_the_clock(tmp_path):
    noon_in_lhasa = datetime(2011, 6, 4, 12, tzinfo=timezone(timedelta(hours=8)))

    manifest = manifest_of(packet_facts(frozen_at=noon_in_lhasa), Counts(), [])

    assert manifest["delivery"]["frozen_at"] == "2011-06-04T04:00:00Z"


def test_its_bytes_are_canonical(manifest):
    shuffled = dict(reversed(manifest.items()))

    raw = manifest_bytes(shuffled)

    assert raw == manifest_bytes(manifest)
    assert raw.startswith(b'{\n  "counts": {')
    assert raw.endswith(b"}\n")
    assert json.loads(raw) == manifest


def test_it_keeps_letters_as_they_are():
    assert manifest_bytes({"name": "བསྟན"}) == '{\n  "name": "བསྟན"\n}\n'.encode()


def test_it_has_the_shape_that_the_schema_documents(manifest):
    assert list(faults(manifest, SCHEMA)) == []


@pytest.mark.parametrize(
    "fault",
    [
        {"software": 1},
        {"format": "another/1"},
        {"unknown": True},
        {"files": {"a": {"sha256": "short", "bytes": 1}}},
        {"files": {"a": {"sha256": "0" * 64, "bytes": -1}}},
    ],
)
def test_the_schema_refuses_what_is_wrong(manifest, fault):
    assert list(faults(manifest | fault, SCHEMA)) != []


def test_the_digest_of_a_file_is_taken_in_pieces(tmp_path):
    (tmp_path / "large").write_bytes(b"x" * 3_000_000)

    assert file_facts(tmp_path / "large")["bytes"] == 3_000_000


def test_a_frozen_moment_is_kept_to_the_second(tmp_path):
    facts = packet_facts(frozen_at=datetime(2011, 6, 4, 12, 0, 1, 999, tzinfo=UTC))

    assert manifest_of(facts, Counts(), [])["delivery"]["frozen_at"] == "2011-06-04T12:00:01Z"


def faults(value: Any, schema: dict[str, Any]):
    """The faults of a value by the part of JSON Schema that ours uses."""
    if "$ref" in schema:
        schema = SCHEMA["$defs"][schema["$ref"].rsplit("/", 1)[1]]
    types = schema.get("type", [])
    allowed = tuple(TYPES[name] for name in ([types] if isinstance(types, str) else types))
    if allowed and not isinstance(value, allowed):
        yield f"{value!r} is not {types}"
        return
    if value not in schema.get("enum", [schema.get("const", value)]):
        yield f"{value!r} is not allowed"
    if not re.search(schema.get("pattern", ""), str(value)) or (
        isinstance(value, int) and value < schema.get("minimum", value)
    ):
        yield f"{value!r} is out of bounds"
    yield from members(value, schema)


def members(value: Any, schema: dict[str, Any]):
    if isinstance(value, list):
        for item in value:
            yield from faults(item, schema["items"])
    if isinstance(value, dict):
        known, others = schema.get("properties", {}), schema.get("additionalProperties")
        yield from (
            f"{name} is missing" for name in schema.get("required", []) if name not in value
        )
        for name, item in value.items():
            if name in known or others:
                yield from faults(item, known.get(name, others))
            else:
                yield f"{name} is unknown"
