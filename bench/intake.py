"""A large mbox is taken in while it is killed again and again: python -m bench.intake [MESSAGES]

Prints how long it took in all and how much memory a run had at most, and ends with code 1 where
a signer was lost or taken in twice.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg2

from .figures import Figure
from .people import SYLLABLES
from .postgres import NotHere, private_postgres
from .report import HEADER, line
from .servers import ROOT
from .site import SLUG, Site, prepare

MESSAGES = 100_000
KILLS = 10
LOOK_EVERY = 0.2  # seconds
SEED = 1989
MAIL = """From p@example.org Mon Jun  6 10:00:00 2011
From: p@example.org
Message-ID: <{number}@example.org>
Content-Type: text/plain; charset=utf-8

Name: {name}
Place of Residence: {residence}
Occupation: {occupation}
Email: p{number}@example.org

"""
TAKEN_IN = "SELECT count(*) FROM signatures_intakeitem"
ONCE = (
    "SELECT count(*), count(DISTINCT s.source_ref), count(g.id) FROM signatures_signature s"
    " LEFT JOIN signatures_stagedsignature g ON g.signature_id = s.id WHERE source = 'email'"
)


def main(arguments: list[str]) -> None:
    number = int(arguments[0]) if arguments else MESSAGES
    with private_postgres() as url, tempfile.TemporaryDirectory(prefix="letter-bench-") as folder:
        site = prepare(url, "", Path(folder))
        mbox = Path(folder, "letters.mbox")
        mbox.write_text("".join(_mails(number)), "utf-8")
        print(HEADER)
        for figure in _imported(site, mbox, number):
            print(line(figure), flush=True)
        found = _ask(url, ONCE)
        if found != (number, number, number):
            sys.exit(
                f"bench: {number} messages became (signatures, of them different, staged) {found}"
            )
        print(f"every signer exactly once: {number:,} of {number:,}")


def _mails(number: int) -> Iterator[str]:
    chance = random.Random(SEED)
    for index in range(number):
        words = chance.choice(SYLLABLES)
        name, residence, occupation = (
            " ".join("".join(chance.choices(words, k=3)).capitalize() for _part in range(parts))
            for parts in (2, 1, 1)
        )
        yield MAIL.format(number=index, name=name, residence=residence, occupation=occupation)


def _imported(site: Site, mbox: Path, number: int) -> Iterator[Figure]:
    """Run the import, kill it KILLS times at random places, run it to its end."""
    places = sorted(random.Random(SEED).sample(range(1, number), KILLS))
    began, memory = time.perf_counter(), []
    for place in places:
        process = _start(site, mbox)
        while _ask(site.database_url, TAKEN_IN)[0] < place and process.poll() is None:
            time.sleep(LOOK_EVERY)
        process.kill()
        memory.append(_ended(process))
    memory.append(_ended(_start(site, mbox)))
    seconds = time.perf_counter() - began
    yield Figure(f"import, {KILLS} kills", number, "s", seconds)
    yield Figure("import, messages", number, "/s", number / seconds)
    yield Figure("import, memory", number, "MB", max(memory) / 1e6)
    began = time.perf_counter()
    _ended(_start(site, mbox))
    yield Figure("import of what is known", number, "s", time.perf_counter() - began)


def _start(site: Site, mbox: Path) -> subprocess.Popen[bytes]:
    command = site.manage("import_signatures", str(mbox), "--letter", SLUG)
    return subprocess.Popen(command, cwd=ROOT, env=site.env, stdout=subprocess.DEVNULL)


def _ended(process: subprocess.Popen[bytes]) -> int:
    """Wait for the end of a process; the bytes it had resident at most."""
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_maxrss * 1024


def _ask(url: str, question: str) -> tuple[int, ...]:
    connection = psycopg2.connect(url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            return tuple(cursor.fetchone() or ())
    finally:
        connection.close()


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except NotHere as missing:
        sys.exit(f"bench: {missing}")
