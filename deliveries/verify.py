"""Check a delivered list of signatures: python3 verify.py [FOLDER_OR_ZIP] [--manifest-digest HEX]

Needs Python 3.8 or newer and nothing else; reads only, and asks no network. Says in one sentence
each what holds and what is wrong and where. Exit code 0: all that it can check holds; 1: something
does not. What the files mean is told in methods.md. The program is one file, however long, because
it travels with the list to people who have nothing else of ours.

Somebody who changes the list could change manifest.json and this program to match. So take the
program from a place that you trust, and compare the manifest with the digest that is published on
the page of the delivery.
"""

# It talks on a terminal, and an old Python has no other place for its types.
# ruff: noqa: T201, UP035

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import re
import sys
import zipfile
import zlib
from collections import Counter
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import IO, Any, Callable, Iterable, Iterator, NamedTuple
from xml.parsers import expat

FORMAT = "open-letter-delivery/1"
COLUMNS = "number name residence occupation email signed_on confirmation source".split()
MANIFEST, LIST, SHEET, DIGESTS, SALTS = (
    "manifest.json", "signatures.csv", "signatures.xlsx", "digests.txt", "salts.txt"
)  # fmt: skip
LETTER, METHODS, WITHDRAWN = "letter.txt", "methods.md", "withdrawn.txt"
MANIFEST_BYTES = 1 << 20
FILES_AT_MOST = 100
SHEET_BYTES_PER_ROW = 16_384
SHEETS = "xl/worksheets/sheet"
EVERYTHING = -1
QUOTE = re.compile(r"(?:\A|(?<=;))'")
NUMBER = re.compile(r"[0-9]+")
STATED = re.compile(r"^    ([0-9a-f]{64})$", re.MULTILINE)
UNPROVED = """All that can be checked here holds. {0} itself is proved only by the digest on the
public record of the delivery. Compare it with the SHA-256 of this one,
    {1}
or have it compared: python3 verify.py --manifest-digest DIGEST"""


class Check(NamedTuple):
    """One thing that was looked at: whether it holds, and a sentence about it."""

    name: str
    ok: bool
    sentence: str


class Wrong(Exception):
    """Something does not hold; `str()` is the sentence that says what and where."""


class Packet:
    """The files of a packet, in a folder or in a zip that holds the files or one folder of them."""

    def __init__(self, path: Path) -> None:
        self.zip = None if path.is_dir() else zipfile.ZipFile(path)
        self.folder = path
        self.files = dict(self._in_zip(self.zip) if self.zip else self._in_folder())

    def _in_folder(self) -> Iterator[tuple[str, int]]:
        for file in sorted(self.folder.rglob("*")):
            name = file.relative_to(self.folder).as_posix()
            if file.is_file() and "__pycache__" not in name:
                yield name, file.stat().st_size

    def _in_zip(self, archive: zipfile.ZipFile) -> Iterator[tuple[str, int]]:
        members = [member for member in archive.infolist() if not member.is_dir()]
        names = [member.filename for member in members]
        if len(names) > FILES_AT_MOST or len(set(names)) < len(names):
            raise Wrong("The zip holds too many files, or one of them twice.")
        homes = [name[: -len(MANIFEST)] for name in names if name.split("/")[-1] == MANIFEST]
        self.prefix = min(homes, key=len, default="")
        for name, member in zip(names, members):  # noqa: B905 - Python 3.8 has no strict
            inside = name.startswith(self.prefix)
            yield name[len(self.prefix) :] if inside else name, member.file_size

    def open(self, name: str) -> IO[bytes]:
        if name not in self.files:
            raise Wrong(f"{name} is missing.")
        if self.zip:
            return self.zip.open(self.prefix + name)
        return (self.folder / name).open("rb")

    def read(self, name: str, limit: int = EVERYTHING) -> bytes:
        with self.open(name) as stream:
            return stream.read(limit)


def verify(path: Path, manifest_digest: str = "") -> list[Check]:
    """Check the packet at `path` (folder or zip); its results in the order in which they were made.

    `manifest_digest` is the published SHA-256 of manifest.json in hexadecimal, if at hand.
    """
    try:
        packet = Packet(Path(path))
        raw = packet.read(MANIFEST, MANIFEST_BYTES)
        manifest = _manifest(raw)
    except (Wrong, OSError, ValueError, zipfile.BadZipFile) as error:
        sentence = str(error) if isinstance(error, Wrong) else f"{MANIFEST} cannot be read."
        return [Check("manifest", False, sentence)]
    parts = ADDENDUM if manifest["delivery"]["kind"] == "addendum" else PARTS
    return [
        _run("manifest", lambda: _check_manifest_digest(raw, manifest_digest)),
        _run("files", lambda: _check_names(packet, manifest)),
        *(_run(name, partial(_check_file, packet, manifest, name)) for name in manifest["files"]),
        *(_run(name, partial(part, packet, manifest)) for name, part in parts),
    ]


