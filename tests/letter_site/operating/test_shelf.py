"""Backups stand on a shelf, oldest first, and make room for new ones."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from letter_site.operating.shelf import backup_name, backup_time, backups_in, backups_rotate


def put(shelf: Path, *names: str) -> None:
    for name in names:
        (shelf / name).mkdir()
        (shelf / name / "backup.json").write_text("{}")


def names(folders: list[Path]) -> list[str]:
    return [folder.name for folder in folders]


def test_a_name_says_the_moment_in_utc():
    moment = datetime(2026, 6, 4, 1, 30, tzinfo=timezone(timedelta(hours=2)))

    assert backup_name(moment) == "letter-20260603T233000Z"


@given(st.datetimes(min_value=datetime(2000, 1, 1), timezones=st.just(UTC)))
def test_a_name_is_read_back_to_the_second(moment):
    assert backup_time(Path(backup_name(moment))) == moment.replace(microsecond=0)


def test_only_finished_backups_are_found_oldest_first(tmp_path):
    put(tmp_path, "letter-20260102T000000Z", "letter-20260101T000000Z", ".letter.partial", "notes")

    assert names(backups_in(tmp_path)) == ["letter-20260101T000000Z", "letter-20260102T000000Z"]


def test_no_folder_means_no_backup(tmp_path):
    assert backups_in(tmp_path / "nowhere") == []


def test_the_oldest_go_and_strangers_stay(tmp_path):
    put(tmp_path, "notes", *(f"letter-2026010{day}T000000Z" for day in range(1, 6)))

    gone = backups_rotate(tmp_path, keep=2)

    assert names(gone) == [f"letter-2026010{day}T000000Z" for day in (1, 2, 3)]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "letter-20260104T000000Z",
        "letter-20260105T000000Z",
        "notes",
    ]


def test_the_last_backup_never_goes(tmp_path):
    put(tmp_path, "letter-20260101T000000Z")

    assert backups_rotate(tmp_path, keep=0) == []
