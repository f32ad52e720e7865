"""One table lists every setting with its default, and it is true."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
APPS = ["letter_site", "letters", "signatures", "deliveries"]
SOURCES = [
    *(path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))),
    *sorted((ROOT / "deploy").glob("*.py")),
]
READERS = {"required", "rate", "get", "str", "int", "bool", "list"}
# Not a setting: Django's own way to find the settings, and gunicorn's own arguments.
NOT_OURS = {"DJANGO_SETTINGS_MODULE", "GUNICORN_CMD_ARGS"}
NAME = re.compile(r"[A-Z][A-Z_]+")
# Read by a library or by deploy/compose.yaml, not by a line of ours.
READ_ELSEWHERE = {"POSTGRES_PASSWORD"}


def constants_of(tree: ast.Module) -> dict[str, str]:
    """Names that stand for a string all over a module."""
    return {
        target.id: node.value.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and isinstance(node.value.value, str)
    }


def reads_environment(call: ast.Call) -> bool:
    """Whether `call` is env.str(…), os.environ.get(…), or a reader of `letter_site.env`."""
    words = ast.unparse(call.func).split(".")
    is_ours = len(words) == 1 and words[0] in {"required", "rate", "flag", "number"}
    return is_ours or (words[-1] in READERS and bool({"env", "environ"} & set(words[:-1])))


def readings(source: str) -> Iterator[tuple[str, str | None]]:
    """Each variable that `source` reads, and its default where that is written out."""
    tree = ast.parse(source)
    known = constants_of(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == "os.environ":
            name: ast.expr = node.slice
            default: ast.expr | None = None
        elif isinstance(node, ast.Call) and node.args and reads_environment(node):
            name = node.args[0]
            given = [word.value for word in node.keywords if word.arg == "default"]
            default = next(iter(given or node.args[1:2]), None)
        else:
            continue
        word = known.get(name.id) if isinstance(name, ast.Name) else getattr(name, "value", None)
        if isinstance(word, str) and NAME.fullmatch(word):
            yield word, str(default.value) if isinstance(default, ast.Constant) else None


def read_in_code() -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    for path in SOURCES:
        for name, default in readings(path.read_text()):
            found[name] = found.get(name) or default
    return {name: default for name, default in found.items() if name not in NOT_OURS}


def table() -> dict[str, str]:
    """The settings table of docs/operating.md: name and default."""
    text = (ROOT / "docs" / "operating.md").read_text()
    section = text.split("## Settings", 1)[1].split("\n## ", 1)[0]
    return dict(re.findall(r"^\| `([A-Z_]+)` \| ([^|]*) \|", section, re.MULTILINE))


def example() -> set[str]:
    text = (ROOT / ".env.example").read_text()
    return set(re.findall(r"^#?([A-Z_]+)=", text, re.MULTILINE))


def test_every_variable_that_is_read_stands_in_the_table_and_no_other():
    assert set(table()) == set(read_in_code()) | READ_ELSEWHERE


def test_every_variable_stands_in_the_example_and_no_other():
    assert example() == set(table())


@pytest.mark.parametrize(
    ("name", "default"), [item for item in read_in_code().items() if item[1]], ids=str
)
def test_the_table_tells_the_default_of_the_code(name, default):
    assert f"`{default}`" in table()[name]


def test_what_is_required_is_said_to_be_required():
    required = set(
        re.findall(r'required\("([A-Z_]+)"', (ROOT / "letter_site/settings.py").read_text())
    )

    assert {name for name, default in table().items() if default.startswith("required")} == required


# The reading itself has teeth.


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('env.int("PORT", default=9100)', [("PORT", "9100")]),
        ('os.environ.get("PLACE", "here")', [("PLACE", "here")]),
        ('os.environ["PLACE"]', [("PLACE", None)]),
        ('WORD = "SECRET_WORD"\nos.environ.get(WORD, "")', [("SECRET_WORD", "")]),
        ('required("SITE", debug=True)', [("SITE", None)]),
        ('rate("SPEED", "10/m")', [("SPEED", "10/m")]),
        ('flag("LOUD", True)', [("LOUD", "True")]),
        ('number("PORT", 9100, least=1)', [("PORT", "9100")]),
        ('env.str("PLACE", f"{here}")', [("PLACE", None)]),
        ('cache.get("PLACE")', []),
        ('env.bool("lower")', []),
    ],
)
def test_a_variable_is_found_however_it_is_read(source, found):
    assert list(readings(source)) == found
