"""The import rules of docs/architecture.md, read from the source.

To move a module, or to add one, edit LAYERS: every module of every app has its line there.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from fnmatch import fnmatchcase
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Across apps: an app imports only itself and those before it.
APPS = ["letters", "signatures", "deliveries"]

# Inside an app, from the ground up: a module imports only from its own line and those above it.
# The words are a module's dotted name inside its app; a star stands for one name, and the first
# line with a match holds the module.
LAYERS = {
    "ground": """
        __init__ enums exceptions validators tokens normalise
        romanise places name_match likeness keys sealing cursors
        canonical rendering listing content values intake intake.*
        exporters.rows exporters.formula
        digests manifest methods facts seal verify typst.draw
    """,
    "models": "models models.* migrations migrations.*",
    "mail and limits": "emails ratelimit proof_of_work queue snapshot freshness journal",
    "services": "services services.* pdf pdf.* frozen staging packet",
    "shape": "forms forms_paper exporters exporters.*",
    "doors": """
        views views.* admin admin.* api mirror sitemaps templatetags templatetags.*
        management management.commands management.commands.* tasks checks apps
    """,
    "urls": "urls",
}

# What a layer may not import from outside: the ground knows no database, models know no request.
FOREIGN: dict[str, list[str]] = {
    "ground": ["django.db", "django.http", "django.forms", "django.core.mail", "django.contrib"],
    "models": ["django.http", "django.forms", "django.core.mail", "django.shortcuts"],
    "services": ["django.http", "django.forms", "django.shortcuts", "django.contrib.admin"],
}
# Choices are plain enums that live beside the ORM.
ALLOWED = {"django.db.models", "django.db.models.TextChoices", "django.db.models.IntegerChoices"}

# The frame around the apps: only these of its modules see them, and no app sees the frame.
FRAME = "letter_site"
FRAME_SEES_APPS = ["urls", "settings", "checks", "staff.*", "operating.*"]


class Module(NamedTuple):
    app: str
    inner: str  # the dotted name inside the app; `__init__` for the app itself
    source: str
    is_package: bool = False

    @property
    def name(self) -> str:
        return self.app if self.inner == "__init__" else f"{self.app}.{self.inner}"


def modules_of(app: str) -> list[Module]:
    return [module_at(app, path) for path in sorted((ROOT / app).rglob("*.py"))]


def module_at(app: str, path: Path) -> Module:
    parts = path.relative_to(ROOT / app).with_suffix("").parts
    is_package = parts[-1] == "__init__"
    inner = ".".join(parts[:-1] if is_package else parts) or "__init__"
    return Module(app, inner, path.read_text(), is_package)


def imports_of(module: Module) -> Iterator[str]:
    """Dotted names of what `module` imports, wherever the import stands.

    An import inside a function, or under TYPE_CHECKING, is a dependency like any other: who reads
    the module has to know what it names.
    """
    for node in ast.walk(ast.parse(module.source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            origin = origin_of(node, module)
            yield from (f"{origin}.{alias.name}" for alias in node.names)


def origin_of(node: ast.ImportFrom, module: Module) -> str:
    if not node.level:
        return str(node.module)
    parts = module.name.split(".")
    kept = parts[: len(parts) - node.level + module.is_package]
    return ".".join([*kept, node.module] if node.module else kept)


def layer_of(inner: str) -> str | None:
    for layer, patterns in LAYERS.items():
        if any(matches(inner, pattern) for pattern in patterns.split()):
            return layer
    return None


def matches(inner: str, pattern: str) -> bool:
    return inner.count(".") == pattern.count(".") and fnmatchcase(inner, pattern)


def own_layer(module: Module) -> str:
    layer = layer_of(module.inner)
    if layer is None:
        pytest.fail(f"No layer holds {module.name}: give it a line in LAYERS of {__name__}.")
    return layer


def imported_layer(name: str) -> str:
    """The layer of the module that `name` is, or that `name` is imported from."""
    parts = name.split(".")[1:]
    prefixes = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((layer for prefix in prefixes if (layer := layer_of(prefix))), "ground")


def is_within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


def app_violations(module: Module) -> list[str]:
    """Imports of an app that comes later, or of the frame."""
    later = [FRAME, *APPS[APPS.index(module.app) + 1 :]]
    return [
        f"{module.name} imports {name}"
        for name in imports_of(module)
        if any(is_within(name, app) for app in later)
    ]


def layer_violations(module: Module) -> list[str]:
    """Imports from a layer above the module's own, or of what its layer keeps out."""
    layers = list(LAYERS)
    own = own_layer(module)
    found = []
    for name in imports_of(module):
        if is_within(name, module.app):
            other = imported_layer(name)
            if layers.index(other) > layers.index(own):
                found.append(f"{module.name} ({own}) imports {name} ({other})")
        elif name not in ALLOWED and any(is_within(name, bad) for bad in FOREIGN.get(own, [])):
            found.append(f"{module.name} ({own}) imports {name}")
    return found


