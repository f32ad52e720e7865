"""`./run rehearsal`: break what the site rests on while people sign, and count what is left.

killing  web processes and PostgreSQL's postmaster, again and again
standby  the primary of two PostgreSQLs; the synchronous standby is promoted
disk     the database's volume runs full (needs root, to mount a small one)
clock    the clock goes 25 hours ahead, and back (needs Debian's package faketime)
away     Redis, then the worker

A visitor who gets no answer, or 503, sends the same form again, as the page asks. Exit code 1 where
a promise broke:

    0 signatures lost that were answered for, 0 people counted twice, 503 with Retry-After and what
    was typed within 2 seconds while the database is away, signing again 15 seconds after it is back
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator

from bench.postgres import NotHere
from bench.trust.finding import Finding

from . import away, clock, disk, killing, standby

PARTS: dict[str, Callable[[argparse.Namespace], Iterator[Finding]]] = {
    "killing": killing.findings,
    "standby": standby.findings,
    "disk": disk.findings,
    "clock": clock.findings,
    "away": away.findings,
}


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="./run rehearsal",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; all")
    parser.add_argument("--web", type=int, help="web processes to kill (20)")
    parser.add_argument("--database", type=int, help="postmasters to kill (10)")
    parser.add_argument("--seed", type=int, default=1989, help="which processes are chosen")
    parser.add_argument("--quick", action="store_true", help="2 of each, and less of all else")
    chosen = parser.parse_args()
    if unknown := set(chosen.parts) - set(PARTS):
        parser.error(f"there is no {', '.join(unknown)}; there are {', '.join(PARTS)}")
    chosen.web = chosen.web or (2 if chosen.quick else 20)
    chosen.database = chosen.database or (2 if chosen.quick else 10)
    return chosen


def broken_in(part: str, chosen: argparse.Namespace) -> int:
    """Rehearse one part aloud; how many promises broke, or could not be rehearsed."""
    print(f"\n{part}", flush=True)
    began, broken = time.monotonic(), 0
    try:
        for finding in PARTS[part](chosen):
            print(finding, flush=True)
            broken += not finding.holds
    except NotHere as missing:
        print(f"!!!    {part.upper()} WAS NOT REHEARSED: {missing}", flush=True)
        broken += 1
    print(f"       in {time.monotonic() - began:.0f} s", flush=True)
    return broken


def main() -> None:
    chosen = arguments()
    broken = sum(broken_in(part, chosen) for part in chosen.parts or PARTS)
    print("\nEvery promise held." if not broken else f"\nBROKEN: {broken}")
    sys.exit(broken > 0)


if __name__ == "__main__":
    main()
