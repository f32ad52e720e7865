"""A backup is whole, for its custodians only, and never replaces what is there by mistake."""

from __future__ import annotations

import errno
import json
import os
import stat
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.core.management import CommandError, call_command
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from letter_site.operating import backup as backup_module
from letter_site.operating import restore as restore_module
from letter_site.operating.backup import backup_check, backup_make
from letter_site.operating.exceptions import BackupError
from letter_site.operating.programs import input_of, output_of
from letter_site.operating.restore import backup_restore, backup_try
from letter_site.operating.sealing import identities_in, open_stream, recipients_in, seal_stream
from tests.factories import SignatureFactory

KEY = pyrage.x25519.Identity.generate()
PUBLIC = str(KEY.to_public())
SECOND = pyrage.x25519.Identity.generate()
OPEN = Path.open


@pytest.fixture(autouse=True)
def places(settings: Any, tmp_path: Path) -> None:
    settings.DATA_DIR = tmp_path / "data"
    settings.BACKUP_DIR = tmp_path / "shelf"
    settings.BACKUP_RECIPIENT = PUBLIC


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    return tmp_path / "shelf"


@pytest.fixture
def key_file(tmp_path: Path) -> Path:
    path = tmp_path / "key.txt"
    path.write_text(f"# created: today\n# public key: {PUBLIC}\n{KEY}\n")
    return path


@pytest.fixture
def folder(transactional_db: None, shelf: Path) -> Path:
    """One backup of an empty site."""
    return backup_make(shelf=shelf, recipients=recipients_in(PUBLIC))


def said(command: str, *arguments: str) -> str:
    out = StringIO()
    call_command(command, *arguments, stdout=out)
    return out.getvalue()


# Keys


@given(clear=st.binary(max_size=200_000))
@hypothesis_settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_each_custodian_reads_the_same_bytes_back(tmp_path_factory, clear):
    sealed = tmp_path_factory.mktemp("sealed") / "x.age"
    seal_stream(BytesIO(clear), sealed, recipients_in(f"{PUBLIC}, {SECOND.to_public()}"))

    for identity in (KEY, SECOND):
        opened = BytesIO()
        open_stream(sealed, opened, [identity])
        assert opened.getvalue() == clear


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("", "BACKUP_RECIPIENT is not set"),
        (" , ", "BACKUP_RECIPIENT is not set"),
        ("age1nonsense", "BACKUP_RECIPIENT: That is not an age public key"),
        (f"{PUBLIC},{KEY}", "BACKUP_RECIPIENT: That is not an age public key"),
    ],
)
def test_a_recipient_that_is_none_is_named(words, sentence):
    with pytest.raises(BackupError, match=sentence):
        recipients_in(words)


def test_a_complaint_about_keys_repeats_no_secret_key():
    with pytest.raises(BackupError) as caught:
        recipients_in(str(KEY))

    assert str(KEY) not in str(caught.value)


def test_a_key_file_may_hold_comments_and_several_keys(key_file):
    key_file.write_text(key_file.read_text() + f"\n{SECOND}\n")

    assert [str(each) for each in identities_in(key_file)] == [str(KEY), str(SECOND)]


@pytest.mark.parametrize("content", [b"AGE-SECRET-KEY-NONSENSE", b"\xff\xfe"])
def test_a_key_file_that_is_none_is_refused(key_file, content):
    key_file.write_bytes(content)

    with pytest.raises(BackupError, match="cannot be read as a file of age secret keys"):
        identities_in(key_file)


# Programs


def test_a_program_that_is_missing_is_named_with_its_package(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))

    with (
        pytest.raises(BackupError, match=r"pg_dump is not on the PATH.*postgresql-client"),
        output_of(["pg_dump"]),
    ):
        pytest.fail("it ran")


def a_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    path = tmp_path / "tar"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")


def test_a_program_that_fails_is_quoted_up_to_where_rows_could_follow(tmp_path, monkeypatch):
    a_program(tmp_path, monkeypatch, "echo 'no space'>&2; echo 'CONTEXT: Ada'>&2; exit 1")

    with pytest.raises(BackupError) as caught, output_of(["tar"]) as stream:
        stream.read()

    assert str(caught.value) == "tar failed: no space"


def break_off(reason: str) -> None:
    with output_of(["tar"]) as stream:
        stream.readline()
        raise BackupError(reason)


def write_late(moment: Path) -> None:
    with input_of(["tar"]) as stream:
        stream.write(b"x")
        moment.read_text()


def test_the_first_cause_is_told_not_what_a_program_says_when_it_is_ended(tmp_path, monkeypatch):
    script = "trap \"echo 'terminated by user' >&2; exit 1\" TERM; echo begun; while :; do :; done"
    a_program(tmp_path, monkeypatch, script)

    with pytest.raises(BackupError, match=r"^No space left on device$"):
        break_off("No space left on device")


