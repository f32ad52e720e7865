"""An import that is cut short and run again: nothing is lost, nothing is taken in twice."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from signatures.intake.imap import read_imap
from signatures.models import IntakeItem, MailboxPosition, Signature

from .imap_server import CuttingProxy, Dovecot

ROOT = Path(__file__).resolve().parents[3]
MAIL = (
    "From: p@example.org\nMessage-ID: <{0}@example.org>\nContent-Type: text/plain\n\n"
    "Name: Person {0}\nPlace of Residence: Oslo\nOccupation: cook\n\n"
)
POSTMARK = "From p@example.org Mon Jun  6 10:00:00 2011\n"
KILLS = 3
POLL = 0.05  # seconds
COUNT_ITEMS = "SELECT count(*) FROM signatures_intakeitem"
COUNT_STAGED = "SELECT count(*) FROM signatures_stagedsignature"


def mails(number: int) -> list[bytes]:
    return [MAIL.format(n).encode() for n in range(number)]


def everybody(number: int) -> list[str]:
    return [f"{n}@example.org#1" for n in range(number)]


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A broken line is taken up again without a pause."""
    reader = partial(read_imap, pause=lambda _seconds: None)
    monkeypatch.setattr("signatures.intake.sources.read_imap", reader)


@pytest.mark.django_db
@pytest.mark.usefixtures("at_once")
class TestALineThatIsCut:
    def refs(self) -> list[str]:
        rows = Signature.objects.order_by("id").values_list("source_ref", flat=True)
        return list(rows)

    def take_in(self, letter, port: int) -> None:
        url = f"imap://campaign:secret@127.0.0.1:{port}/INBOX"
        call_command("import_signatures", url, letter=letter.slug)

    def test_one_run_reads_on_over_several_connections(self, dovecot: Dovecot, letter):
        dovecot.fill(mails(130))
        proxy = CuttingProxy(dovecot.port, [9_000, 15_000, 4_000])

        self.take_in(letter, proxy.port)

        proxy.close()
        assert proxy.connections == 4
        assert self.refs() == everybody(130)

    def test_a_run_that_gives_up_is_completed_by_the_next(self, dovecot: Dovecot, letter):
        dovecot.fill(mails(130))
        proxy = CuttingProxy(dovecot.port, [15_000, *[300] * 5])
        with pytest.raises(CommandError, match="keeps breaking the connection"):
            self.take_in(letter, proxy.port)
        before = IntakeItem.objects.count()

        self.take_in(letter, proxy.port)

        proxy.close()
        assert 0 < before < 130
        assert self.refs() == everybody(130)

    def test_the_next_run_does_not_read_again_what_was_taken_in(self, dovecot: Dovecot, letter):
        dovecot.fill(mails(30))
        self.take_in(letter, dovecot.port)
        position = MailboxPosition.objects.get().ref

        self.take_in(letter, dovecot.port)

        assert position.endswith(":30")
        assert MailboxPosition.objects.get().ref == position
        assert self.refs() == everybody(30)


class TestAKilledProcess:
    @pytest.fixture
    def manage(self, tmp_path: Path) -> Callable[..., subprocess.Popen[bytes]]:
        """Start a command of manage.py on a database of its own."""
        database = {"DATA_DIR": str(tmp_path), "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3"}
        environment = {**os.environ, "DEBUG": "1", **database}

        def start(*arguments: str) -> subprocess.Popen[bytes]:
            command = [sys.executable, str(ROOT / "manage.py"), *arguments]
            return subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)

        assert start("migrate", "--verbosity", "0").wait() == 0
        assert start("load_letter", str(ROOT / "letters/content/un-2011")).wait() == 0
        return start

    @pytest.mark.slow
    def test_every_signer_is_there_exactly_once_in_the_end(self, tmp_path: Path, manage):
        number, chance = 300, random.Random(1989)
        mbox = tmp_path / "letters.mbox"
        mbox.write_text("".join(POSTMARK + MAIL.format(n) for n in range(number)))
        command = ["import_signatures", str(mbox), "--letter", "un-2011"]

        for stage in sorted(chance.sample(range(1, number), KILLS)):
            kill_at(manage(*command), tmp_path / "db.sqlite3", stage)
        assert manage(*command).wait() == 0

        refs = rows(tmp_path / "db.sqlite3", "SELECT source_ref FROM signatures_signature")
        assert sorted(refs) == sorted(everybody(number))
        assert rows(tmp_path / "db.sqlite3", COUNT_ITEMS) == [number]
        assert rows(tmp_path / "db.sqlite3", COUNT_STAGED) == [number]


def kill_at(process: subprocess.Popen[bytes], database: Path, items: int) -> None:
    """SIGKILL the import as soon as it has taken in so many items."""
    while rows(database, COUNT_ITEMS) < [items]:
        with suppress(subprocess.TimeoutExpired):
            process.wait(POLL)
            pytest.fail("the import was faster than the kill")
    process.kill()
    process.wait()


def rows(database: Path, question: str) -> list[Any]:
    connection = sqlite3.connect(database, timeout=20)
    try:
        return [value for (value,) in connection.execute(question)]
    finally:
        connection.close()
