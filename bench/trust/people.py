"""Six people in five scripts sign, are accepted by a person, and are listed as they wrote."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator
from io import StringIO

from signatures.exporters.formula import unescape_cell

from .finding import Finding
from .rig import PAGE, SLUG, Rig
from .staff import Staff
from .web import ask

SIX = [
    ("O'Connor-Nguyễn", "Cork, Ireland", "baker", "public"),
    ("阿凡提·买买提", "乌鲁木齐", "教师", "recipient"),
    ("བསྟན་འཛིན", "ལྷ་ས", "དགེ་རྒན", "public"),
    ("Мария Иванова", "Псков", "врач", "recipient"),
    ("ليلى منصور", "القاهرة", "مهندسة", "public"),
    ("X Æ", "=1+1 Street", "+CFO", "public"),
]
COLUMNS = "number,name,residence,occupation,email,signed_on,confirmation,source".split(",")
LIST = "/admin/signatures/signature/"
QUEUE = f"{LIST}?queue=yes"
CHOSEN = re.compile(rb'name="_selected_action" value="([^"]+)"')


def findings(rig: Rig) -> Iterator[Finding]:
    """Everything by HTTP, as people do it: the form, the queue, the list."""
    yield from _sign(rig)
    moderator = Staff(rig, "moderator", "moderator")
    chosen = _chosen(moderator, QUEUE)
    yield Finding("in the moderators' queue", len(chosen), len(SIX), len(chosen) == len(SIX))
    moderator.press(QUEUE, {"action": "accept", "_selected_action": chosen, "index": "0"})
    count = json.loads(ask(rig.port, f"{PAGE}count.json").body)["count"]
    yield Finding("counted once they are accepted", count, len(SIX), count == len(SIX))
    yield from _exported(rig)


def _sign(rig: Rig) -> Iterator[Finding]:
    names = ("name", "residence", "occupation", "visibility")
    answers = [rig.sign(**dict(zip(names, person, strict=True))).status for person in SIX]
    yield Finding("six people sign", answers, "303 each", answers == [303] * len(SIX))


def _chosen(staff: Staff, path: str) -> list[str]:
    return [found.decode() for found in CHOSEN.findall(staff.get(path).body)]


def _exported(rig: Rig) -> Iterator[Finding]:
    """By the delivery staff's button, and by the command."""
    deliverer = Staff(rig, "deliverer", "delivery")
    every = _chosen(deliverer, LIST)
    pressed = deliverer.press(LIST, {"action": "export_csv", "_selected_action": every})
    yield from _list("the admin's list", pressed.body)
    file = rig.data / "six.csv"
    rig.manage("export_signatures", "--letter", SLUG, "--output", str(file))
    yield from _list("the command's list", file.read_bytes())
    refused = Staff(rig, "onlooker", "moderator").press(
        LIST, {"action": "export_csv", "_selected_action": every}
    )
    leaked = b"signed_on" in refused.body
    yield Finding("a moderator gets the list", leaked, False, not leaked)


def _list(what: str, file: bytes) -> Iterator[Finding]:
    rows = list(csv.DictReader(StringIO(file.decode("utf-8-sig"), newline="")))
    columns = list(rows[0]) if rows else []
    yield Finding(f"{what}: columns", len(columns), len(COLUMNS), columns == COLUMNS)
    read = [tuple(unescape_cell(row[name]) for name in COLUMNS[1:4]) for row in rows]
    right = sum(person[:3] == line for person, line in zip(SIX, read, strict=False))
    yield Finding(f"{what}: people exactly as they wrote", right, len(SIX), right == len(read))
    safe = not any(cell[:1] in set("=+-@") for row in rows for cell in row.values() if cell)
    yield Finding(f"{what}: no cell is a formula", safe, True, safe)
