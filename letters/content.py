"""Reading a letter bundle: a folder that says everything about one letter.

    letter.md            front matter only: slug, addressee, cc, sender, letter_date, …
    text.<lang>.md       front matter title, is_courtesy_translation; the letter in Markdown below
    appeal.<lang>.md     why to sign, in Markdown (may be missing)
    timeline.<lang>.yaml what happened before, a list of when, who, what (may be missing)

Files are UTF-8 and `<lang>` is one of the site's languages. Exactly one text is the binding one.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug

from .enums import ReviewPolicy
from .exceptions import BundleError
from .values import Values, read_front_matter, read_text, read_yaml

TEXT_KEYS: Final = {"title", "is_courtesy_translation"}
EVENT_KEYS: Final = {"when", "who", "what"}


@dataclass(frozen=True)
class BundleText:
    """The letter in one language; `body` and `appeal` are Markdown, `appeal` may be empty."""

    language: str
    title: str
    body: str
    is_courtesy_translation: bool
    appeal: str


@dataclass(frozen=True)
class BundleEvent:
    """One event of the timeline; `when` is YYYY or YYYY-MM-DD, `order` counts from 0."""

    language: str
    when: str
    who: str
    what: str
    order: int


@dataclass(frozen=True)
class Bundle:
    """A letter as its folder `path` tells it. Several lines in a value are parted by LF."""

    path: Path
    slug: str
    addressee: str
    cc: str
    sender: str
    letter_date: date
    opens_at: datetime | None
    closes_at: datetime | None
    goal: int | None
    review: str
    is_published: bool
    is_featured: bool
    contact: str
    leaders: str
    sign_on_email: str
    provenance: str
    texts: tuple[BundleText, ...]
    timeline: tuple[BundleEvent, ...]


LETTER_KEYS: Final = {field.name for field in fields(Bundle)} - {"path", "texts", "timeline"}


def read_bundle(path: Path) -> Bundle:
    """The bundle in the folder `path`; naive moments in it are taken as UTC.

    Raises BundleError with one line that names the file and what is wrong in it.
    """
    if not path.is_dir():
        raise BundleError(f"{path}: there is no such folder.")
    metadata, body = read_front_matter(path / "letter.md")
    values = Values(path / "letter.md", metadata, LETTER_KEYS)
    if body:
        raise BundleError(f"{path / 'letter.md'}: the letter's words belong in text.<lang>.md.")
    opens_at, closes_at = values.moment("opens_at"), values.moment("closes_at")
    if opens_at and closes_at and opens_at >= closes_at:
        raise values.error("closes_at", "must be later than opens_at")
    return Bundle(
        path=path,
        slug=_slug(values),
        addressee=values.required_text("addressee"),
        cc=values.lines("cc"),
        sender=values.required_text("sender"),
        letter_date=values.day("letter_date"),
        opens_at=opens_at,
        closes_at=closes_at,
        goal=values.positive("goal"),
        review=_review(values),
        is_published=values.flag("is_published"),
        is_featured=values.flag("is_featured"),
        contact=values.text("contact"),
        leaders=values.lines("leaders"),
        sign_on_email=values.text("sign_on_email"),
        provenance=values.text("provenance"),
        texts=_texts(path),
        timeline=_timeline(path),
    )


def _slug(values: Values) -> str:
    slug = values.required_text("slug")
    try:
        validate_slug(slug)
    except ValidationError:
        raise values.error("slug", "may only hold letters a-z, digits, - and _") from None
    return slug


def _review(values: Values) -> str:
    review = values.text("review") or ReviewPolicy.BEFORE
    if review not in ReviewPolicy.values:
        raise values.error("review", f"must be one of: {', '.join(ReviewPolicy.values)}")
    return ReviewPolicy(review).value


def _texts(folder: Path) -> tuple[BundleText, ...]:
    appeals = _by_language(folder, "appeal", ".md")
    texts = _by_language(folder, "text", ".md")
    for language in appeals.keys() - texts.keys():
        raise BundleError(f"{appeals[language]}: there is no text.{language}.md beside it.")
    read = tuple(_text(lang, path, appeals.get(lang)) for lang, path in texts.items())
    binding = sum(not text.is_courtesy_translation for text in read)
    if binding != 1:
        raise BundleError(
            f"{folder}: exactly one text.<lang>.md must be no courtesy translation, not {binding}."
        )
    return read


def _text(language: str, path: Path, appeal: Path | None) -> BundleText:
    metadata, body = read_front_matter(path)
    values = Values(path, metadata, TEXT_KEYS)
    if not body:
        raise BundleError(f"{path}: there is no text below the front matter.")
    return BundleText(
        language=language,
        title=values.required_text("title"),
        body=body,
        is_courtesy_translation=values.flag("is_courtesy_translation"),
        appeal=read_text(appeal).strip() if appeal else "",
    )


def _timeline(folder: Path) -> tuple[BundleEvent, ...]:
    return tuple(
        event
        for language, path in _by_language(folder, "timeline", ".yaml").items()
        for event in _events(language, path)
    )


def _events(language: str, path: Path) -> list[BundleEvent]:
    entries = read_yaml(path)
    if not isinstance(entries, list):
        raise BundleError(f"{path}: should be a list of events.")
    return [_event(language, path, order, entry) for order, entry in enumerate(entries)]


def _event(language: str, path: Path, order: int, entry: object) -> BundleEvent:
    values = Values(f"{path}: event {order + 1}", entry, EVENT_KEYS)
    return BundleEvent(
        language=language,
        when=values.year_or_day("when"),
        who=values.required_text("who"),
        what=values.required_text("what"),
        order=order,
    )


def _by_language(folder: Path, stem: str, suffix: str) -> dict[str, Path]:
    """The files `<stem>.<lang><suffix>` by language, in the order of their names."""
    languages = dict(settings.LANGUAGES)
    found = {}
    for path in sorted(folder.glob(f"{stem}.*{suffix}")):
        language = path.name[len(stem) + 1 : -len(suffix)]
        if language not in languages:
            raise BundleError(f"{path}: the site's languages are {', '.join(languages)}.")
        found[language] = path
    return found
