"""The audit log is read in the reader's language, whatever was stored."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import reduce
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from signatures.admin.audit_words import ACTIONS, SWEPT, action_words, state_words
from signatures.models import AuditEntry
from signatures.services.staff import StaffAction
from tests.factories import SignatureFactory, make_moderator

LOG = "/admin/signatures/auditentry/"
APPS = ["signatures", "deliveries", "letter_site"]
# Commands and forms have actions of other kinds.
OTHER_ACTIONS = {"commands", "views", "forms.py"}
# What a function was given as its own `action`; or a state, and every state has words.
PASSED_ON = {"action", "action.value", "to.value"}


def sources() -> list[Path]:
    found = (path for app in APPS for path in (settings.BASE_DIR / app).rglob("*.py"))
    return [path for path in found if not OTHER_ACTIONS & set(path.parts)]


def dotted(path: Path) -> str:
    return ".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts)


def written_in(source: str, module: str) -> set[str]:
    """Every `action=` of a call in `source`, which is that of `module`: its value, not its name.

    Asking for an action writes none.
    """
    given = [
        keyword.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call) and not ast.unparse(node.func).endswith(".filter")
        for keyword in node.keywords
        if keyword.arg == "action"
    ]
    said = {expression for each in given for expression in one_of(each)}
    return {value_of(each, module) for each in said if ast.unparse(each) not in PASSED_ON}


def one_of(expression: ast.expr) -> Iterator[ast.expr]:
    """The expressions of which a condition chooses one."""
    match expression:
        case ast.IfExp(body=body, orelse=orelse):
            yield from (*one_of(body), *one_of(orelse))
        case ast.BoolOp(values=values):
            yield from (each for value in values for each in one_of(value))
        case _:
            yield expression


def value_of(expression: ast.expr, module: str) -> str:
    """Words as they are, what stands before a number, or what a constant or an enum says."""
    match expression:
        case ast.Constant(value=str(words)):
            return words
        case ast.JoinedStr(values=[ast.Constant(value=str(words)), ast.FormattedValue()]):
            return words
    names = ast.unparse(expression).split(".")
    return str(reduce(getattr, names, import_module(module)))


def taken_by_place(source: str) -> list[str]:
    """Functions that may be given an action without its name, where nobody would see it."""
    return [
        node.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef)
        if "action" in [argument.arg for argument in node.args.args]
    ]


@pytest.fixture
def reader(client: Client, db) -> Client:
    """A moderator whose browser asks for French."""
    client.force_login(make_moderator())
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "fr"
    return client


def test_every_action_that_the_code_writes_has_words():
    written = {
        action
        for path in sources()
        for action in written_in(path.read_text(encoding="utf-8"), dotted(path))
    }

    assert {"exported", "undone", "told apart", "names hidden", "logged in", SWEPT} <= written
    assert written | set(StaffAction) <= {*ACTIONS, SWEPT}


def test_every_action_is_given_by_its_name():
    by_place = [
        f"{path.name}: {name}"
        for path in sources()
        for name in taken_by_place(path.read_text(encoding="utf-8"))
    ]

    assert by_place == []


@pytest.mark.parametrize(
    ("action", "written"),
    [
        ('"told apart"', {"told apart"}),
        ('f"swept {sweep.pk}"', {"swept "}),
        ("UNDONE", {"undone"}),
        ("State.ACCEPTED", {"accepted"}),
        ('"one" if row else "other"', {"one", "other"}),
        ("action or UNDONE", {"undone"}),
        ("action.value", set()),
    ],
)
def test_an_action_is_read_however_it_is_given(action, written):
    source = f"log(row, action={action})"

    assert written_in(source, "signatures.services.moderation") == written


def test_an_action_that_cannot_be_read_is_no_silence():
    with pytest.raises(AttributeError):
        written_in("log(action=words)", "signatures.services.moderation")


def test_an_action_without_a_name_is_found():
    source = "def log(row, action): ...\ndef note(*, action): ..."

    assert taken_by_place(source) == ["log"]


@pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES if code != "en"])
def test_words_are_translated(language):
    with translation.override("en"):
        english = {action: str(words) for action, words in ACTIONS.items()}

    with translation.override(language):
        same = {action for action, words in ACTIONS.items() if str(words) == english[action]}

    assert same == set()


def test_the_log_and_its_filter_are_in_the_readers_language(reader):
    AuditEntry.objects.create(action="corrected", from_state="accepted", to_state="pending")
    AuditEntry.objects.create(action="logged in")

    page = reader.get(f"{LOG}?action=corrected").content.decode()

    assert "corrigée" in page
    assert "acceptée" in page
    assert page.count('class="field-what"') == 1
    assert "corrected</" not in page


def test_decisions_about_many_are_found_whatever_their_number(reader):
    AuditEntry.objects.create(action="swept 12", to_state="rejected")
    AuditEntry.objects.create(action="swept 13", to_state="rejected")
    AuditEntry.objects.create(action="logged in")
    offered = reader.get(LOG).content.decode()

    page = reader.get(f"{LOG}?action=swept%20").content.decode()

    assert '<a href="?action=swept+">décisions groupées</a>' in offered
    assert page.count('class="field-what"') == 2


def test_an_entry_has_a_page_of_its_own(reader):
    entry = AuditEntry.objects.create(action="swept 12", to_state="rejected")

    page = reader.get(f"{LOG}{entry.pk}/change/").content.decode()

    assert "décision groupée numéro 12" in page
    assert "refusée" in page


def test_what_happened_to_a_signature_is_too(reader, text):
    row = SignatureFactory.create(text=text)
    AuditEntry.objects.create(
        action="undone", signature_id=row.id, from_state="rejected", to_state="accepted"
    )

    page = reader.get(f"/admin/signatures/signature/{row.id}/change/").content.decode()

    assert "<td>annulé</td><td>refusée</td><td>acceptée</td>" in page


def test_what_has_no_words_is_shown_as_it_is_stored():
    assert action_words(AuditEntry(action="of an older version")) == "of an older version"
    assert (state_words(""), state_words("accepted")) == ("", "accepted")