def _run(name: str, check: Callable[[], str]) -> Check:
    try:
        return Check(name, True, check())
    except Wrong as wrong:
        return Check(name, False, str(wrong))
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        return Check(name, False, f"The {name} cannot be read ({type(error).__name__}).")
    except (csv.Error, zipfile.BadZipFile, zlib.error, expat.ExpatError, EOFError):
        return Check(name, False, f"The {name} cannot be read: a file is damaged.")


def _manifest(raw: bytes) -> dict[str, Any]:
    manifest = json.loads(raw)
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        raise Wrong(f"{MANIFEST} is not of the format {FORMAT}.")
    shape = {"letter": "text_digest", "delivery": "kind", "counts": "total", "files": LETTER}
    for part, key in shape.items():
        found = manifest.get(part)
        if not isinstance(found, dict) or key not in found:
            raise Wrong(f"{MANIFEST} says nothing of {part}: {key}.")
    return manifest


def _check_manifest_digest(raw: bytes, published: str) -> str:
    digest = hashlib.sha256(raw).hexdigest()
    if not published:
        return f"{MANIFEST} can be read; its SHA-256 is {digest}"
    if digest != published.strip().lower():
        raise Wrong(f"{MANIFEST} is not the one that was published: its digest is {digest}.")
    return f"{MANIFEST} is the one that was published."


def stated_digest(manifest: dict[str, Any]) -> str:
    """The SHA-256 of what a manifest says besides its files, as methods.md has it."""
    stated = {part: manifest[part] for part in sorted(manifest) if part != "files"}
    return hashlib.sha256(json.dumps(stated, sort_keys=True).encode()).hexdigest()


def _check_stated(packet: Packet, manifest: dict[str, Any]) -> str:
    found = STATED.search(packet.read(METHODS).decode())
    if not found:  # as in packets of before this was written down
        return f"{METHODS} has no digest of what {MANIFEST} says besides the files."
    if found[1] != stated_digest(manifest):
        raise Wrong(f"{MANIFEST} says something else than when {METHODS} was written.")
    return f"{MANIFEST} says of letter, delivery and counts what it did for {METHODS}."


def _check_names(packet: Packet, manifest: dict[str, Any]) -> str:
    expected = set(manifest["files"]) | {MANIFEST}
    missing, extra = expected - set(packet.files), set(packet.files) - expected
    if missing or extra:
        said = [f"{name} is missing" for name in sorted(missing)]
        said.extend(f"{name} does not belong" for name in sorted(extra))
        raise Wrong("; ".join(said) + ".")
    return f"All {len(expected)} files are there and no other."


def _check_file(packet: Packet, manifest: dict[str, Any], name: str) -> str:
    expected, size, digest = manifest["files"][name], 0, hashlib.sha256()
    with packet.open(name) as stream:
        for piece in iter(lambda: stream.read(1 << 20), b""):
            size += len(piece)
            digest.update(piece)
            if size > expected["bytes"]:
                raise Wrong(f"{name} is longer than the {expected['bytes']:,} bytes delivered.")
    if size < expected["bytes"]:
        raise Wrong(f"{name} has {size:,} bytes; {expected['bytes']:,} were delivered.")
    if digest.hexdigest() != expected["sha256"]:
        raise Wrong(f"{name} is not the file that was delivered: its content was changed.")
    return f"{name} is the file that was delivered."


def _check_text(packet: Packet, manifest: dict[str, Any]) -> str:
    if hashlib.sha256(packet.read(LETTER)).hexdigest() != manifest["letter"]["text_digest"]:
        raise Wrong(f"{LETTER} is not the text that was signed.")
    return f"{LETTER} is the text that was signed."


