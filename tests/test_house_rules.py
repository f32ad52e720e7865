"""Habits of this project that no linter holds, read from the source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = ["letter_site", "letters", "signatures", "deliveries"]
LONGEST_FUNCTION = 60
LONGEST_MODULE = 300

APP_CODE = [path for app in APPS for path in sorted((ROOT / app).rglob("*.py"))]
# Travels with a delivery, to be run by its recipient, who has nothing of ours but the file: so it
# must be one file, whatever its length.
VERIFIER = ROOT / "deliveries" / "verify.py"
# Programs of their own, which answer on standard output.
SCRIPTS = [VERIFIER, *(ROOT / "deliveries" / "pdf" / name for name in ("bind.py", "worker.py"))]
OTHER_CODE = [ROOT / "run", ROOT / "manage.py", *sorted((ROOT / "bench").rglob("*.py"))]
CODE = [path for path in [*APP_CODE, *OTHER_CODE] if "migrations" not in path.parts]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
# Mail programs read no style sheets, and the admin brings pages of its own.
PUBLIC_PAGES = [path for path in TEMPLATES if not {"emails", "admin"} & set(path.parts)]

UNSAFE = {"marks text as safe": re.compile(r"\|\s*safe(seq)?\b|autoescape\s+off")}
INLINE = {
    "has an inline style": re.compile(r"\sstyle\s*=|<style\b", re.IGNORECASE),
    "has an inline script": re.compile(r"<script\b(?![^>]*\ssrc\s*=)", re.IGNORECASE),
    "has an event handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
}


def each(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths, ids=[str(p.relative_to(ROOT)) for p in paths])


def long_functions(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            if lines > LONGEST_FUNCTION:
                yield f"{node.name} has {lines} lines"


def bare_excepts(source: str) -> list[int]:
    nodes = ast.walk(ast.parse(source))
    return [n.lineno for n in nodes if isinstance(n, ast.ExceptHandler) and n.type is None]


def calls(source: str) -> list[str]:
    """Dotted names of what is called, such as `time.sleep`, and of what is imported by name."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            found.append(ast.unparse(node.func))
        elif isinstance(node, ast.ImportFrom):
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


def faults(text: str, rules: dict[str, re.Pattern[str]]) -> list[str]:
    return [fault for fault, pattern in rules.items() if pattern.search(text)]


@each(CODE)
def test_a_module_can_be_read_in_one_sitting(path: Path):
    source = path.read_text()

    assert path == VERIFIER or len(source.splitlines()) <= LONGEST_MODULE
    assert list(long_functions(source)) == []


@each(CODE)
def test_a_module_is_named_for_what_it_holds(path: Path):
    assert path.stem not in {"utils", "helpers", "util", "misc", "common"}


@each([*CODE, *TESTS])
def test_no_error_is_caught_without_naming_it(path: Path):
    assert bare_excepts(path.read_text()) == []


@each([path for path in APP_CODE if path not in SCRIPTS])
def test_app_code_does_not_print(path: Path):
    assert "print" not in calls(path.read_text())


@each(TESTS)
def test_no_test_waits_for_the_clock(path: Path):
    waits = re.compile(r"\b(sleep|wait_for_timeout)$")

    assert [name for name in calls(path.read_text()) if waits.search(name)] == []


@each(TEMPLATES)
def test_a_template_escapes_everything(path: Path):
    assert faults(path.read_text(), UNSAFE) == []


@each(PUBLIC_PAGES)
def test_a_public_page_needs_no_exception_from_the_content_security_policy(path: Path):
    assert faults(path.read_text(), INLINE) == []


# The rules themselves have teeth.


def test_a_long_function_is_found():
    source = "def long():\n" + "    x = 1\n" * LONGEST_FUNCTION

    assert list(long_functions(source)) == ["long has 61 lines"]


def test_a_bare_except_is_found():
    assert bare_excepts("try:\n    x = 1\nexcept:\n    pass\n") == [3]


@pytest.mark.parametrize("source", ["import time\ntime.sleep(1)", "from time import sleep"])
def test_a_wait_is_found(source: str):
    assert "time.sleep" in calls(source)


@pytest.mark.parametrize("text", ["{{ name|safe }}", "{{ name | safe }}", "{% autoescape off %}"])
def test_unescaped_text_is_found(text: str):
    assert faults(text, UNSAFE) == ["marks text as safe"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ('<p class="a" style="color: red">', "has an inline style"),
        ("<style>p {}</style>", "has an inline style"),
        ("<script>alert(1)</script>", "has an inline script"),
        ('<script type="module">go()</script>', "has an inline script"),
        ('<button type="submit" onclick="go()">', "has an event handler"),
        ('<script src="{% static "count.js" %}" defer></script>', None),
        ('<a href="/letters/?order=1" class="contact">', None),
    ],
)
def test_inline_code_in_a_page_is_found(text: str, fault: str | None):
    assert faults(text, INLINE) == ([fault] if fault else [])
