"""The organisers' commands, and the one clear line that bad input gets."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO
from uuid import UUID

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from signatures.enums import State
from signatures.models import (
    AuditEntry,
    CountChange,
    DailyCount,
    KeyingPosition,
    Signature,
    Update,
)
from signatures.models.signature import first_id_at
from signatures.sealing import seal, unseal
from signatures.services.counts import letter_count
from tests.factories import LetterFactory, SignatureFactory


def run(*arguments: object) -> str:
    out = StringIO()
    call_command(*map(str, arguments), stdout=out)
    return out.getvalue()


def refusal(*arguments: object) -> str:
    with pytest.raises(CommandError) as error:
        run(*arguments)
    sentence = str(error.value)
    assert "\n" not in sentence
    return sentence


def rows_of(path) -> list[list[str]]:
    return list(csv.reader(StringIO(path.read_text("utf-8-sig"), newline="")))


# Bad input


@pytest.mark.parametrize(
    "arguments",
    [
        ["recount", "--letter", "nowhere"],
        ["export_signatures", "--letter", "nowhere", "--output", "x.csv"],
        ["demo_signatures", "5", "--letter", "nowhere"],
    ],
)
def test_an_unknown_letter_is_named(db, arguments):
    assert refusal(*arguments) == "There is no letter 'nowhere'."


@pytest.mark.parametrize("number", [0, -1])
def test_at_least_one_demo_signer(letter, number):
    sentence = refusal("demo_signatures", "--letter", "peace", "--", number)

    assert sentence == "The number of signers must be 1 or more."


def test_a_letter_without_a_text_has_no_demo_signers(db):
    LetterFactory.create(slug="empty")

    assert refusal("demo_signatures", 5, "--letter", "empty") == "The letter 'empty' has no text."


@pytest.mark.parametrize("output", ["missing/list.csv", ".", "/", ""])
def test_a_file_that_cannot_be_written_is_named(letter, tmp_path, monkeypatch, output):
    monkeypatch.chdir(tmp_path)

    sentence = refusal("export_signatures", "--letter", "peace", "--output", output)

    assert sentence.startswith("Cannot write ")
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_format_is_named(letter, tmp_path):
    sentence = refusal(
        "export_signatures", "--letter", "peace", "--output", tmp_path / "a", "--format", "doc"
    )

    assert "“doc”" in sentence


def test_a_role_that_does_not_exist_is_named(db):
    assert "invalid choice: 'king'" in refusal("create_organiser", "--role", "king")


@pytest.mark.parametrize("username", ["", "x" * 151, "two words"])
def test_an_account_needs_a_proper_name(db, username):
    sentence = refusal("create_organiser", "--username", username)

    assert sentence.startswith("The username ")
    assert not User.objects.exists()


# recount


def test_recount_reports_and_mends_every_letter(text):
    SignatureFactory.create(text=text)
    LetterFactory.create(slug="bread")

    lines = run("recount").splitlines()

    assert sorted(lines) == ["bread: no drift", "peace 2026-06-04: kept 0, 1 real"]
    assert (DailyCount.objects.get().accepted, CountChange.objects.count()) == (1, 0)


def test_recount_of_one_letter_as_a_dry_run_changes_nothing(text, letter):
    SignatureFactory.create(text=text)

    lines = run("recount", "--letter", "peace", "--dry-run").splitlines()

    assert lines == ["peace 2026-06-04: kept 0, 1 real"]
    assert letter_count(letter=letter) == 0


# rotate_keys


@pytest.fixture
def keys(settings) -> list[str]:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.FIELD_KEYS = [old]
    return [new, old]


def test_rotation_seals_every_address_under_the_newest_key(text, settings, keys, monkeypatch):
    monkeypatch.setattr("signatures.services.rotation.BATCH", 2)
    rows = [
        SignatureFactory.create(text=text, email=f"p{n}@example.org", sealed=True) for n in range(5)
    ]
    SignatureFactory.create(text=text)
    settings.FIELD_KEYS = keys

    assert run("rotate_keys") == "5 addresses sealed under the newest key\n"

    settings.FIELD_KEYS = keys[:1]
    for number, row in enumerate(rows):
        row.refresh_from_db()
        assert unseal(row.email_sealed or "") == f"p{number}@example.org"


def test_rotation_as_a_dry_run_only_counts(text, settings, keys):
    row = SignatureFactory.create(text=text, sealed=True)
    settings.FIELD_KEYS = keys

    assert run("rotate_keys", "--dry-run") == "1 sealed addresses would be sealed again\n"

    sealed = row.email_sealed
    row.refresh_from_db()
    assert row.email_sealed == sealed


def test_rotation_without_the_old_key_says_so_and_changes_nothing(text, settings, keys):
    SignatureFactory.create(text=text, sealed=True)
    settings.FIELD_KEYS = keys[:1]

    assert "Add the key that is missing" in refusal("rotate_keys")


# create_organiser


@pytest.mark.parametrize(
    ("role", "is_superuser", "groups"),
    [
        ("organiser", True, []),
        ("moderator", False, ["Moderators"]),
        ("delivery", False, ["Delivery staff"]),
    ],
)
def test_an_account_is_made_with_its_role_and_a_password_shown_once(db, role, is_superuser, groups):
    out = run("create_organiser", "--username", "jane", "--role", role)

    user = User.objects.get(username="jane")
    password = out.split("password ")[1].split()[0]
    assert user.check_password(password)
    assert (user.is_staff, user.is_superuser) == (True, is_superuser)
    assert [group.name for group in user.groups.all()] == groups


def test_an_account_is_not_made_twice(db):
    run("create_organiser")

    assert run("create_organiser", "--once") == ""
    assert refusal("create_organiser") == "There is an account 'organiser' already."


def test_a_dry_run_makes_no_account(db):
    out = run("create_organiser", "--username", "jane", "--role", "delivery", "--dry-run")

    assert out == "Account 'jane' would be made, role delivery\n"
    assert not User.objects.exists()


def test_a_dry_run_refuses_what_would_be_refused(db):
    run("create_organiser")

    assert refusal("create_organiser", "--dry-run") == "There is an account 'organiser' already."


# chase_mails


def test_a_dry_run_counts_what_is_due_and_hands_over_nothing(text):
    now = timezone.now()
    waiting = {"text": text, "state": State.UNCONFIRMED, "sealed": True}
    SignatureFactory.create(**waiting, created_at=now - timedelta(hours=2))
    SignatureFactory.create(
        **waiting, created_at=now - timedelta(days=4), mailed_at=now - timedelta(days=4)
    )
    SignatureFactory.create(**waiting, created_at=now)
    Update.objects.create(
        letter=text.letter, language="en", subject="News", body="-", started_at=now
    )

    assert run("chase_mails", "--dry-run").splitlines() == [
        "2 mails would be handed to the background",
        "1 updates would be taken up again",
    ]
    assert not DBTaskResult.objects.exists()
    assert not Signature.objects.filter(reminded_at__isnull=False).exists()

    assert run("chase_mails").splitlines() == [
        "2 mails handed to the background",
        "1 updates taken up again",
    ]


# find_duplicates


def test_a_dry_run_counts_who_would_be_compared(text):
    before = first_id_at(timezone.now() - timedelta(hours=1)).int
    for number in range(3):
        SignatureFactory.create(text=text, name=f"Ada {number}", id=UUID(int=before + number))

    assert run("find_duplicates", "--dry-run") == "would look through: 3\n"
    assert not KeyingPosition.objects.exists()

    run("find_duplicates")
    assert run("find_duplicates", "--dry-run") == "would look through: 0\n"
    assert run("find_duplicates", "--anew", "--dry-run") == "would look through: 3\n"


# demo_signatures


def test_demo_signers_are_believable_and_counted(letter):
    out = run("demo_signatures", 60, "--letter", "peace")

    accepted = Signature.objects.accepted().count()
    assert out == "60 signers added to peace\n"
    assert Signature.objects.count() == 60
    assert 40 <= accepted < 60
    assert letter_count(letter=letter) == accepted
    assert not Signature.objects.filter(email_sealed__isnull=False).exists()


def test_running_it_again_adds_other_people(letter):
    run("demo_signatures", 5, "--letter", "peace")
    run("demo_signatures", 5, "--letter", "peace")

    assert Signature.objects.count() == 10


def test_invented_signers_are_not_put_among_people_in_production(text):
    SignatureFactory.create(text=text, name="Ada")

    sentence = refusal("demo_signatures", 5, "--letter", "peace")

    assert sentence.startswith("People have signed 'peace': invented signers would count")
    assert Signature.objects.get().name == "Ada"


@pytest.mark.parametrize(("debug", "arguments"), [(False, ["--yes"]), (True, [])])
def test_invented_signers_come_among_people_where_somebody_wants_it(
    text, settings, debug, arguments
):
    settings.DEBUG = debug
    SignatureFactory.create(text=text)

    run("demo_signatures", 5, "--letter", "peace", *arguments)

    assert Signature.objects.count() == 6


def test_a_dry_run_invents_nobody(letter):
    assert run("demo_signatures", 5, "--letter", "peace", "--dry-run") == (
        "5 signers would be added to peace\n"
    )
    assert not Signature.objects.exists()


# export_signatures


def test_the_accepted_ones_are_exported_in_the_order_of_signing(text, tmp_path):
    SignatureFactory.create(
        text=text,
        name="José Ñandú",
        email="jose@example.org",
        sealed=True,
        wants_updates=True,
    )
    SignatureFactory.create(text=text, name="=1+1", email="")
    SignatureFactory.create(text=text, name="Hidden", visibility="counted", sealed=True)
    for state in ("unconfirmed", "pending", "rejected", "duplicate"):
        SignatureFactory.create(text=text, name="Not counted", state=state)
    SignatureFactory.create(name="Another letter's")
    path = tmp_path / "list.csv"

    out = run("export_signatures", "--letter", "peace", "--output", path)

    assert out == f"3 signatures written to {path}\n"
    header, *lines = rows_of(path)
    assert header == "number name residence occupation email signed_on confirmation source".split()
    assert [line[:5] for line in lines] == [
        ["1", "José Ñandú", "Springfield", "Baker", "jose@example.org"],
        ["2", "'=1+1", "Springfield", "Baker", ""],
        ["3", "name withheld", "", "", ""],
    ]
    assert [line[5:] for line in lines] == [
        ["2026-06-04", "mailbox", "web"],
        ["2026-06-04", "reviewed", "web"],
        ["2026-06-04", "mailbox", "web"],
    ]


def test_an_export_is_logged(letter, tmp_path):
    run("export_signatures", "--letter", "peace", "--output", tmp_path / "list.csv")

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.letter, entry.details["rows"]) == ("exported", letter, 0)


def test_an_address_that_cannot_be_opened_stops_the_export_in_words(text, tmp_path, settings):
    SignatureFactory.create(text=text, wants_updates=True, email_sealed=seal("a@example.org"))
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]

    sentence = refusal("export_signatures", "--letter", "peace", "--output", tmp_path / "a.csv")

    assert sentence == "A sealed address cannot be opened with FIELD_KEYS."
    assert list(tmp_path.iterdir()) == []
