"""A letter that notices a flood and defends itself without turning anybody away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from letters.models import Letter, LetterText
from signatures.enums import Defence, State
from signatures.models import AuditEntry, Guard, Signature
from signatures.models.signature import first_id_at
from signatures.services import guard
from signatures.services.counts import letter_count
from signatures.services.guard import (
    guard_decide,
    guard_of,
    guard_watch,
    guards_raised,
    public_names,
)
from tests.factories import SignatureFactory, make_delivery_staff, make_moderator

NOW = datetime(2026, 6, 4, 12, tzinfo=UTC)


def came(text: LetterText, number: int, ago: timedelta, **fields: object) -> None:
    """Let `number` signatures have come in `ago` before NOW."""
    moment = NOW - ago
    first = first_id_at(moment).int
    for step in range(number):
        id_ = type(first_id_at(moment))(int=first + step)
        SignatureFactory.create(text=text, id=id_, created_at=moment, **fields)


def watch(letter: Letter) -> Guard:
    cache.clear()
    guard_watch(letter=letter, now=NOW)
    return guard_of(letter=Letter.objects.get(pk=letter.pk))


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(guard, "FEWEST", 10)


def test_when_much_of_the_newest_is_held_a_proof_is_asked_for_an_hour(text, letter, few):
    came(text, 7, timedelta(minutes=5))
    came(text, 3, timedelta(minutes=4), state="pending", hold_reasons=["rate"])

    found = watch(letter)

    assert found.asks_proof(NOW + timedelta(minutes=59))
    assert not found.asks_proof(NOW + timedelta(minutes=61))


@pytest.mark.parametrize(
    ("free", "held", "ago"),
    [(8, 2, 5), (0, 9, 5), (7, 3, 11)],
    ids=["little is held", "few in all", "long ago"],
)
def test_otherwise_nobody_is_asked(text, letter, few, free, held, ago):
    came(text, free, timedelta(minutes=ago, seconds=1))
    came(text, held, timedelta(minutes=ago), state="pending", hold_reasons=["rate"])

    assert not watch(letter).asks_proof(NOW)


@pytest.mark.parametrize("reasons", [["limits"], ["limits", "proof"]])
def test_that_everybody_is_held_while_the_limits_are_away_is_no_flood(text, letter, few, reasons):
    came(text, 20, timedelta(minutes=4), state="pending", hold_reasons=reasons)

    assert not watch(letter).asks_proof(NOW)


@pytest.mark.parametrize(("chosen", "asks"), [(Defence.ON, True), (Defence.OFF, False)])
def test_staff_decide_over_what_the_site_finds(text, letter, few, chosen, asks):
    Guard.objects.create(letter=letter, proof=chosen)
    came(text, 20, timedelta(minutes=4), state="pending", hold_reasons=["rate"])

    assert watch(letter).asks_proof(NOW) is asks


def test_many_accepted_out_of_pattern_hide_the_names_and_nothing_else(client, text, letter):
    Guard.objects.create(letter=letter, accepted_an_hour=5)
    came(text, 6, timedelta(minutes=30))
    assert public_names(letter=letter).count() == 6

    watch(letter)

    letter = Letter.objects.get(pk=letter.pk)
    assert public_names(letter=letter).count() == 0
    assert Signature.objects.accepted().count() == 6
    page = client.get("/letters/peace/signatures/").content.decode()
    assert "Person" not in page
    assert client.get("/letters/peace/signatures.json").json()["signatures"] == []


@pytest.mark.parametrize(
    ("hour", "day", "hidden"), [(5, 0, False), (6, 0, True), (6, 48, False), (11, 48, True)]
)
def test_what_is_usual_is_no_alarm(text, letter, hour, day, hidden):
    Guard.objects.create(letter=letter, accepted_an_hour=5)
    came(text, hour, timedelta(minutes=30))
    came(text, day, timedelta(hours=5))

    assert watch(letter).hides_names() is hidden


@pytest.mark.parametrize("source", ["csv", "email", "paper"])
def test_what_staff_took_in_is_no_alarm(text, letter, few, source):
    Guard.objects.create(letter=letter, accepted_an_hour=5)
    came(text, 12, timedelta(minutes=30), source=source)
    came(text, 20, timedelta(minutes=4), state="pending", hold_reasons=["rate"], source=source)

    found = watch(letter)

    assert not found.hides_names()
    assert not found.asks_proof(NOW)


def test_staff_can_show_the_names_again(text, letter):
    Guard.objects.create(letter=letter, accepted_an_hour=5)
    came(text, 6, timedelta(minutes=30))
    alarmed = watch(letter)
    alarmed.hide_names = Defence.OFF

    guard_decide(guard=alarmed, actor=make_moderator())

    assert not watch(letter).hides_names()
    assert guards_raised() == []


def test_each_alarm_is_raised_and_written_down_once(text, letter, few, caplog):
    Guard.objects.create(letter=letter, accepted_an_hour=5)
    came(text, 20, timedelta(minutes=4), hold_reasons=["rate"])

    watch(letter)
    watch(letter)

    entries = AuditEntry.objects.order_by("id")
    assert [entry.action for entry in entries] == ["proof of work asked", "names hidden"]
    assert {entry.actor for entry in entries} == {None}
    assert [record.message for record in caplog.records].count("a letter defends itself") == 2


def test_two_looks_within_seconds_are_one(text, letter, few):
    watch(letter)
    came(text, 20, timedelta(minutes=4), hold_reasons=["rate"])

    guard_watch(letter=letter, now=NOW)

    assert not guard_of(letter=letter).asks_proof(NOW)


def test_every_so_many_signatures_somebody_looks(post, background, monkeypatch, few):
    monkeypatch.setattr(guard, "WATCH_EVERY", 1)
    monkeypatch.setattr(guard, "REST", 0)

    for number in range(10):
        post(name=f"Person {number}", website="filled in")
        background()

    assert Guard.objects.get().asks_proof(timezone.now())


# For staff

GUARDS = "/admin/signatures/guard/"


@pytest.fixture
def alarmed(letter) -> Guard:
    return Guard.objects.create(letter=letter, names_hidden_at=timezone.now())


def test_moderators_are_told_on_every_page(client, alarmed):
    client.force_login(make_moderator())

    for page in ("/admin/", "/admin/signatures/signature/"):
        content = client.get(page).content.decode()
        assert "Its public names are hidden until somebody has looked." in content
        assert f"{GUARDS}{alarmed.pk}/change/" in content
        assert "/admin/signatures/sweep/desk/" in content


def test_what_saving_does_to_an_alarm_is_said_before(client, alarmed):
    client.force_login(make_moderator())

    page = client.get(f"{GUARDS}{alarmed.pk}/change/").content.decode()

    assert "Saving settles what was raised by itself: names are shown again" in page


def test_moderators_decide(client, alarmed):
    client.force_login(make_moderator())

    response = client.post(
        f"{GUARDS}{alarmed.pk}/change/",
        {"proof": "on", "hide_names": "auto", "accepted_an_hour": "50"},
    )

    decided = Guard.objects.get()
    assert response.status_code == 302
    assert (decided.proof, decided.names_hidden_at, decided.accepted_an_hour) == ("on", None, 50)
    entry = AuditEntry.objects.get(action="defences set")
    assert str(entry.actor) == "moderator"
    assert entry.details == {"proof": "on", "hide_names": "auto"}


def test_others_do_not(client, alarmed):
    client.force_login(make_delivery_staff())

    assert client.get(GUARDS).status_code == 403
    assert "Its public names" not in client.get("/admin/").content.decode()


def test_a_letter_in_peace_raises_nothing(client, letter):
    Guard.objects.create(letter=letter)
    client.force_login(make_moderator())

    assert "messagelist" not in client.get("/admin/").content.decode()
    assert letter_count(letter=letter) == 0


# Mailboxes to throw away


@pytest.mark.parametrize("email", ["a@mailinator.com", "a@MAILINATOR.com", "a@box.mailinator.com"])
def test_a_throw_away_mailbox_is_held_and_never_refused(signed, email):
    row = signed(email=email)

    assert (row.state, row.hold_reasons) == (State.PENDING, ["mailbox"])


@pytest.mark.parametrize("email", ["a@example.org", "a@mailinator.com.example.org", "a@gmail.com"])
def test_any_other_mailbox_is_as_good_as_the_next(signed, email):
    assert signed(email=email).hold_reasons == []
