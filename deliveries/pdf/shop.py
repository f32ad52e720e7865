"""The workshop: a folder, the fonts at hand, and processes that do one piece of work each."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Iterable
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from letters.listing import listed

from ..exceptions import FontsMissing, TypesettingFailed

TEMPLATES = Path(__file__).parent.parent / "typst"
FONT_PACKAGES = {"manimgx_fonts": "manimgx-fonts", "noto_cjk_sans_otc": "noto-cjk-sans-otc"}
SYSTEM_FONTS = (False, True)
DEBIAN_PACKAGES = "fonts-noto-core, fonts-noto-cjk"


class Workshop:
    """Typesets pieces in `folder`. `made_at` is the date that is written into them."""

    def __init__(self, folder: Path, made_at: datetime) -> None:
        self.folder = folder
        self.made_at = made_at
        self.fonts = _font_folders()
        self.system_fonts = False
        shutil.copytree(TEMPLATES, folder, dirs_exist_ok=True)

    def choose_fonts(self, characters: Iterable[str]) -> None:
        """Make sure that every one of `characters` can be drawn.

        The fonts that came with the installation are enough for nearly every script; the system's
        are asked only for the others, so that the same list gives the same bytes elsewhere. Raises
        FontsMissing, which names the scripts and what to install.
        """
        sample = " ".join(sorted(set(characters)))
        missing: list[str] = []
        for self.system_fonts in SYSTEM_FONTS:
            result = self._typeset("sample", {"text": sample})
            missing = result.get("missing", [])
            if not missing:
                return
        refused = _(
            "No font on this machine draws %(scripts)s. Install Debian's packages %(packages)s, or "
            "any font for it, and try again."
        )
        named = {"scripts": _scripts(missing), "packages": DEBIAN_PACKAGES}
        raise FontsMissing(refused % named)

    def typeset(self, template: str, data: dict[str, Any], name: str = "") -> tuple[Path, int]:
        """Set `template` with `data`; the PDF and how many pages it has."""
        result = self._typeset(template, data, name)
        if missing := result.get("missing"):
            refused = _("No font on this machine draws %(scripts)s in %(template)s.")
            raise FontsMissing(refused % {"scripts": _scripts(missing), "template": template})
        return self.folder / f"{name or template}.pdf", result["pages"]

    def bind(self, pieces: list[Path], outline: list[dict[str, Any]], output: Path) -> int:
        """Make one PDF of `pieces`; how many pages it has."""
        job = {"pieces": list(map(str, pieces)), "outline": outline, "output": str(output)}
        return int(self._run("bind", job)["pages"])

    def _typeset(self, template: str, data: dict[str, Any], name: str = "") -> dict[str, Any]:
        name = name or template
        (self.folder / f"{name}.json").write_text(json.dumps(data), "utf-8")
        job = {
            "template": str(self.folder / f"{template}.typ"),
            "root": str(self.folder),
            "data": f"{name}.json",
            "output": str(self.folder / f"{name}.pdf"),
            "fonts": list(map(str, self.fonts)),
            "system_fonts": self.system_fonts,
            "timestamp": int(self.made_at.timestamp()),
        }
        return self._run("worker", job)

    def _run(self, program: str, job: dict[str, Any]) -> dict[str, Any]:
        job_file = self.folder / "job.json"
        job_file.write_text(json.dumps(job), "utf-8")
        command = [sys.executable, str(Path(__file__).with_name(f"{program}.py")), str(job_file)]
        done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - our own file
        result: dict[str, Any] = json.loads(done.stdout) if done.returncode == 0 else {}
        if not result or "error" in result:
            reason = result.get("error") or f"{program} ended with code {done.returncode}"
            refused = _("The PDF could not be made: %(reason)s.")
            raise TypesettingFailed(refused % {"reason": reason})
        return result


def _font_folders() -> list[Path]:
    """Where the font packages are. Raises FontsMissing when one is not installed."""
    folders: list[Path] = []
    for module, package in FONT_PACKAGES.items():
        spec = find_spec(module)
        if not spec or not spec.submodule_search_locations:
            refused = _("The Python package %(package)s with the PDF's fonts is missing.")
            raise FontsMissing(refused % {"package": package})
        folders += map(Path, spec.submodule_search_locations)
    return folders


def _scripts(characters: Iterable[str]) -> str:
    """ "Tibetan (such as U+0F40)": the scripts of characters, by the first word of their names."""
    found: dict[str, str] = {}
    for character in characters:
        word = unicodedata.name(character, "unnamed").split()[0]
        script = "Chinese" if word == "CJK" else word.title()
        found.setdefault(script, f"{script} (such as U+{ord(character):04X})")
    return listed(found.values())
