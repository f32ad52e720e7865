"""`manifest.json`: what a packet holds, with a digest of each file. Its own digest is published.

The fields are documented in `manifest.schema.json` (JSON Schema 2020-12). The bytes are canonical:
UTF-8, keys sorted, indented by two spaces, one LF at the end. So the same packet has one digest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import UTC
from pathlib import Path
from typing import Any

from .facts import Counts, PacketFacts
from .verify import FORMAT

NAME = "manifest.json"


def manifest_of(facts: PacketFacts, counts: Counts, files: Iterable[Path]) -> dict[str, Any]:
    """The manifest of `files` as they are on disk now."""
    letter = facts.letter
    return {
        "format": FORMAT,
        "letter": {
            "slug": letter.slug,
            "title": letter.title,
            "language": letter.language,
            "text_digest": letter.text_digest,
            "other_text_digests": sorted(letter.other_text_digests),
        },
        "delivery": {
            "number": facts.number,
            "kind": facts.kind.value,
            "since": facts.since,
            "recipient": facts.recipient,
            "cover_line": facts.cover_line,
            "frozen_at": facts.frozen_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "record_url": facts.record_url,
        },
        "counts": {
            "total": counts.total,
            "name_withheld": counts.name_withheld,
            "by_source": dict(counts.by_source),
            "by_confirmation": dict(counts.by_confirmation),
            "duplicates_removed": facts.duplicates_removed,
            "withdrawn": facts.withdrawn,
        },
        "files": {file.name: file_facts(file) for file in files},
        "software": facts.software,
    }


def manifest_bytes(manifest: dict[str, Any]) -> bytes:
    """The canonical bytes of a manifest."""
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, indent=2)
    return f"{text}\n".encode()


def file_facts(path: Path) -> dict[str, Any]:
    """SHA-256 in hexadecimal and size in bytes of one file."""
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"sha256": digest, "bytes": path.stat().st_size}
