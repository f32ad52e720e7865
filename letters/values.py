"""What a bundle's files hold: UTF-8 text, YAML, and single values of the type they should have."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import frontmatter
import yaml
from django.core.exceptions import ValidationError

from .exceptions import BundleError
from .validators import validate_year_or_date

T = TypeVar("T")

# Beside its own errors PyYAML lets those of dates that do not exist and of endless nesting out.
YAML_ERRORS: Final = (yaml.YAMLError, ValueError, OverflowError, RecursionError)


def read_text(path: Path) -> str:
    """The text of the UTF-8 file `path`; raises BundleError where it is none."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BundleError(f"{path}: cannot be read ({error.strerror}).") from None
    except UnicodeDecodeError as error:
        raise BundleError(f"{path}: is not UTF-8 (at byte {error.start}).") from None
    if "\0" in text:
        raise BundleError(f"{path}: holds a NUL character.")
    return text


def read_yaml(path: Path) -> object:
    """What the YAML file `path` says, as plain Python values; raises BundleError."""
    text = read_text(path)
    try:
        return yaml.safe_load(text)
    except YAML_ERRORS as error:
        raise _broken(path, error) from None


def read_front_matter(path: Path) -> tuple[dict[str, object], str]:
    """Front matter of `path` and the text below it; raises BundleError where there is none."""
    text = read_text(path)
    try:
        metadata, body = frontmatter.parse(text)
    except YAML_ERRORS as error:
        raise _broken(path, error) from None
    if not metadata:
        raise BundleError(f"{path}: should begin with keys and values between two lines of ---.")
    return metadata, body


def _broken(path: Path, error: BaseException) -> BundleError:
    mark = getattr(error, "problem_mark", None)
    where = f" near line {mark.line + 1}" if mark else ""
    problem = getattr(error, "problem", None) or getattr(error, "reason", None) or error
    return BundleError(f"{path}: is broken YAML{where}: {problem}.")


class Values:
    """Keys and values of one mapping in one file, handed out by type or refused."""

    def __init__(self, where: object, values: object, known: Collection[str]) -> None:
        if not isinstance(values, dict):
            raise BundleError(f"{where}: should be keys with values.")
        self.where = where
        self._values = values
        for key in values:
            if key not in known:
                raise self.error(str(key), "is not a key that belongs here")

    def error(self, key: str, problem: str) -> BundleError:
        """A refusal that names file, key and problem."""
        return BundleError(f"{self.where}: {key} {problem}.")

    def get(self, key: str, kind: type[T], noun: str) -> T | None:
        """The value, None where there is none. Exact types: True is no number here."""
        value = self._values.get(key)
        if value is None or type(value) is kind:
            return value
        raise self.error(key, f"must be {noun}")

    def text(self, key: str) -> str:
        """Text without white space around it; empty where there is none."""
        return (self.get(key, str, "text (put it between quotes)") or "").strip()

    def required_text(self, key: str) -> str:
        """Text that must be there."""
        text = self.text(key)
        if not text:
            raise self.error(key, "is missing")
        return text

    def lines(self, key: str) -> str:
        """A list of texts, one a line."""
        items: list[Any] = self.get(key, list, "a list") or []
        if not all(type(item) is str for item in items):
            raise self.error(key, "must be a list of texts")
        return "\n".join(item.strip() for item in items)

    def flag(self, key: str) -> bool:
        """True or false; false where there is none."""
        return self.get(key, bool, "true or false") or False

    def positive(self, key: str) -> int | None:
        """A whole number above zero."""
        number = self.get(key, int, "a whole number")
        if number is not None and number < 1:
            raise self.error(key, "must be greater than zero")
        return number

    def day(self, key: str) -> date:
        """A calendar date that must be there."""
        day = self.get(key, date, "a date such as 2011-06-04")
        if day is None:
            raise self.error(key, "is missing")
        return day

    def moment(self, key: str) -> datetime | None:
        """An aware moment; one without an offset is UTC."""
        moment = self.get(key, datetime, "a date and time such as 2011-06-04T12:00:00Z")
        if moment is not None and moment.tzinfo is None:
            return moment.replace(tzinfo=UTC)
        return moment

    def year_or_day(self, key: str) -> str:
        """`YYYY` or `YYYY-MM-DD`, as YAML reads either."""
        value = self._values.get(key)
        text = value.isoformat() if type(value) is date else str(value or "")
        try:
            validate_year_or_date(text)
        except ValidationError:
            raise self.error(key, "must be a year or a date such as 1989-06-04") from None
        return text