def _rows(packet: Packet) -> Iterator[list[str]]:
    """The rows of the list with the apostrophes taken away that keep cells from being formulas."""
    with packet.open(LIST) as stream:
        lines = csv.reader(io.TextIOWrapper(stream, "utf-8-sig", newline=""), strict=True)
        if next(lines, None) != COLUMNS:
            raise Wrong(f"{LIST} does not start with its columns, {', '.join(COLUMNS)}.")
        for number, line in enumerate(lines, start=2):
            if len(line) != len(COLUMNS) or not NUMBER.fullmatch(line[0]):
                raise Wrong(f"{LIST}: line {number} is not a row of the list.")
            yield [QUOTE.sub("", cell) for cell in line]


def _check_numbers(packet: Packet, manifest: dict[str, Any]) -> str:
    total = manifest["counts"]["total"]
    numbers = [int(row[0]) for row in _rows(packet)]
    times, ordered = Counter(numbers), sorted(numbers)
    found = {
        "missing": [n for n in range(1, total + 1) if n not in times],
        "more than once or unknown": [n for n in times if times[n] > 1 or not 1 <= n <= total],
        "out of order": [n for n, other in zip(numbers, ordered) if n != other],  # noqa: B905
    }
    said = [f"{_named(which)} {what}" for what, which in found.items() if which]
    if said:
        raise Wrong(f"{LIST}: numbers {'; '.join(said)}.")
    return f"{LIST} is numbered from 1 to {total:,}, without gaps and in order."


def _named(numbers: Iterable[int]) -> str:
    ordered = sorted(set(numbers))
    more = f" and {len(ordered) - 10:,} more" if len(ordered) > 10 else ""
    return ", ".join(map(str, ordered[:10])) + more


def _check_counts(packet: Packet, manifest: dict[str, Any]) -> str:
    expected = manifest["counts"]
    sources: Counter[str] = Counter()
    confirmations: Counter[str] = Counter()
    withheld = total = 0
    for row in _rows(packet):
        total += 1
        sources[row[7]] += 1
        confirmations[row[6]] += 1
        withheld += row[1:4] == ["name withheld", "", ""]
    found = {"total": total, "name_withheld": withheld, "by_source": dict(sources)}
    found["by_confirmation"] = dict(confirmations)
    for name, value in found.items():
        if value != expected[name]:
            raise Wrong(f"{LIST}: {name} is {value}; the manifest says {expected[name]}.")
    return "The counts by source and confirmation and of withheld names are those of the manifest."


def _column(packet: Packet, name: str, digits: int, total: int) -> list[str]:
    """The second words of a file of lines "NUMBER HEX", one for each number from 1."""
    shape, found = re.compile(rf"(\d+) ([0-9a-f]{{{digits}}})\n"), []
    with packet.open(name) as stream:
        for number, line in enumerate(io.TextIOWrapper(stream, "ascii", newline=""), start=1):
            match = shape.fullmatch(line)
            if not match or match[1] != str(number):
                raise Wrong(f"{name}: line {number} is not number {number} and its value.")
            found.append(match[2])
    if len(found) != total:
        raise Wrong(f"{name} ends with number {len(found):,}; the manifest counts to {total:,}.")
    return found


def _check_rows(packet: Packet, manifest: dict[str, Any]) -> str:
    total = manifest["counts"]["total"]
    digests, salts = _column(packet, DIGESTS, 64, total), _column(packet, SALTS, 32, total)
    changed = []
    for row in _rows(packet):
        index = int(row[0]) - 1
        if not 0 <= index < total or _digest(row, salts[index]) != digests[index]:
            changed.append(index + 1)
    if len(changed) == 1:
        raise Wrong(f"{LIST}: row {changed[0]} is not the row that was delivered.")
    if changed:
        raise Wrong(f"{LIST}: rows {_named(changed)} are not the rows that were delivered.")
    return f"Every row of {LIST} has its digest in {DIGESTS}."


def _digest(row: list[str], salt: str) -> str:
    number, name, residence, occupation, _, signed_on, confirmation, source = row
    fields = (salt, number, name, residence, occupation, signed_on, confirmation, source)
    return hashlib.sha256("".join(f"{field}\n" for field in fields).encode()).hexdigest()


def _check_sheet(packet: Packet, manifest: dict[str, Any]) -> str:
    total, sheet_rows = 0, _sheet_rows(packet, manifest["counts"]["total"])
    for row in _rows(packet):
        total += 1
        if next(sheet_rows, None) != row:
            raise Wrong(f"{SHEET}: row {row[0]} is not the row of {LIST}.")
    if next(sheet_rows, None):
        raise Wrong(f"{SHEET} has more rows than {LIST}.")
    return f"{SHEET} has the same rows as {LIST}, {total:,} of them."


