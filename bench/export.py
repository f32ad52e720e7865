"""What leaves the house, and what it takes: python -m bench.export [--packet N] [--csv N]

A whole packet of N generated signatures in many scripts, made by one command; and CSV of N rows
beside PostgreSQL's own COPY of the same columns, in turns. `packet` and `exported` serve other
benchmarks too.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from statistics import median
from threading import Event, Thread

from .figures import Figure
from .fill import copy_out, fill
from .postgres import private_postgres
from .report import HEADER, line
from .servers import ROOT, children, measured, memory
from .site import SLUG, Site, prepare

RECIPIENT = "European Parliament"
TURNS = 3
GLANCE = 0.05  # seconds between two looks at a process's memory


class Watched:
    """A process and what it started, and how many bytes they had resident together at most."""

    def __init__(self, command: list[str], env: dict[str, str]) -> None:
        began = time.perf_counter()
        self.process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL)
        self.together = self.alone = 0
        self.done = Event()
        watcher = Thread(target=self._watch)
        watcher.start()
        status = self.process.wait()
        self.seconds = time.perf_counter() - began
        self.done.set()
        watcher.join()
        if status:
            raise subprocess.CalledProcessError(status, command)

    def _watch(self) -> None:
        while not self.done.wait(GLANCE):
            own, *others = [resident(pid) for pid in family(self.process.pid)]
            self.alone = max(self.alone, own)
            self.together = max(self.together, own + sum(others))


def family(pid: int) -> Iterator[int]:
    """`pid` and every process below it (proc(5)); those that end meanwhile are left out."""
    yield pid
    with suppress(OSError):
        for child in children(pid):
            yield from family(child)


def resident(pid: int) -> int:
    """Bytes resident now; 0 of a process that has ended."""
    with suppress(OSError):
        return memory(pid, "VmRSS")
    return 0


def packet(site: Site, rows: int) -> Iterator[Figure]:
    """One recipient's packet: CSV, XLSX, PDF, digests, manifest and zip."""
    command = site.manage("deliver", "--letter", SLUG, "--recipient", RECIPIENT)
    made = Watched(command, site.env)
    yield Figure("packet", rows, "s", made.seconds)
    yield Figure("packet, memory in all", rows, "MB", made.together / 1e6)
    yield Figure("packet, memory of parent", rows, "MB", made.alone / 1e6)


def exported(site: Site, rows: int, turns: int = TURNS) -> Iterator[Figure]:
    """CSV alone, by the command, beside COPY; the middle of several turns."""
    with tempfile.TemporaryDirectory(prefix="letter-export-") as folder:
        target = str(Path(folder) / "list.csv")
        command = site.manage("export_signatures", "--letter", SLUG, "--output", target)
        ours, bare, memory = [], [], 0
        for _turn in range(turns):
            began = time.perf_counter()
            copy_out(site.database_url, SLUG)
            bare.append(time.perf_counter() - began)
            seconds, peak = measured(command, site.env)
            ours.append(seconds)
            memory = max(memory, peak)
    yield Figure("CSV", rows, "s", median(ours), bare=median(bare))
    yield Figure("CSV, memory", rows, "MB", memory / 1e6)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--packet", type=int, default=100_000, help="rows of the packet")
    parser.add_argument("--csv", type=int, default=1_000_000, help="rows of the CSV file")
    chosen = parser.parse_args()
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="letter-export-")))
        site = prepare(stack.enter_context(private_postgres()), "", data)
        site.run(*site.manage("demo_signatures", str(chosen.packet)))
        print(HEADER)
        for figure in (*exported(site, chosen.packet), *packet(site, chosen.packet)):
            print(line(figure), flush=True)
        fill(site.database_url, SLUG, chosen.csv)
        for figure in exported(site, chosen.csv):
            print(line(figure), flush=True)


if __name__ == "__main__":
    main()
