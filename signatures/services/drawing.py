"""Pictures and pages of a letter, drawn by the typesetter once and kept in DATA_DIR."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.conf import settings

logger = logging.getLogger(__name__)

TYPST = Path(__file__).parent.parent / "typst"
FONT_PACKAGES = ["manimgx_fonts", "noto_cjk_sans_otc"]
SECONDS = 60


def drawing(*, name: str, kind: str, data: dict[str, Any]) -> Path | None:
    """The template `name` with `data` as a file of `kind` (png or pdf); None where that fails.

    Drawn anew when the data or the template have changed, else the file that is there.
    """
    template = TYPST / f"{name}.typ"
    key = sha256(json.dumps(data).encode() + template.read_bytes()).hexdigest()
    path = Path(settings.DATA_DIR) / name / f"{key}.{kind}"
    if path.is_file():
        return path
    drawn = _draw(template, kind, data)
    return _keep(drawn, path) if drawn else None


def _draw(template: Path, kind: str, data: dict[str, Any]) -> bytes:
    job = {"template": str(template), "format": kind, "fonts": _fonts(), "data": data}
    try:
        done = subprocess.run(  # noqa: S603 - our own file
            [sys.executable, str(TYPST / "draw.py")],
            input=json.dumps(job).encode(),
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        logger.exception("the drawing %s could not be made", template.stem)
        return b""
    return done.stdout


def _fonts() -> list[str]:
    specs = filter(None, map(find_spec, FONT_PACKAGES))
    return [place for spec in specs for place in spec.submodule_search_locations or []]


def _keep(drawn: bytes, path: Path) -> Path:
    """Appear whole or not at all: several visitors may ask for it at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(drawn)
    return Path(file.name).replace(path)
