"""What signers took back stays taken back, whatever backup the database is restored from."""

from __future__ import annotations

import stat
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction

from signatures.enums import State, Visibility
from signatures.journal import Act, Entry, journal_entries, journal_note, journal_path
from signatures.models import Signature
from signatures.services.confirmation import signature_disown
from signatures.services.own_page import (
    signature_erase,
    signature_show,
    signature_withdraw,
    updates_stop,
)
from signatures.services.replay import erasures_replay
from tests.factories import SignatureFactory, TextFactory

pytestmark = pytest.mark.django_db

SOMEBODY = UUID("01890a5d-ac96-774b-bcce-b302099a8057")


@pytest.fixture(autouse=True)
def data_dir(settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path / "data"
    return tmp_path / "data"


@pytest.fixture
def committed(django_capture_on_commit_callbacks: Any) -> Callable[..., list[Entry]]:
    """Call a service as if its transaction committed; what the journal holds then."""

    def call(service: Callable[..., object], **arguments: Any) -> list[Entry]:
        with django_capture_on_commit_callbacks(execute=True):
            service(**arguments)
        return list(noted())

    return call


def noted() -> list[Entry]:
    path = journal_path()
    return list(journal_entries(path.open())) if path.exists() else []


# Writing


def test_an_erasure_is_noted(committed):
    row = SignatureFactory.create()

    assert committed(signature_erase, signature_id=row.id) == [Entry(Act.ERASED, row.id)]


def test_a_withdrawal_is_noted_once(committed):
    row = SignatureFactory.create()

    committed(signature_withdraw, signature_id=row.id)

    assert committed(signature_withdraw, signature_id=row.id) == [Entry(Act.WITHDRAWN, row.id)]


def test_a_signature_that_is_disowned_is_noted_as_erased(committed):
    row = SignatureFactory.create(state=State.UNCONFIRMED, sealed=True)

    assert committed(signature_disown, signature_id=row.id) == [Entry(Act.ERASED, row.id)]


def test_an_end_of_updates_is_noted(committed):
    row = SignatureFactory.create(wants_updates=True, sealed=True)

    assert committed(updates_stop, signature_id=row.id) == [Entry(Act.NO_UPDATES, row.id)]


@pytest.mark.parametrize("visibility", Visibility)
def test_a_wish_about_the_name_is_noted(committed, visibility):
    row = SignatureFactory.create()

    entries = committed(signature_show, signature_id=row.id, visibility=visibility)

    assert entries == [Entry(Act(visibility.value), row.id)]


def test_what_is_rolled_back_is_not_noted(django_capture_on_commit_callbacks):
    row = SignatureFactory.create()

    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        signature_erase(signature_id=row.id)
        transaction.set_rollback(True)

    assert noted() == []
    assert Signature.objects.filter(id=row.id).exists()


def test_the_journal_holds_no_word_of_a_signer_and_is_its_owners_alone(committed):
    row = SignatureFactory.create(
        name="Ada Canary", email="canary@example.org", residence="Canaria"
    )

    committed(signature_withdraw, signature_id=row.id)

    assert "anar" not in journal_path().read_text()
    assert stat.S_IMODE(journal_path().stat().st_mode) == 0o600


def test_a_full_disk_stops_nobody_from_leaving_and_is_logged(committed, data_dir, caplog):
    data_dir.write_text("a file where the folder should be")
    row = SignatureFactory.create()

    committed(signature_erase, signature_id=row.id)

    assert not Signature.objects.filter(id=row.id).exists()
    assert "the journal of erasures lacks a line" in caplog.text


# Reading


def test_a_line_torn_by_a_power_cut_is_passed_over(committed):
    committed(journal_note, act=Act.ERASED, signature_id=SOMEBODY)
    whole = journal_path().read_text()

    assert list(journal_entries([whole, whole[:30]])) == [Entry(Act.ERASED, SOMEBODY)]


@pytest.mark.parametrize("line", ["", "\n", "# note\n", f"2026 renamed {SOMEBODY}\n", "a b c\n"])
def test_a_line_that_is_none_is_passed_over(line):
    assert list(journal_entries([line])) == []


# Doing again


def test_an_erased_signature_goes_again():
    row = SignatureFactory.create()

    needed = erasures_replay(entries=[Entry(Act.ERASED, row.id)])

    assert needed == Counter({Act.ERASED: 1})
    assert not Signature.objects.filter(id=row.id).exists()


def test_a_withdrawn_signature_is_withdrawn_again_and_keeps_nothing():
    row = SignatureFactory.create()

    needed = erasures_replay(entries=[Entry(Act.WITHDRAWN, row.id)])

    row.refresh_from_db()
    assert needed == Counter({Act.WITHDRAWN: 1})
    assert (row.state, row.name) == (State.WITHDRAWN, "")


def test_a_withdrawal_that_the_state_forbids_becomes_an_erasure():
    row = SignatureFactory.create(state=State.REJECTED)

    erasures_replay(entries=[Entry(Act.WITHDRAWN, row.id)])

    assert not Signature.objects.filter(id=row.id).exists()


def test_updates_end_again_and_the_address_goes():
    row = SignatureFactory.create(wants_updates=True, sealed=True)

    needed = erasures_replay(entries=[Entry(Act.NO_UPDATES, row.id)])

    row.refresh_from_db()
    assert needed == Counter({Act.NO_UPDATES: 1})
    assert (row.wants_updates, row.email_sealed) == (False, None)


def test_the_last_wish_about_the_name_holds():
    row = SignatureFactory.create(visibility=Visibility.PUBLIC)

    needed = erasures_replay(
        entries=[
            Entry(Act.RECIPIENT, row.id),
            Entry(Act.PUBLIC, row.id),
            Entry(Act.COUNTED, row.id),
        ]
    )

    row.refresh_from_db()
    assert row.visibility == Visibility.COUNTED
    assert needed == Counter({Act.COUNTED: 1})


@pytest.mark.parametrize("act", Act)
def test_doing_it_twice_changes_nothing_more(act):
    row = SignatureFactory.create(visibility=Visibility.RECIPIENT, wants_updates=True, sealed=True)
    erasures_replay(entries=[Entry(act, row.id)])

    assert erasures_replay(entries=[Entry(act, row.id)]) == Counter()


@pytest.mark.parametrize("act", Act)
def test_a_signature_that_the_backup_does_not_know_is_passed_over(act):
    assert erasures_replay(entries=[Entry(act, SOMEBODY)]) == Counter()


def test_wishes_before_an_erasure_are_needless():
    row = SignatureFactory.create(visibility=Visibility.RECIPIENT)

    needed = erasures_replay(entries=[Entry(Act.PUBLIC, row.id), Entry(Act.ERASED, row.id)])

    assert needed == Counter({Act.ERASED: 1})


def test_everybody_else_stays_as_they_are():
    text = TextFactory()
    gone, *others = SignatureFactory.create_batch(4, text=text)

    erasures_replay(entries=[Entry(Act.ERASED, gone.id)])

    assert list(Signature.objects.order_by("id").values_list("id", "state", "name")) == sorted(
        (row.id, row.state, row.name) for row in others
    )
