"""The packet: one folder for one recipient, that a person can read and a program can check.

    letter.pdf        the letter, how it was signed, and the list
    letter.txt        the exact text that was signed
    signatures.csv    the list; everything else about it is made from this file
    signatures.xlsx   the same for a spreadsheet
    methods.md        how the signatures were collected and checked
    digests.txt       a salted digest of each row; public
    salts.txt         the salts; for the recipient only, so that a changed row can be named
    verify.py         checks all of it
    manifest.json     digests, sizes and counts; its own digest is published

An addendum has letter.txt, withdrawn.txt (lines "DELIVERY NUMBER"), verify.py and manifest.json.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.utils.translation import gettext_noop

from signatures.exporters import ExportRow, get_exporter

from . import manifest
from .facts import Counts, PacketFacts
from .frozen import freeze, frozen_rows
from .methods import methods_text
from .pdf import Progress, make_pdf
from .staging import staged

VERIFY = Path(__file__).with_name("verify.py")
FROZEN = gettext_noop("list frozen")


def _silent(_what: str, _done: int, _of: int) -> None:
    """Tell nobody."""


def build_packet(
    *,
    folder: Path,
    facts: PacketFacts,
    rows: Iterable[tuple[ExportRow, str]],
    progress: Progress = _silent,
) -> str:
    """Make the packet `folder`, which must not exist yet; return the SHA-256 of its manifest.

    `rows` are numbered from 1, each with its salt (see deliveries.digests), and are read once.
    `progress` is called with what is being done, how many rows are done and of how many. The folder
    appears whole or not at all. Raises PacketExists, FontsMissing, TypesettingFailed, OSError.
    """
    with staged(folder) as staging:
        progress(FROZEN, 0, 0)
        counts = freeze(rows, staging)
        progress(FROZEN, counts.total, counts.total)
        _write_sheet(staging, facts, counts, progress)
        methods = methods_text(facts, counts)
        (staging / "methods.md").write_text(methods, "utf-8")
        make_pdf(
            facts=facts,
            methods=methods,
            rows=lambda: frozen_rows(staging),
            total=counts.total,
            target=staging / "letter.pdf",
            progress=progress,
        )
        return _finish(staging, facts, counts)


def build_addendum(
    *, folder: Path, facts: PacketFacts, withdrawn: Sequence[tuple[int, int]]
) -> str:
    """Make an addendum that names what was withdrawn: (delivery, number). As `build_packet`."""
    with staged(folder) as staging:
        named = sorted(set(withdrawn))
        text = "".join(f"{delivery} {number}\n" for delivery, number in named)
        (staging / "withdrawn.txt").write_text(text, "ascii")
        return _finish(staging, facts, Counts(total=len(named)))


def _write_sheet(staging: Path, facts: PacketFacts, counts: Counts, progress: Progress) -> None:
    with (staging / "signatures.xlsx").open("wb") as stream:
        get_exporter("xlsx", made_at=facts.frozen_at).write(frozen_rows(staging), stream)
    progress(gettext_noop("spreadsheet written"), counts.total, counts.total)


def _finish(staging: Path, facts: PacketFacts, counts: Counts) -> str:
    (staging / "letter.txt").write_text(facts.letter.canonical_text, "utf-8", newline="\n")
    shutil.copyfile(VERIFY, staging / VERIFY.name)
    files = sorted(file for file in staging.iterdir() if file.is_file())
    raw = manifest.manifest_bytes(manifest.manifest_of(facts, counts, files))
    (staging / manifest.NAME).write_bytes(raw)
    return hashlib.sha256(raw).hexdigest()
