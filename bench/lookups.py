"""Looks for duplicates of some signatures in a filled table: python -m bench.lookups NUMBER

A process of its own in the environment of the site under test; prints milliseconds as JSON.
"""

from __future__ import annotations

import io
import json
import random
import sys
import time
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

import django
from django.db import connection

if TYPE_CHECKING:
    from signatures.models import Signature

BATCH = 20_000
COPY = "COPY signatures_namekey (signature_id, key) FROM STDIN"


def main() -> None:
    django.setup()
    _make_keys()
    print(json.dumps(_look_up(int(sys.argv[1]))))


def _make_keys() -> None:
    """Keys for what has none yet, by COPY; the site makes the same ones, a batch at a time."""
    lines = _key_lines()
    with connection.cursor() as cursor:
        while batch := "".join(islice(lines, BATCH)):
            copying: Any = cursor
            copying.copy_expert(COPY, io.StringIO(batch))
        cursor.execute("VACUUM (ANALYZE) signatures_namekey")


def _key_lines() -> Iterator[str]:
    from signatures.models import NameKey, Signature
    from signatures.services.name_keys import keys_of

    last = NameKey.objects.order_by("-signature_id").first()
    rows = Signature.objects.order_by("id").only(*WORDS)
    after = rows.filter(id__gt=last.signature_id) if last else rows
    for row in after.iterator(chunk_size=BATCH):
        yield from (f"{row.id}\t{key}\n" for key in keys_of(row))


WORDS = ["letter_id", "name", "residence", "occupation", "email_key"]


def _look_up(number: int) -> list[float]:
    from signatures.services.duplicates import suggestions_for

    taken = []
    for row in _some(number):
        began = time.perf_counter()
        suggestions_for(signature=row)
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def _some(number: int) -> list[Signature]:
    """Signatures from all over the table, the same ones every time."""
    from signatures.models import Signature

    ids = list(Signature.objects.order_by("id").values_list("id", flat=True)[::10])
    chosen = random.Random(number).sample(ids, min(number, len(ids)))
    return list(Signature.objects.filter(id__in=chosen))


if __name__ == "__main__":
    main()
