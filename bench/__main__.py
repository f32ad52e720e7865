"""`./run bench`: how fast the site is, beside the least that could do the same work."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from . import likeness
from .figures import Figure
from .fill import fill
from .measures import Bench, behind_nginx, measure
from .postgres import NotHere, private_postgres
from .report import HEADER, keep, line
from .servers import ROOT, gunicorn, redis
from .site import BARE_WSGI, SLUG, WSGI, log_in, prepare, prepare_bare
from .visitors import COMPRESSED, PAGE, fetch

SHIPPED = "deploy/gunicorn.conf.py"
SIZES = "0,10000,1000000,6100000"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument(
        "--rows", default=SIZES, help="sizes of the table, with commas (%(default)s)"
    )
    parser.add_argument("--quick", action="store_true", help="seconds instead of minutes")
    chosen = parser.parse_args()
    try:
        chosen.rows = sorted(int(size) for size in chosen.rows.split(","))
    except ValueError:
        parser.error(f"--rows takes numbers with commas, not {chosen.rows!r}")
    return chosen


def run(sizes: list[int], quick: bool) -> list[Figure]:
    """Start everything, measure at each size, print as it goes, and stop everything."""
    figures = []
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="letter-bench-data-")))
        url = stack.enter_context(private_postgres())
        site = prepare(url, stack.enter_context(redis(data)), data)
        staff = log_in(site)
        ours = stack.enter_context(gunicorn(WSGI, site.env))
        shipped = stack.enter_context(gunicorn(WSGI, site.env, "--config", SHIPPED))
        page = data / "page.br"
        page.write_bytes(fetch(ours.port, PAGE, COMPRESSED))
        bare_site = prepare_bare(url, page)
        bare = stack.enter_context(gunicorn(BARE_WSGI, bare_site.env))
        seconds, rounds = (2.0, 2) if quick else (6.0, 3)
        bench = Bench(site, ours, shipped, bare, staff, seconds, rounds)
        print(HEADER)
        if shutil.which("nginx"):
            figures.append(behind_nginx(bench))
            print(line(figures[0]), flush=True)
        for rows in sizes:
            fill(url, SLUG, rows)
            site.run(*site.manage("recount"))
            for figure in measure(bench, rows):
                print(line(figure), flush=True)
                figures.append(figure)
    return figures


def main() -> None:
    chosen = arguments()
    # Who is told to stop takes PostgreSQL, Redis and gunicorn along.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    sizes = chosen.rows if not chosen.quick or chosen.rows != _sizes() else [0, 10_000]
    try:
        figures = run(sizes, chosen.quick)
    except NotHere as missing:
        sys.exit(f"bench: {missing}")
    print(f"Kept in {keep(figures, ROOT / 'bench-results').relative_to(ROOT)}")
    os.execv(sys.executable, [sys.executable, "-m", likeness.__name__])


def _sizes() -> list[int]:
    return [int(size) for size in SIZES.split(",")]


if __name__ == "__main__":
    main()
