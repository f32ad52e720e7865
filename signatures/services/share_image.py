"""The picture that stands for a letter where somebody shares its address."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
import tempfile
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language_info, gettext

from letters.models import LetterText

logger = logging.getLogger(__name__)

WIDTH, HEIGHT = 1200, 630  # pixels
TYPST = Path(__file__).parent.parent / "typst"
FONT_PACKAGES = ["manimgx_fonts", "noto_cjk_sans_otc"]
SECONDS = 60


def share_image(*, text: LetterText) -> Path | None:
    """The PNG for `text`, drawn once and kept in DATA_DIR; None where it cannot be drawn.

    Its own words (kind and date) are in the active language.
    """
    data = _data(text)
    template = TYPST / "share.typ"
    key = sha256(json.dumps(data).encode() + template.read_bytes()).hexdigest()
    path = Path(settings.DATA_DIR) / "share" / f"{key}.png"
    if path.is_file():
        return path
    picture = _draw(template, data)
    return _keep(picture, path) if picture else None


def _data(text: LetterText) -> dict[str, str | bool]:
    letter = text.letter
    return {
        "language": text.language.split("-")[0],
        "rtl": bool(get_language_info(text.language)["bidi"]),
        "kind": gettext("Open letter"),
        "title": text.title,
        "between": letter.sender,
        "date": date_format(letter.letter_date),
    }


def _draw(template: Path, data: dict[str, str | bool]) -> bytes:
    job = {"template": str(template), "fonts": _fonts(), "data": data}
    try:
        done = subprocess.run(  # noqa: S603 - our own file
            [sys.executable, str(TYPST / "draw.py")],
            input=json.dumps(job).encode(),
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        logger.exception("the share image could not be drawn")
        return b""
    return done.stdout


def _fonts() -> list[str]:
    specs = filter(None, map(find_spec, FONT_PACKAGES))
    return [place for spec in specs for place in spec.submodule_search_locations or []]


def _keep(picture: bytes, path: Path) -> Path:
    """Appear whole or not at all: several visitors may ask for it at once."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(picture)
    return Path(file.name).replace(path)
