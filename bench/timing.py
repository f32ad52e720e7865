"""Whether the time of an answer tells who has signed: `python -m bench.timing`.

Prints, for each pair of kinds of post, the area under the ROC curve over 500 answers of each: 0.5
where nobody can tell them apart, and between 0.45 and 0.55 is as good as that.
"""

from __future__ import annotations

import os
import random
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlencode

from .figures import auc, percentile
from .load import Client, post
from .postgres import private_postgres
from .servers import Server, gunicorn, redis
from .site import WSGI, prepare
from .visitors import SIGN, form_stamp

TIMES = 500
KINDS = ["new", "duplicate", "held"]
FAIR = (0.45, 0.55)


def form(kind: str, number: int, stamp: str, *, with_email: bool) -> bytes:
    """The post of one person: somebody new, somebody who has signed, or one that is held."""
    who = f"{os.urandom(6).hex()}" if kind != "duplicate" else f"known {number}"
    return post(
        SIGN,
        urlencode(
            {
                "name": f"Amal Haddad {who}",
                "residence": "Beirut, Lebanon",
                "occupation": "teacher",
                "email": f"{who.replace(' ', '-')}@example.org" if with_email else "",
                "visibility": "public",
                "consent": "on",
                "website": "http" if kind == "held" else "",
                "rendered": stamp,
            }
        ).encode(),
    )


def timed(server: Server, request: bytes) -> float:
    """Seconds until the answer, which must be the redirection that all get."""
    client, began = Client(server.port), time.perf_counter()
    status, _body = client.ask(request)
    took = time.perf_counter() - began
    client.close()
    if status != 303:
        raise ValueError(f"signing answers {status}")
    return took


def sample(server: Server, *, with_email: bool) -> dict[str, list[float]]:
    """TIMES answers of each kind, mixed, so that whatever else the machine does meets all alike."""
    stamp = form_stamp(server.port)
    for number in range(TIMES):
        timed(server, form("duplicate", number, stamp, with_email=with_email))
    asked = [(kind, number) for kind in KINDS for number in range(TIMES)]
    random.shuffle(asked)
    times: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for kind, number in asked:
        times[kind].append(timed(server, form(kind, number, stamp, with_email=with_email)))
    return times


def main() -> None:
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="letter-bench-")))
        url = stack.enter_context(private_postgres())
        site = prepare(url, stack.enter_context(redis(data)), data)
        server = stack.enter_context(gunicorn(WSGI, site.env))
        for with_email in (False, True):
            show("with e-mail" if with_email else "without", sample(server, with_email=with_email))


def show(where: str, times: dict[str, list[float]]) -> None:
    for kind in KINDS[1:]:
        area = auc(times["new"], times[kind])
        verdict = "cannot be told apart" if FAIR[0] <= area <= FAIR[1] else "CAN BE TOLD APART"
        middles = ", ".join(f"{percentile(times[k], 0.5) * 1000:.2f} ms" for k in ("new", kind))
        print(f"{where:12} new / {kind:10} AUC {area:.3f}  ({middles})  {verdict}")


if __name__ == "__main__":
    main()
