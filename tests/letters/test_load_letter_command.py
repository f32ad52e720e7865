"""`load_letter PATH` says in one line what it did, or why it did nothing."""

from __future__ import annotations

import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from letters.models import Letter

from .bundles import ENGLISH, LETTER, write_bundle

ROOT = Path(__file__).parents[2]


def load(*arguments: object) -> str:
    out = StringIO()
    call_command("load_letter", *map(str, arguments), stdout=out)
    return out.getvalue()


@pytest.mark.django_db
class TestLoadLetter:
    def test_it_says_created_then_unchanged_then_updated(self, tmp_path):
        first = load(write_bundle(tmp_path))
        second = load(tmp_path)
        third = load(write_bundle(tmp_path, letter=LETTER.replace("500", "600")))

        assert first == "small: created\n"
        assert second == "small: unchanged\n"
        assert third == "small: updated\n"

    def test_a_dry_run_changes_nothing(self, tmp_path):
        line = load(write_bundle(tmp_path), "--dry-run")

        assert line == "small: created (dry run)\n"
        assert not Letter.objects.exists()

    def test_new_only_creates_a_letter_that_is_not_there(self, tmp_path):
        line = load(write_bundle(tmp_path), "--new-only")

        assert line == "small: created\n"
        assert Letter.objects.get().goal == 500

    def test_new_only_leaves_what_organisers_changed_since(self, tmp_path):
        load(write_bundle(tmp_path))
        Letter.objects.update(goal=777)

        line = load(tmp_path, "--new-only")

        assert line == "small: left alone\n"
        assert Letter.objects.get().goal == 777

    def test_a_broken_bundle_is_one_line(self, tmp_path):
        write_bundle(tmp_path, text_en=None)

        with pytest.raises(CommandError) as refused:
            load(tmp_path)

        assert "\n" not in str(refused.value)
        assert refused.value.returncode == 1

    def test_a_changed_text_of_a_signed_letter_is_refused(self, letter, bundle, sign):
        sign(letter)
        write_bundle(bundle.path, text_en=ENGLISH.replace("please", "do"))

        with pytest.raises(CommandError, match=r"^This letter has been signed\. [^\n]+$"):
            load(bundle.path)


def test_bad_input_ends_with_exit_code_1_and_one_line_on_stderr(tmp_path):
    command = [sys.executable, "manage.py", "load_letter", str(tmp_path / "nowhere")]
    environment = {"DEBUG": "1", "DATA_DIR": str(tmp_path)}

    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)

    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr == f"CommandError: {tmp_path / 'nowhere'}: there is no such folder.\n"


def test_help_shows_an_example(capsys):
    with pytest.raises(SystemExit) as left:
        call_command("load_letter", "--help")

    assert left.value.code == 0
    assert "Example: manage.py load_letter letters/content/un-2011 --dry-run" in (
        capsys.readouterr().out
    )
