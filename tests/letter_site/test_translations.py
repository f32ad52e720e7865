"""Every language says all that the code says, and the compiled catalogues say the same."""

from __future__ import annotations

import gettext
import os
import re
import shutil
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import translation
from django.utils.translation import to_locale

from signatures.intake.reading import read_message

from .catalogues import Message, read_catalogue

LOCALE = settings.BASE_DIR / "locale"
SPOKEN = [to_locale(code) for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
SOURCES = ["letter_site", "letters", "signatures", "deliveries", "templates", "locale"]
# What code or a browser fills in or reads: %(name)s, {name}, tags.
FIXED = re.compile(r"%\(\w+\)[sd]|\{\w+\}|</?\w+>")
FOUR_LINES = ["Name:", "Place of Residence:", "Occupation:", "Email (optional):"]
each_language = pytest.mark.parametrize("locale", SPOKEN)


def catalogue_of(locale: str, root: Path = LOCALE) -> Path:
    return root / locale / "LC_MESSAGES" / "django.po"


def messages_of(locale: str, root: Path = LOCALE) -> list[Message]:
    return [message for message in read_catalogue(catalogue_of(locale, root)) if message.id]


def compiled(locale: str) -> gettext.GNUTranslations:
    with catalogue_of(locale).with_suffix(".mo").open("rb") as file:
        return gettext.GNUTranslations(file)


def forms_of(locale: str) -> int:
    """How many plural forms the header promises."""
    header = read_catalogue(catalogue_of(locale))[0].texts[0]
    found = re.search(r"nplurals=(\d)", header)
    assert found
    return int(found[1])


def is_faithful(message: Message) -> bool:
    """Nothing that is filled in is lost or made up.

    A plural form that stands for one number only ("two signatures", in Arabic one word) may leave
    that number out; the last form stands for many.
    """
    wanted = sorted(FIXED.findall(message.plural or message.id))
    *others, last = (sorted(FIXED.findall(text)) for text in message.texts)
    return last == wanted and all(set(other) <= set(wanted) for other in others)


@each_language
def test_a_catalogue_leaves_nothing_untranslated(locale):
    messages = messages_of(locale)

    assert [message.id for message in messages if not all(message.texts)] == []
    assert [message.id for message in messages if "fuzzy" in message.flags] == []
    assert len(messages) > 500


@each_language
def test_every_plural_has_all_forms_of_its_language(locale):
    plurals = [message for message in messages_of(locale) if message.plural]

    assert {len(message.texts) for message in plurals} == {forms_of(locale)}


@each_language
def test_a_translation_keeps_what_is_filled_in_and_the_tags(locale):
    assert [message.id for message in messages_of(locale) if not is_faithful(message)] == []


@each_language
def test_a_translation_begins_and_ends_as_its_message_does(locale):
    spaced = re.compile(r"^\s|\s$")

    assert [m.id for m in messages_of(locale) if any(map(spaced.search, m.texts))] == []


@each_language
def test_the_compiled_catalogue_says_what_its_source_says(locale):
    spoken = compiled(locale)
    messages = messages_of(locale)

    for message in messages:
        if message.plural is None:
            assert spoken.gettext(message.id) == message.texts[0]
    plurals = [message for message in messages if message.plural]
    catalogue: dict[object, str] = spoken._catalog  # type: ignore[attr-defined]
    read = [tuple(catalogue[m.id, n] for n in range(len(m.texts))) for m in plurals]
    assert read == [message.texts for message in plurals]
    assert len(catalogue) == 1 + sum(len(message.texts) for message in messages)


def test_the_catalogues_are_those_of_the_code(tmp_path, monkeypatch, settings):
    if not shutil.which("xgettext"):
        missing = "NO GETTEXT: comparing catalogues with the code needs it (apt install gettext)"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(missing)
    for name in SOURCES:
        ignored = shutil.ignore_patterns("__pycache__")
        shutil.copytree(settings.BASE_DIR / name, tmp_path / name, ignore=ignored)
    monkeypatch.chdir(tmp_path)
    settings.LOCALE_PATHS = [tmp_path / "locale"]

    call_command("makemessages", verbosity=0)

    # As sets: a line that moved to another file changes the order, and nothing that anybody reads.
    for locale in SPOKEN:
        assert set(messages_of(locale, tmp_path / "locale")) == set(messages_of(locale)), locale


@pytest.mark.parametrize("code", [code for code, _name in settings.LANGUAGES])
def test_the_four_lines_that_a_language_offers_for_mail_are_read_back(code):
    values = ["Amal Haddad", "Beirut, Lebanon", "teacher", "amal@example.org"]
    with translation.override(code):
        labels = [translation.gettext(label) for label in FOUR_LINES]
    lines = "\n".join(f"{label} {value}" for label, value in zip(labels, values, strict=True))

    read = read_message(f"From: amal@example.org\n\n{lines}\n".encode())

    (signer,) = read.signers
    assert [signer.name, signer.residence, signer.occupation, signer.email] == values


@pytest.mark.parametrize(
    ("texts", "faithful"),
    [
        (("signature unique", "%(n)d signatures"), True),
        (("%(n)d signature", "des signatures"), False),
        (("%(m)d signature", "%(n)d signatures"), False),
        (("%(n)d signature", "%(n)d <b>signatures"), False),
    ],
)
def test_a_lost_number_or_a_new_tag_is_found(texts, faithful):
    message = Message("%(n)d signature", "%(n)d signatures", texts, "")

    assert is_faithful(message) is faithful