def circle_in(modules: dict[str, Module]) -> list[str] | None:
    """Names of modules that import each other in a circle, or None."""
    graph = {
        module.name: {defining(name, modules) for name in imports_of(module)} - {module.name, None}
        for module in modules.values()
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return None


def defining(name: str, modules: dict[str, Module]) -> str | None:
    """Which of `modules` the dotted `name` is, or lies in."""
    while name and name not in modules:
        name = name.rpartition(".")[0]
    return name or None


ALL_MODULES = [module for app in APPS for module in modules_of(app)]
each_module = pytest.mark.parametrize("module", ALL_MODULES, ids=lambda module: module.name)


@each_module
def test_a_module_has_its_place_in_the_layers(module: Module):
    assert own_layer(module) in LAYERS


@each_module
def test_an_app_imports_only_the_apps_before_it(module: Module):
    assert app_violations(module) == []


@each_module
def test_a_module_imports_only_from_its_layer_and_those_below(module: Module):
    assert layer_violations(module) == []


@pytest.mark.parametrize("app", APPS)
def test_no_modules_import_each_other_in_a_circle(app: str):
    modules = {module.name: module for module in modules_of(app)}

    assert circle_in(modules) is None


def test_only_the_frames_named_modules_import_an_app():
    seeing = {
        module.inner
        for module in modules_of(FRAME)
        for name in imports_of(module)
        if any(is_within(name, app) for app in APPS)
    }

    assert [name for name in seeing if not any(matches(name, p) for p in FRAME_SEES_APPS)] == []


# The rules themselves have teeth: each of these small modules breaks one, or keeps them all.


@pytest.mark.parametrize(
    ("app", "source"),
    [
        ("letters", "import signatures"),
        ("letters", "from signatures.models import Signature"),
        ("letters", "from deliveries import models"),
        ("letters", "def late():\n    from signatures import enums"),
        ("letters", "if TYPE_CHECKING:\n    from signatures.models import Signature"),
        ("signatures", "from deliveries.models import Delivery"),
        ("signatures", "from letter_site import settings"),
    ],
)
def test_an_import_of_a_later_app_is_found(app: str, source: str):
    assert len(app_violations(Module(app, "services", source))) == 1


@pytest.mark.parametrize(
    ("inner", "source"),
    [
        ("enums", "from .models import Letter"),
        ("enums", "from . import models"),
        ("enums", "from letters import models"),
        ("enums", "import letters.models"),
        ("validators", "from django.db.models import Q"),
        ("validators", "from django.db import connection"),
        ("models", "def save():\n    from . import admin"),
        ("models", "from django.core.mail import send_mail"),
        ("services.publishing", "from ..admin import LetterAdmin"),
        ("services.publishing", "from django.http import HttpRequest"),
    ],
)
def test_an_import_from_a_higher_layer_is_found(inner: str, source: str):
    assert len(layer_violations(Module("letters", inner, source))) == 1


@pytest.mark.parametrize(
    ("inner", "source"),
    [
        ("enums", "from django.db.models import TextChoices"),
        ("enums", "from django.db import models"),
        ("models", "from .enums import ReviewPolicy"),
        ("admin", "from letters.models import Letter"),
        ("urls", "from . import models"),
    ],
)
def test_an_import_from_below_is_allowed(inner: str, source: str):
    module = Module("letters", inner, source)

    assert app_violations(module) == layer_violations(module) == []


def test_a_module_without_a_layer_is_told_where_to_go():
    with pytest.raises(pytest.fail.Exception, match=r"letters\.gadgets: give it a line in LAYERS"):
        own_layer(Module("letters", "gadgets", ""))


def test_a_circle_of_imports_is_found():
    one = Module("letters", "services.one", "from .two import second")
    two = Module("letters", "services.two", "def late():\n    from .one import first")

    circle = circle_in({module.name: module for module in (one, two)})

    assert circle is not None
    assert set(circle) == {one.name, two.name}