def test_what_a_program_complained_of_before_is_the_first_cause(tmp_path, monkeypatch):
    a_program(tmp_path, monkeypatch, "echo 'not an archive' >&2; echo ended; exit 1")

    with pytest.raises(BackupError, match=r"^tar failed: not an archive$"):
        break_off("Broken pipe")


def test_a_program_that_reads_nothing_is_told_in_its_own_words(tmp_path, monkeypatch):
    closed = tmp_path / "closed"
    os.mkfifo(closed)
    a_program(tmp_path, monkeypatch, f"echo 'no server' >&2; exec <&-; echo >{closed}; exit 1")

    with pytest.raises(BackupError, match=r"^tar failed: no server$"):
        write_late(closed)


def test_a_program_that_dies_without_a_word_is_not_taken_for_done(tmp_path, monkeypatch):
    a_program(tmp_path, monkeypatch, "cat >/dev/null; kill -9 $$")

    with pytest.raises(BackupError, match=r"^tar failed\.$"), input_of(["tar"]) as stream:
        stream.write(b"x")


# Making


def test_a_backup_has_three_files_for_its_owner_alone(folder):
    assert sorted(path.name for path in folder.iterdir()) == [
        "backup.json",
        "database.age",
        "files.age",
    ]
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.django_db(transaction=True)
def test_nothing_of_a_signer_is_readable_on_the_disk(shelf, tmp_path, settings):
    SignatureFactory(name="Ada Canary")
    packet = settings.DATA_DIR / "deliveries" / "1"
    packet.mkdir(parents=True)
    (packet / "signatures.csv").write_text("Ada Canary")

    backup_make(shelf=shelf, recipients=recipients_in(PUBLIC))

    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert [path.name for path in kept if b"Canary" in path.read_bytes()] == ["signatures.csv"]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("step", ["output_of", "database_dump", "file_digest"])
def test_a_backup_that_fails_leaves_nothing_half(shelf, monkeypatch, step):
    def fail(*_args: Any, **_kwargs: Any) -> None:
        raise BackupError("the disk is full")

    monkeypatch.setattr(backup_module, step, fail)

    with pytest.raises(BackupError, match="the disk is full"):
        backup_make(shelf=shelf, recipients=recipients_in(PUBLIC))

    assert list(shelf.iterdir()) == []


