"""A packet appears whole or not at all."""

from __future__ import annotations

import signal
import subprocess
import sys
import zipfile

import pytest

from deliveries.exceptions import PacketExists
from deliveries.staging import staged, zip_folder

KILLED_HALFWAY = """
import os, signal, sys
from pathlib import Path
from deliveries.staging import staged
with staged(Path(sys.argv[1])) as folder:
    (folder / "half").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture
def target(tmp_path):
    return tmp_path / "deliveries" / "1"


def visible(target) -> list[str]:
    return [path.name for path in target.parent.iterdir() if not path.name.startswith(".")]


def test_what_was_filled_becomes_the_target(target):
    with staged(target) as folder:
        (folder / "file").write_text("content")
        assert visible(target) == []

    assert (target / "file").read_text() == "content"
    assert visible(target) == ["1"]


def test_a_full_disk_leaves_nothing_and_the_next_try_works(target):
    with pytest.raises(OSError, match="No space left"):
        fill_the_disk(target)

    assert visible(target) == []
    assert not target.with_name(".1.partial").exists()

    with staged(target) as folder:
        (folder / "file").touch()

    assert [path.name for path in target.iterdir()] == ["file"]


def test_a_killed_process_leaves_nothing_that_looks_complete_and_the_next_try_works(target):
    done = subprocess.run([sys.executable, "-c", KILLED_HALFWAY, str(target)], check=False)

    assert done.returncode == -signal.SIGKILL
    assert visible(target) == []

    with staged(target) as folder:
        assert list(folder.iterdir()) == []

    assert visible(target) == ["1"]


def test_a_second_one_started_at_once_is_refused_and_disturbs_nothing(target):
    with staged(target) as folder:
        (folder / "file").touch()
        with pytest.raises(PacketExists, match=r"1 is being made at this moment\."), staged(target):
            pass

    assert [path.name for path in target.iterdir()] == ["file"]


def test_a_delivery_that_is_there_is_never_overwritten(target):
    with staged(target) as folder:
        (folder / "file").write_text("first")

    with pytest.raises(PacketExists, match="there already"), staged(target):
        pass

    assert (target / "file").read_text() == "first"


def test_a_zip_of_the_same_files_is_the_same_bytes(target):
    with staged(target) as folder:
        (folder / "b").write_text("b")
        (folder / "a").write_text("a" * 100_000)

    zip_folder(target, target.with_name("first.zip"))
    (target / "a").touch()
    zip_folder(target, target.with_name("second.zip"))

    assert target.with_name("first.zip").read_bytes() == target.with_name("second.zip").read_bytes()
    with zipfile.ZipFile(target.with_name("first.zip")) as archive:
        assert archive.namelist() == ["1/a", "1/b"]
        assert archive.read("1/a") == b"a" * 100_000


def test_a_zip_that_fails_leaves_nothing(target, monkeypatch):
    with staged(target) as folder:
        (folder / "a").touch()
    monkeypatch.setattr("shutil.copyfileobj", fail)

    with pytest.raises(OSError, match="No space left"):
        zip_folder(target, target.with_name("1.zip"))

    assert visible(target) == ["1"]
    assert not target.with_name(".1.zip.partial").exists()


def fill_the_disk(target):
    with staged(target) as folder:
        (folder / "half").write_text("half")
        fail()


def fail(*_arguments):
    raise OSError("No space left on device")
