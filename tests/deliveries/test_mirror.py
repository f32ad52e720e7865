"""Writing a copy: whole or not at all, and never over something else."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from signatures.enums import Visibility
from tests.factories import LetterFactory, SignatureFactory, TextFactory


@pytest.fixture
def text(db):
    return TextFactory(letter__slug="peace", title="For peace")


@pytest.fixture
def output(tmp_path) -> Path:
    return tmp_path / "copy"


def test_a_copy_says_whose_it_is_and_of_when(text, output):
    call_command("mirror", str(output))

    assert (output / "mirror.txt").read_text().startswith("http://testserver 20")
    page = (output / "index.html").read_text()
    assert "This is a copy, made on" in page
    assert 'href="http://testserver" dir="ltr"' in page


def test_links_are_relative_and_what_is_not_copied_is_at_the_original(text, output):
    call_command("mirror", str(output))

    page = (output / "fr" / "letters" / "peace" / "index.html").read_text()
    assert '<link rel="stylesheet" href="../../../site.css">' in page
    assert 'href="statistics/index.html"' in page
    assert 'href="http://testserver/fr/letters/peace/updates.atom"' in page


def test_without_a_mailbox_signing_is_left_to_the_original(text, output):
    call_command("mirror", str(output))

    page = (output / "index.html").read_text()
    assert 'href="http://testserver/letters/peace/">Sign at the original' in page
    assert "<form" not in page


def test_several_letters_begin_with_a_list(text, output):
    TextFactory(letter__slug="bread", title="For bread")

    call_command("mirror", str(output))

    page = (output / "index.html").read_text()
    assert 'href="letters/peace/index.html"' in page
    assert 'href="letters/bread/index.html"' in page


def test_only_names_that_may_be_shown_are_in_it(text, output):
    for visibility in Visibility:
        SignatureFactory(text=text, name=f"Seen {visibility}", visibility=visibility)

    call_command("mirror", str(output))

    everything = "".join(file.read_text() for file in output.rglob("*.html"))
    assert "Seen public" in everything
    assert "Seen recipient" not in everything
    assert "Seen counted" not in everything


def test_an_older_copy_is_replaced_whole(text, output):
    call_command("mirror", str(output))
    (output / "left over.html").write_text("old")

    call_command("mirror", str(output))

    assert not (output / "left over.html").exists()
    assert [each.name for each in output.parent.iterdir()] == ["copy"]


def test_an_empty_folder_may_be_used(text, output):
    output.mkdir()

    call_command("mirror", str(output))

    assert (output / "index.html").is_file()


def test_something_else_is_never_replaced(text, output):
    output.mkdir()
    (output / "thesis.txt").write_text("years of work")

    with pytest.raises(CommandError, match="holds something else than a mirror"):
        call_command("mirror", str(output))

    assert (output / "thesis.txt").read_text() == "years of work"


def test_a_copy_that_breaks_off_leaves_the_older_one(text, output, monkeypatch):
    call_command("mirror", str(output))

    def fail(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("deliveries.mirror.Mirror._write_page", fail)

    with pytest.raises(CommandError, match="could not be written: No space left on device"):
        call_command("mirror", str(output))

    assert (output / "index.html").is_file()
    assert [each.name for each in output.parent.iterdir()] == ["copy"]


def test_a_dry_run_writes_nothing(text, output, capsys):
    call_command("mirror", str(output), "--dry-run")

    assert capsys.readouterr().out == "would copy peace\n"
    assert not output.exists()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--letter", "nowhere"], "There is no published letter 'nowhere' with a text."),
        (["--letter", "empty"], "There is no published letter 'empty' with a text."),
        ([], "There is no published letter with a text."),
    ],
)
def test_without_a_letter_there_is_nothing_to_copy(db, output, arguments, sentence):
    LetterFactory(slug="empty")

    with pytest.raises(CommandError) as refused:
        call_command("mirror", str(output), *arguments)

    assert str(refused.value) == sentence