@pytest.mark.django_db(transaction=True)
def test_a_place_that_cannot_be_written_is_said_in_one_line(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(BackupError, match="Cannot write to"):
        backup_make(shelf=tmp_path / "file" / "shelf", recipients=recipients_in(PUBLIC))


@pytest.mark.django_db(transaction=True)
def test_the_command_keeps_as_many_as_it_is_told(shelf):
    for day in (1, 2, 3):
        (shelf / f"letter-2026010{day}T000000Z").mkdir(parents=True)

    lines = said("backup", "--keep", "2").splitlines()

    assert lines[0].endswith(": 0 signatures")
    assert [Path(line.split()[0]).name for line in lines[1:]] == [
        "letter-20260101T000000Z",
        "letter-20260102T000000Z",
    ]
    assert len(list(shelf.iterdir())) == 2


@pytest.mark.parametrize("keep", ["0", "-1"])
def test_the_command_keeps_at_least_one(keep):
    with pytest.raises(CommandError, match="At least 1 backup has to be kept"):
        call_command("backup", f"--keep={keep}")


def test_the_command_makes_no_backup_that_anybody_could_read(settings):
    settings.BACKUP_RECIPIENT = ""

    with pytest.raises(CommandError, match="BACKUP_RECIPIENT is not set"):
        call_command("backup")


def test_a_dry_run_checks_what_is_there_and_makes_nothing(folder, shelf):
    lines = said("backup", "--dry-run").splitlines()

    assert lines[0] == f"{folder}: 0 signatures, whole"
    assert lines[1].startswith("A new one would be made in")
    assert list(shelf.iterdir()) == [folder]


def test_a_machine_that_only_stores_backups_checks_them_without_any_key(folder, shelf, settings):
    settings.BACKUP_RECIPIENT = ""

    assert said("backup", "--dry-run").startswith(f"{folder}: 0 signatures, whole")


def test_a_shelf_that_cannot_be_read_is_said_in_one_line(shelf, monkeypatch):
    shelf.mkdir()
    monkeypatch.setattr(Path, "iterdir", denied)

    with pytest.raises(CommandError, match=r"^\S+ cannot be read: Permission denied\.$"):
        call_command("backup", "--dry-run")


def denied(_path: Path) -> None:
    """What root, who may run this test, would never meet."""
    raise PermissionError(errno.EACCES, "Permission denied")


@pytest.mark.django_db
def test_a_backup_inside_a_transaction_is_refused_rather_than_waited_for(shelf):
    with pytest.raises(BackupError, match="inside a transaction"):
        backup_make(shelf=shelf, recipients=recipients_in(PUBLIC))


# Checking


@pytest.mark.parametrize("name", ["database.age", "files.age"])
def test_a_flipped_bit_is_found_without_any_key(folder, name):
    raw = bytearray((folder / name).read_bytes())
    raw[len(raw) // 2] ^= 1
    (folder / name).write_bytes(raw)

    with pytest.raises(BackupError, match=f"the checksum of {name} is wrong"):
        backup_check(folder)


@pytest.mark.parametrize("name", ["database.age", "files.age", "backup.json"])
def test_a_file_that_is_missing_makes_it_no_backup(folder, name):
    (folder / name).unlink()

    with pytest.raises(BackupError, match="is not a whole backup"):
        backup_check(folder)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": "open-letter-backup/1"}'])
def test_words_that_are_no_facts_make_it_no_backup(folder, text):
    (folder / "backup.json").write_text(text)

    with pytest.raises(BackupError, match="is not a whole backup"):
        backup_check(folder)


def test_a_format_of_the_future_is_not_guessed_at(folder):
    facts = json.loads((folder / "backup.json").read_text())
    (folder / "backup.json").write_text(json.dumps(facts | {"format": "open-letter-backup/2"}))

    with pytest.raises(BackupError, match="a format that this version does not know"):
        backup_check(folder)


def test_a_backup_is_read_to_its_end_with_the_right_key(folder):
    assert backup_try(folder=folder, identities=[KEY]) == backup_check(folder)


def test_a_strangers_key_opens_nothing(folder):
    with pytest.raises(BackupError, match=r"database\.age could not be opened with this key"):
        backup_try(folder=folder, identities=[SECOND])


# Refusing to restore


def test_a_database_in_use_is_not_replaced_without_force(folder):
    SignatureFactory(name="Ada")

    with pytest.raises(BackupError, match="The database is not empty"):
        backup_restore(folder=folder, identities=[KEY])


def test_a_backup_of_another_kind_of_database_is_refused(folder):
    facts = json.loads((folder / "backup.json").read_text())
    (folder / "backup.json").write_text(json.dumps(facts | {"engine": "oracle"}))

    with pytest.raises(BackupError, match="This backup is of oracle"):
        backup_restore(folder=folder, identities=[KEY], force=True)


def test_the_restore_command_says_in_one_line_what_is_wrong(tmp_path, key_file):
    with pytest.raises(CommandError, match="is not a whole backup"):
        call_command("restore", str(tmp_path), "--identity", str(key_file))


# Journals: one that is missed brings back people who left


@pytest.fixture
def not_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        pytest.fail("the database was touched")

    monkeypatch.setattr(restore_module, "database_load", fail)


def a_missing_journal(place: Path) -> Path:
    return place / "eraseres.txt"


def a_file_that_is_no_journal(place: Path) -> Path:
    (place / "notes.txt").write_text("erasures: see the other file\n")
    return place / "notes.txt"


def a_folder(place: Path) -> Path:
    return place


def a_journal_of_somebody_else(place: Path) -> Path:
    """Under root every file can be read, so opening it is what fails."""
    (place / "locked.txt").touch()
    return place / "locked.txt"


def locked(path: Path, *args: Any, **kwargs: Any) -> Any:
    if path.name == "locked.txt":
        raise PermissionError(errno.EACCES, "Permission denied")
    return OPEN(path, *args, **kwargs)


@pytest.mark.usefixtures("not_replaced")
@pytest.mark.parametrize("mode", ["--force", "--dry-run"])
@pytest.mark.parametrize(
    ("make", "fault"),
    [
        (a_missing_journal, "is no journal of erasures, or is not there."),
        (a_file_that_is_no_journal, "is no journal of erasures, or is not there."),
        (a_folder, "cannot be read: Is a directory."),
        (a_journal_of_somebody_else, "cannot be read: Permission denied."),
    ],
)
def test_a_journal_that_cannot_be_read_stops_a_restore_before_it_begins(
    folder, key_file, tmp_path, monkeypatch, make, fault, mode
):
    journal = make(tmp_path)
    monkeypatch.setattr(Path, "open", locked)

    with pytest.raises(CommandError) as caught:
        said("restore", str(folder), f"--identity={key_file}", f"--journal={journal}", mode)

    assert str(caught.value) == f"{journal} {fault}"


@pytest.mark.usefixtures("not_replaced")
def test_this_machines_own_journal_has_to_be_readable_too(folder, settings):
    (settings.DATA_DIR / "erasures.txt").mkdir()

    with pytest.raises(BackupError, match=r"erasures\.txt cannot be read: Is a directory"):
        backup_restore(folder=folder, identities=[KEY], force=True)


def test_a_journal_in_which_nobody_left_yet_is_one(folder, key_file, tmp_path):
    (tmp_path / "erasures.txt").touch()
    journal = f"--journal={tmp_path / 'erasures.txt'}"

    line = said("restore", str(folder), f"--identity={key_file}", journal, "--dry-run")

    assert line.startswith("Whole: 0 signatures of 20")


def test_a_dry_run_of_restore_reads_all_and_changes_nothing(folder, key_file):
    line = said("restore", str(folder), "--identity", str(key_file), "--dry-run")

    assert line.startswith("Whole: 0 signatures of 20")
