"""The restore drill: everything is destroyed, and comes back without those who left.

Runs the commands an operator runs, each in a process of its own, on SQLite or, where DATABASE_URL
names a PostgreSQL, on a database of its own there. DRILL_SIGNERS sets the size (300).
"""

from __future__ import annotations

import os
import shutil

import pytest

from letter_site.operating.shelf import backups_in

from .own_site import Site

SIGNERS = int(os.environ.get("DRILL_SIGNERS", "300"))
LEAVE = """
from signatures.models import Signature
from signatures.services.own_page import *
shown = Signature.objects.on_the_site().order_by("id")
ids = list(shown[:12].values_list("id", flat=True))
for id in ids[:5]: signature_erase(signature_id=id)
for id in ids[5:9]: signature_withdraw(signature_id=id)
for id in ids[9:]: signature_show(signature_id=id, visibility=Visibility.COUNTED)
print(*ids)
"""
LOOK = """
from signatures.models import Signature
from signatures.services.counts import letter_count, letter_recount
from letters.models import Letter
ids = "{ids}".split()
left = dict(Signature.objects.filter(id__in=ids).values_list("id", "state"))
print("there", *[left.get(__import__("uuid").UUID(id), "gone") for id in ids])
print("shown", *Signature.objects.filter(id__in=ids[9:]).values_list("visibility", flat=True))
letter = Letter.objects.get()
print("count", letter_count(letter=letter), Signature.objects.accepted().count())
print("drift", len(letter_recount(letter=letter, dry_run=True)))
"""

pytestmark = pytest.mark.slow


def look(site: Site, ids: str) -> dict[str, str]:
    lines = site.run("shell", "-v0", "-c", LOOK.format(ids=ids)).strip().splitlines()
    return {word: rest for word, _space, rest in (line.partition(" ") for line in lines)}


def test_everything_is_destroyed_and_comes_back_without_those_who_left(tmp_path, database):
    site = Site(tmp_path, database.url)
    site.begin()
    site.run("load_letter", "letters/content/un-2011")
    site.run("demo_signatures", str(SIGNERS))
    site.run("deliver", "--letter", "un-2011", "--recipient", "The Secretary-General")
    before = look(site, "")["count"]
    site.run("backup")
    ids = site.run("shell", "-v0", "-c", LEAVE).strip().splitlines()[-1]
    journal = site.data / "erasures.txt"
    shutil.copy(journal, tmp_path / "elsewhere.txt")

    shutil.rmtree(site.data)
    database.destroy()
    database.make()
    [folder] = backups_in(tmp_path / "shelf")
    said = site.run(
        "restore",
        str(folder),
        "--identity",
        str(site.key),
        "--journal",
        str(tmp_path / "elsewhere.txt"),
    )

    lines = said.splitlines()
    assert lines[0].startswith(f"{SIGNERS} signatures of ")
    assert lines[1:4] == [
        "  done again since: counted 3",
        "  done again since: erased 5",
        "  done again since: withdrawn 4",
    ]
    assert lines[4] == "1 packets of deliveries verified"
    after = look(site, ids)
    assert after["there"].split() == ["gone"] * 5 + ["withdrawn"] * 4 + ["accepted"] * 3
    assert after["shown"].split() == ["counted"] * 3
    assert after["count"].split() == [str(int(before.split()[0]) - 9)] * 2
    assert after["drift"] == "0"


def test_a_tampered_packet_is_named_after_the_restore(tmp_path, database):
    site = Site(tmp_path, database.url)
    site.begin()
    site.run("load_letter", "letters/content/un-2011")
    site.run("demo_signatures", "20")
    site.run("deliver", "--letter", "un-2011", "--recipient", "The Secretary-General")
    [packet] = (site.data / "deliveries" / "1").glob("1-*/signatures.csv")
    packet.write_bytes(packet.read_bytes() + b"\r\n")
    site.run("backup")

    [folder] = backups_in(tmp_path / "shelf")
    with pytest.raises(AssertionError, match="Not every delivery holds:"):
        site.run("restore", str(folder), "--identity", str(site.key), "--force")
