"""The audit log is read in the reader's language, whatever was stored."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from django.test import Client
from django.utils import translation

from signatures.admin.audit_words import ACTIONS, action_words, state_words
from signatures.models import AuditEntry
from signatures.services.staff import StaffAction
from tests.factories import SignatureFactory, make_moderator

LOG = "/admin/signatures/auditentry/"
WRITTEN = re.compile(r'action="([a-z ]+)"')
APPS = ["signatures/services", "deliveries"]


@pytest.fixture
def reader(client: Client, db) -> Client:
    """A moderator whose browser asks for French."""
    client.force_login(make_moderator())
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "fr"
    return client


def test_every_action_that_the_code_writes_has_words():
    sources = [path for app in APPS for path in (settings.BASE_DIR / app).rglob("*.py")]
    written = {
        action
        for path in sources
        if "commands" not in path.parts
        for action in WRITTEN.findall(path.read_text(encoding="utf-8"))
    }

    assert {"confirmed", "exported", "packet downloaded"} <= written
    assert written | set(StaffAction) <= set(ACTIONS)


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
