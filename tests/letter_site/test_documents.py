"""What the documents name is there: commands, files, places in other documents, dependencies."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from django.core.management import get_commands, load_command_class

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md")])
APPS = ["letter_site", "letters", "signatures", "deliveries"]
COMMANDS = sorted(
    path.stem for app in APPS for path in ROOT.glob(f"{app}/management/commands/[!_]*.py")
)
LINK = re.compile(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)")
FILE = re.compile(r"`((?:letter_site|letters|signatures|deliveries|deploy|tests|docs)/[\w./-]*)`")

each_document = pytest.mark.parametrize(
    "document", DOCUMENTS, ids=[str(path.relative_to(ROOT)) for path in DOCUMENTS]
)


def anchors(text: str) -> set[str]:
    """The places in a document that a link may point to, as GitHub names them."""
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@each_document
def test_every_link_leads_somewhere(document: Path):
    broken = []
    for target in LINK.findall(document.read_text()):
        name, _hash, anchor = target.partition("#")
        path = document.parent / name if name else document
        if "://" in target or target.startswith("mailto:"):
            continue
        if not path.exists() or (anchor and anchor not in anchors(path.read_text())):
            broken.append(target)

    assert broken == []


@each_document
def test_every_file_that_is_named_is_there(document: Path):
    named = FILE.findall(document.read_text())

    assert [name for name in named if not (ROOT / name).exists()] == []


def rows_of_commands() -> dict[str, str]:
    """The table of commands in docs/operating.md: name and the rest of its row."""
    text = (ROOT / "docs" / "operating.md").read_text()
    section = text.split("## Commands", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| (.+?) \|(.+)$", section, re.MULTILINE)
    return {
        words.split()[0]: rest for cell, rest in rows for words in re.findall(r"`([^`]+)`", cell)
    }


def test_every_command_is_listed():
    listed = set(rows_of_commands())

    assert set(COMMANDS) - listed == set()
    assert listed - set(get_commands()) == set()


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_every_command_has_an_example(name: str):
    command = load_command_class(get_commands()[name], name)

    said = command.create_parser("manage.py", name).format_help()

    assert re.search(rf"Example: \S+ {name}\b", " ".join(said.split()))


@pytest.mark.parametrize("name", sorted(set(rows_of_commands()) - set(COMMANDS)))
def test_a_command_of_another_package_has_its_example_in_the_table(name: str):
    [example] = re.findall(rf"Example: `\./run ({name}\b.*?)`", rows_of_commands()[name])

    command = load_command_class(get_commands()[name], name)
    command.create_parser("manage.py", name).parse_args(example.split()[1:])


def test_every_check_is_listed():
    source = (ROOT / "letter_site" / "checks.py").read_text()
    ids = set(re.findall(r'id="(letter_site\.[EW]\d+)"', source))
    text = (ROOT / "docs" / "operating.md").read_text()

    assert set(re.findall(r"^\| `(letter_site\.[EW]\d+)`", text, re.MULTILINE)) == ids


def test_every_dependency_has_its_reason():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    names = {re.split(r"[\[~>=<]", line)[0] for line in project["dependencies"]}
    text = (ROOT / "docs" / "architecture.md").read_text()
    section = text.split("## Dependencies", 1)[1]

    assert set(re.findall(r"^\| `([a-z0-9-]+)` \|", section, re.MULTILINE)) == names
