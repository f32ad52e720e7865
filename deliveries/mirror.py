"""A copy of the public pages as plain files, for places where the site is blocked.

Opens from a folder or from any static host: every link is relative, the style sheet lies beside,
nothing is loaded from elsewhere. What is not copied is linked at the original's address.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from os.path import relpath
from pathlib import Path
from posixpath import dirname
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import timezone, translation

from letters.models import Letter
from signatures.views.letter import (
    find_text,
    four_lines,
    letter_context,
    list_context,
    privacy_context,
)
from signatures.views.names import names_after, names_context
from signatures.views.statistics import statistics_context
from signatures.views.updates import updates_context

from .enums import DeliveryState
from .exceptions import MirrorRefused
from .models import Delivery
from .views import deliveries_context, delivery_context

MARK = "mirror.txt"  # says that a folder may be replaced by a newer copy
STATIC_FILES = ["site/site.css", "site/icon.svg"]
LINK = re.compile(r'(?<=\s)(href|src)="(/[^"#]*)')
OnPage = Callable[[int], object]


class Page(NamedTuple):
    """A page of the site, and how to fill it in whatever language is active."""

    route: str
    args: tuple[object, ...]
    template: str
    context: Callable[[], dict[str, Any]]

    @property
    def path(self) -> str:
        return reverse(self.route, args=self.args)


def mirror_write(*, letters: list[Letter], output: Path, on_page: OnPage = lambda _n: None) -> int:
    """Put a copy of `letters` at `output`, in every language; return how many pages it has.

    It appears whole or not at all, in the place of an older copy. Raises MirrorRefused where
    something else lies at `output`, and OSError where it cannot be written.
    """
    output = output.absolute()
    if output.exists() and not _may_be_replaced(output):
        raise MirrorRefused(f"{output} holds something else than a mirror; name another folder.")
    output.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=output.parent, prefix=f".{output.name}-") as scratch:
        folder = Path(scratch) / "new"
        number = Mirror(folder, letters).write(on_page)
        if output.exists():
            output.rename(Path(scratch) / "old")
        folder.rename(output)
    return number


def _may_be_replaced(output: Path) -> bool:
    return output.is_dir() and ((output / MARK).is_file() or not any(output.iterdir()))


class Mirror:
    """One copy in the making, in `folder`."""

    def __init__(self, folder: Path, letters: list[Letter]) -> None:
        self.folder = folder
        self.letters = letters
        self.note = {"site": settings.SITE_URL, "made_at": timezone.now()}
        ready = Delivery.objects.select_related("letter", "since")
        self.deliveries = list(ready.filter(letter__in=letters, state=DeliveryState.READY))
        self.pages = list(self._pages())
        self.files = {static(name): Path(name).name for name in STATIC_FILES}

    def write(self, on_page: OnPage) -> int:
        """Write every file; return how many pages there are."""
        self.folder.mkdir(parents=True)
        for name in STATIC_FILES:
            shutil.copyfile(str(finders.find(name)), self.folder / Path(name).name)
        for _language in _languages():
            names = [reverse("names", args=[letter.slug]) for letter in self.letters]
            paths = [*names, *(page.path for page in self.pages)]
            self.files |= {path: file_of(path) for path in paths}
            self._copy_proofs()
        number = sum(self._write_pages(on_page) for _language in _languages())
        (self.folder / MARK).write_text(f"{settings.SITE_URL} {self.note['made_at']:%F %T} UTC\n")
        return number

    def _pages(self) -> Iterator[Page]:
        everything = partial(list_context, self.letters)
        first = self.letters[0]
        one = Page("home", (), "signatures/letter.html", partial(self._letter, first))
        several = Page("home", (), "signatures/letter_list.html", everything)
        yield one if len(self.letters) == 1 or first.is_featured else several
        yield Page("letter_list", (), "signatures/letter_list.html", everything)
        yield Page("privacy", (), "signatures/privacy.html", partial(privacy_context, first))
        handed_over = partial(deliveries_context, self.deliveries)
        yield Page("delivery_list", (), "deliveries/delivery_list.html", handed_over)
        for each in self.deliveries:
            record = partial(delivery_context, each)
            yield Page("delivery", (each.number,), "deliveries/delivery.html", record)
        for letter in self.letters:
            yield from self._pages_of(letter)

    def _pages_of(self, letter: Letter) -> Iterator[Page]:
        for route, context in [
            ("letter", self._letter),
            ("statistics", statistics_context),
            ("updates", updates_context),
        ]:
            yield Page(route, (letter.slug,), f"signatures/{route}.html", partial(context, letter))

    def _letter(self, letter: Letter) -> dict[str, Any]:
        return letter_context(letter, find_text(letter), None) | {"lines": four_lines()}

    def _write_pages(self, on_page: OnPage) -> int:
        """Every page in the active language."""
        number = 0
        for page in self.pages:
            self._write_page(page.path, page.template, page.context())
            number += 1
            on_page(1)
        for letter in self.letters:
            for path, context in self._names(letter):
                self._write_page(path, "signatures/names.html", context)
                number += 1
                on_page(1)
        return number

    def _names(self, letter: Letter) -> Iterator[tuple[str, dict[str, Any]]]:
        """The public list, its pages numbered: signatures/, signatures/2/, signatures/3/ …"""
        first = path = reverse("names", args=[letter.slug])
        cursor, number = "", 1
        while path:
            page = names_after(letter, cursor)
            cursor, number = page.older, number + 1
            older = f"{first}{number}/" if cursor else ""
            if older:
                self.files[older] = file_of(older)
            newest = "" if path == first else first
            yield path, names_context(letter, page) | {"older_url": older, "newest_url": newest}
            path = older

    def _write_page(self, path: str, template: str, context: dict[str, Any]) -> None:
        html = render_to_string(template, context | {"mirror": self.note})
        file = self.folder / self.files[path]
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(LINK.sub(partial(self._relink, self.files[path]), html), "utf-8")

    def _relink(self, source: str, link: re.Match[str]) -> str:
        """The same link as it leads from the file `source`."""
        target = self.files.get(link[2])
        if target is None:
            return f'{link[1]}="{settings.SITE_URL}{link[2]}'
        return f'{link[1]}="{relpath(target, dirname(source) or ".")}'

    def _copy_proofs(self) -> None:
        """Digests and manifests: copied once, linked from every language."""
        for delivery in self.deliveries:
            for packet in delivery.packets.all():
                manifest = reverse("delivery_manifest", args=[delivery.number, packet.name])
                self._copy(packet.folder / "manifest.json", manifest)
                digests = reverse("delivery_digests", args=[delivery.number])
                self._copy(packet.folder / "digests.txt", digests)

    def _copy(self, source: Path, path: str) -> None:
        if not source.is_file():
            return
        self.files[path] = path[path.index("deliveries/") :]
        copy = self.folder / self.files[path]
        if not copy.exists():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)


def file_of(path: str) -> str:
    """Where the page at `path` lies, so that a folder opens like a site."""
    return f"{path.lstrip('/')}index.html"


def _languages() -> Iterator[str]:
    """Each of the site's languages, active while one is at it."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            yield language
