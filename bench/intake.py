"""A large mbox is taken in while it is killed again and again: python -m bench.intake [MESSAGES]

Prints how long it took in all and how much memory a run had at most, and ends with code 1 where
a signer was lost or taken in twice.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from .figures import Figure
from .people import SYLLABLES
from .postgres import NotHere, number_from, private_postgres, question
from .report import HEADER, line
from .servers import ROOT, ended, has_ended, measured
from .site import SLUG, Site, prepare
from .waiting import until

MESSAGES = 100_000
KILLS = 10
PLACE_WITHIN = 600  # seconds
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
    messages = int(arguments[0]) if arguments else MESSAGES
    with private_postgres() as url, tempfile.TemporaryDirectory(prefix="letter-bench-") as folder:
        site = prepare(url, "", Path(folder))
        mbox = Path(folder, "letters.mbox")
        mbox.write_text("".join(_mails(messages)), "utf-8")
        print(HEADER)
        for figure in _imported(site, mbox, messages):
            print(line(figure), flush=True)
        found = question(url, ONCE)[0]
        if found != (messages, messages, messages):
            sys.exit(
                f"bench: {messages} messages became (signatures, of them different, staged) {found}"
            )
        print(f"every signer exactly once: {messages:,} of {messages:,}")


def _mails(number: int) -> Iterator[str]:
    chance = random.Random(SEED)
    for index in range(number):
        words = chance.choice(SYLLABLES)
        name, residence, occupation = (
            " ".join("".join(chance.choices(words, k=3)).capitalize() for _part in range(parts))
            for parts in (2, 1, 1)
        )
        yield MAIL.format(number=index, name=name, residence=residence, occupation=occupation)


def _imported(site: Site, mbox: Path, messages: int) -> Iterator[Figure]:
    """Run the import, kill it KILLS times at random places, run it to its end."""
    command = site.manage("import_signatures", str(mbox), "--letter", SLUG)
    places = sorted(random.Random(SEED).sample(range(1, messages), KILLS))
    began = time.perf_counter()
    memory = [killed_at(place, site, command) for place in places]
    memory.append(measured(command, site.env)[1])
    seconds = time.perf_counter() - began
    yield Figure(f"import, {KILLS} kills", messages, "s", seconds)
    yield Figure("import, messages", messages, "/s", messages / seconds)
    yield Figure("import, memory", messages, "MB", max(memory) / 1e6)
    yield Figure("import of what is known", messages, "s", measured(command, site.env)[0])


def killed_at(place: int, site: Site, command: list[str]) -> int:
    """Run until so many messages are taken in; the bytes that were resident at most.

    Raises CalledProcessError at once where the import fails by itself.
    """
    process = subprocess.Popen(command, cwd=ROOT, env=site.env, stdout=subprocess.DEVNULL)
    until(
        lambda: has_ended(process) or number_from(site.database_url, TAKEN_IN) >= place,
        PLACE_WITHIN,
    )
    os.kill(process.pid, signal.SIGKILL)  # Popen.kill() would take what `ended` waits for
    peak = ended(process)
    if process.returncode not in (0, -signal.SIGKILL):
        raise subprocess.CalledProcessError(process.returncode, command)
    return peak


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except NotHere as missing:
        sys.exit(f"bench: {missing}")
