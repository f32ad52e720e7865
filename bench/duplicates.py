"""How long one look for the duplicates of a signature takes: python -m bench.duplicates [ROWS]"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from statistics import median

from .figures import Figure, percentile
from .fill import fill
from .postgres import NotHere, private_postgres
from .report import HEADER, line
from .site import SLUG, Site, prepare

LOOKUPS = 300
ROWS = 1_000_000


def lookups(site: Site, rows: int) -> Figure:
    """Milliseconds of one lookup, keys and comparison included, in a table of `rows` rows."""
    taken = json.loads(site.run(sys.executable, "-m", "bench.lookups", str(LOOKUPS)))
    middle = median(taken)
    return Figure("duplicates of one", rows, "ms", middle, p50=middle, p99=percentile(taken, 0.99))


def main(arguments: list[str]) -> None:
    rows = int(arguments[0]) if arguments else ROWS
    print(HEADER)
    with private_postgres() as url, tempfile.TemporaryDirectory(prefix="letter-bench-") as data:
        site = prepare(url, "", Path(data))
        for size in sorted({1_000, rows}):
            fill(url, SLUG, size)
            print(line(lookups(site, size)), flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except NotHere as missing:
        sys.exit(f"bench: {missing}")