def _sheet_rows(packet: Packet, total: int) -> Iterator[list[str]]:
    with packet.open(SHEET) as stream, zipfile.ZipFile(stream) as book:
        parts = [part for part in book.infolist() if part.filename.startswith(SHEETS)]
        if sum(part.file_size for part in parts) > MANIFEST_BYTES + total * SHEET_BYTES_PER_ROW:
            raise Wrong(f"{SHEET} is far larger than its rows; it was not opened.")
        for part in sorted(parts, key=lambda part: (len(part.filename), part.filename)):
            with book.open(part) as sheet:
                rows = SheetReader().rows(sheet)
                if next(rows, None) != COLUMNS:
                    raise Wrong(f"{SHEET} does not start with its columns.")
                yield from rows


class SheetReader:
    """Reads a worksheet as a stream: ISO/IEC 29500 with texts kept in their cells."""

    def __init__(self) -> None:
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.done: list[list[str]] = []
        self.row: list[str] = []
        self.column, self.text, self.reading = 0, "", False

    def rows(self, stream: IO[bytes]) -> Iterator[list[str]]:
        for piece in iter(lambda: stream.read(1 << 16), b""):
            self.parser.Parse(piece, False)
            yield from self.done
            self.done = []
        self.parser.Parse(b"", True)

    def _refuse(self, *_declaration: object) -> None:
        raise Wrong(f"{SHEET} declares entities; it was not read.")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "row":
            self.row = [""] * len(COLUMNS)
        elif name == "c":
            self.column = "ABCDEFGH".index(attributes["r"].rstrip("0123456789"))
        elif name == "f":
            raise Wrong(f"{SHEET} has a formula in cell {'ABCDEFGH'[self.column]} of a row.")
        self.reading = name in ("v", "t")
        self.text = ""

    def _characters(self, text: str) -> None:
        if self.reading:
            self.text += text

    def _end(self, name: str) -> None:
        if self.reading and name in ("v", "t"):
            is_day = name == "v" and self.column == 5
            self.row[self.column] = _day(self.text) if is_day else _plain(self.text)
            self.reading = False
        elif name == "row":
            self.done.append(self.row)


def _day(serial: str) -> str:
    return (date(1899, 12, 30) + timedelta(days=int(serial))).isoformat()


def _plain(text: str) -> str:
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)


def _check_withdrawn(packet: Packet, manifest: dict[str, Any]) -> str:
    lines = packet.read(WITHDRAWN).decode("ascii").splitlines()
    pairs = [tuple(map(int, line.split(" "))) for line in lines]
    total = manifest["counts"]["total"]
    if any(len(pair) != 2 for pair in pairs) or pairs != sorted(set(pairs)) or len(pairs) != total:
        raise Wrong(f"{WITHDRAWN} is not a list of {total:,} numbers in order.")
    return f"{WITHDRAWN} names numbers of earlier deliveries: {total:,} of them."


ADDENDUM = (("text", _check_text), ("withdrawn numbers", _check_withdrawn))
PARTS = (
    ("statements", _check_stated), ("text", _check_text), ("numbers", _check_numbers),
    ("counts", _check_counts), ("rows", _check_rows), ("spreadsheet", _check_sheet),
)  # fmt: skip


def closing(path: Path, checks: list[Check], manifest_digest: str) -> str:
    """The last words about `checks`: what is wrong, or what nobody has proved yet, if anything."""
    wrong = sum(not check.ok for check in checks)
    if wrong:
        return f"{wrong} of {len(checks)} checks found something wrong."
    digest = hashlib.sha256(Packet(path).read(MANIFEST, MANIFEST_BYTES)).hexdigest()
    return "All is well." if manifest_digest else UNPROVED.format(MANIFEST, digest)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Check a delivered list of signatures.")
    parser.add_argument("path", nargs="?", default=Path(__file__).resolve().parent, type=Path)
    parser.add_argument("--manifest-digest", default="", help="as published, 64 digits")
    options = parser.parse_args(arguments)
    checks = verify(options.path, options.manifest_digest)
    for check in checks:
        print(f"{_mark(check.ok)} {check.sentence}")
    print(f"\n{closing(options.path, checks, options.manifest_digest)}")
    return 0 if all(check.ok for check in checks) else 1


def _mark(ok: bool) -> str:
    mark = "  ok " if ok else "WRONG"
    return f"\033[{32 if ok else 31}m{mark}\033[0m" if sys.stdout.isatty() else mark


if __name__ == "__main__":
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    sys.exit(main())
