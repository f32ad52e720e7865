"""The signer's own page: withdraw, erase, show or hide the name, correct a detail."""

from __future__ import annotations

import pytest
from django.utils import timezone

from letters.services import letter_save
from signatures.enums import State
from signatures.models import AuditEntry, Signature
from signatures.sealing import unseal
from signatures.services.counts import letter_count
from signatures.services.moderation import signature_decide
from signatures.services.own_page import signature_correct
from signatures.tokens import Purpose, make_token
from tests.factories import SignatureFactory, make_moderator

CORRECTED = {
    "name": "Amal Haddad",
    "residence": "Tripoli, Lebanon",
    "occupation": "teacher",
    "visibility": "public",
}


def page(row: Signature, path: str = "") -> str:
    return f"/s/{make_token(Purpose.PAGE, row.id, row.link_version)}/{path}"


@pytest.fixture
def counted(text) -> Signature:
    """An accepted signature whose state and count came about in the ordinary way."""
    row = SignatureFactory.create(
        text=text,
        state="pending",
        email="",
        name="Amal Haddad",
        residence="Beirut, Lebanon",
        occupation="teacher",
        created_at=timezone.now(),
    )
    signature_decide(signature_id=row.id, to=State.ACCEPTED, actor=make_moderator())
    row.refresh_from_db()
    return row


def test_it_shows_what_was_signed(client, counted, text):
    content = client.get(page(counted)).content.decode()

    for value in ("Amal Haddad", "Beirut, Lebanon", "teacher", text.digest, text.title):
        assert value in content


@pytest.mark.parametrize("path", ["", "change/", "withdraw/", "erase/"])
def test_nobody_keeps_a_copy_and_the_title_says_nothing(client, counted, path):
    response = client.get(page(counted, path))

    content = response.content.decode()
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "<title>Your page</title>" in content
    assert response.cookies == {}


def test_it_says_before_all_else_that_keeping_the_link_is_optional(client, counted):
    content = client.get(page(counted)).content.decode()

    caution = content.index("You do not have to keep this page")
    assert caution < content.index("Amal Haddad")


# Withdraw


def test_withdrawing_leaves_a_tombstone_of_keyed_digests(client, text, letter):
    row = SignatureFactory.create(text=text, sealed=True, wants_updates=True, state="accepted")
    keys = (row.person_key, row.email_key)

    response = client.post(page(row, "withdraw/"))

    row.refresh_from_db()
    assert response.status_code == 303
    assert row.state == "withdrawn"
    assert (row.person_key, row.email_key) == keys
    assert (row.name, row.residence, row.occupation) == ("", "", "")
    assert (row.email_sealed, row.wants_updates) == (None, False)


def test_the_count_follows_a_withdrawal_at_once(client, counted, letter):
    assert letter_count(letter=letter) == 1

    client.post(page(counted, "withdraw/"))

    assert letter_count(letter=letter) == 0
    assert client.get("/letters/peace/count.json").json()["count"] == 0
    assert "Amal Haddad" not in client.get("/letters/peace/signatures/").content.decode()


def test_withdrawing_twice_is_once(client, counted, letter):
    client.post(page(counted, "withdraw/"))
    response = client.post(page(counted, "withdraw/"))

    assert response.status_code == 303
    assert letter_count(letter=letter) == 0
    assert "Your signature is withdrawn" in client.get(response["Location"]).content.decode()


@pytest.mark.parametrize("state", ["unconfirmed", "pending", "duplicate"])
def test_a_signature_that_does_not_count_can_be_withdrawn(client, text, letter, state):
    row = SignatureFactory.create(text=text, state=state, sealed=True)

    client.post(page(row, "withdraw/"))

    row.refresh_from_db()
    assert row.state == "withdrawn"
    assert letter_count(letter=letter) == 0


def test_a_rejected_signature_cannot_be_withdrawn(client, text):
    row = SignatureFactory.create(text=text, state="rejected")

    assert client.get(page(row, "withdraw/")).status_code == 404
    assert client.post(page(row, "withdraw/")).status_code == 404


def test_a_withdrawal_is_logged_without_words(client, counted):
    client.post(page(counted, "withdraw/"))

    entry = AuditEntry.objects.latest("id")
    assert (entry.action, entry.actor, entry.reason, entry.details) == ("withdrawn", None, "", {})


# Erase


def test_erasing_deletes_the_row_and_the_count_follows(client, counted, letter):
    response = client.post(page(counted, "erase/"))

    assert "Everything is erased" in response.content.decode()
    assert not Signature.objects.exists()
    assert letter_count(letter=letter) == 0
    assert client.get(page(counted)).status_code == 404


@pytest.mark.parametrize("state", ["unconfirmed", "pending", "rejected", "duplicate"])
def test_whatever_its_state_it_can_be_erased(client, text, letter, state):
    row = SignatureFactory.create(text=text, state=state)

    client.post(page(row, "erase/"))

    assert not Signature.objects.exists()
    assert letter_count(letter=letter) == 0


def test_what_is_left_of_a_withdrawn_signature_can_be_erased(client, counted):
    withdrawn = client.post(page(counted, "withdraw/"))["Location"]
    assert page(counted, "erase/") in client.get(withdrawn).content.decode()

    client.post(page(counted, "erase/"))

    assert not Signature.objects.exists()


def test_erasing_twice_is_the_calm_page(client, counted, monkeypatch):
    """The second of two posts found the row, and then the first had deleted it."""
    address = page(counted, "erase/")
    monkeypatch.setattr(
        "signatures.views.own_page._find",
        lambda *_: Signature(id=counted.id, letter=counted.letter, state="accepted"),
    )
    client.post(address)

    assert client.post(address).status_code == 404


# Change


def test_who_sees_the_name_changes_at_once(client, counted, letter):
    response = client.post(
        page(counted, "change/"),
        {**CORRECTED, "residence": "Beirut, Lebanon", "visibility": "counted"},
    )

    counted.refresh_from_db()
    assert response.status_code == 303
    assert (counted.visibility, counted.state) == ("counted", "accepted")
    assert letter_count(letter=letter) == 1
    assert client.get("/letters/peace/signatures.json").json()["signatures"] == []


def test_changing_nothing_changes_nothing(client, counted):
    entries = AuditEntry.objects.count()

    client.post(page(counted, "change/"), {**CORRECTED, "residence": "Beirut, Lebanon"})

    counted.refresh_from_db()
    assert counted.state == "accepted"
    assert AuditEntry.objects.count() == entries


def test_a_corrected_detail_goes_back_to_a_person(client, counted, letter):
    client.post(page(counted, "change/"), CORRECTED)

    counted.refresh_from_db()
    assert (counted.state, counted.residence) == ("pending", "Tripoli, Lebanon")
    assert (counted.decided_at, counted.decided_by) == (None, None)
    assert letter_count(letter=letter) == 0


def test_a_corrected_person_is_recognised_by_the_new_lines(client, counted, signed):
    client.post(page(counted, "change/"), CORRECTED)

    assert signed(residence="Beirut, Lebanon").state == "pending"
    assert signed(residence="Tripoli, Lebanon").state == "duplicate"


def test_a_correction_onto_somebody_elses_key_becomes_a_duplicate_silently(client, counted, text):
    other = SignatureFactory.create(text=text, email="", **{**CORRECTED, "visibility": "public"})

    response = client.post(page(counted, "change/"), CORRECTED)

    counted.refresh_from_db()
    other.refresh_from_db()
    assert response.status_code == 303
    assert (counted.state, other.state) == ("duplicate", "accepted")
    assert "Your signature has arrived" in client.get(response["Location"]).content.decode()


def test_a_pending_correction_onto_somebody_elses_key_becomes_a_duplicate_silently(client, text):
    SignatureFactory.create(text=text, email="", **CORRECTED)
    row = SignatureFactory.create(text=text, email="", state="pending")

    response = client.post(page(row, "change/"), CORRECTED)

    row.refresh_from_db()
    assert response.status_code == 303
    assert (row.state, row.residence) == ("duplicate", "Tripoli, Lebanon")


def test_a_corrected_name_goes_into_the_mailbox_key_while_the_address_is_known(client, text):
    row = SignatureFactory.create(
        text=text, email="amal@example.org", sealed=True, state="unconfirmed"
    )
    before = row.email_key

    client.post(page(row, "change/"), CORRECTED)

    row.refresh_from_db()
    assert row.email_key != before
    assert (row.state, unseal(row.email_sealed or "")) == ("unconfirmed", "amal@example.org")


def test_the_mailbox_key_stays_when_the_address_is_erased(client, text):
    row = SignatureFactory.create(text=text, email="amal@example.org", state="accepted")
    before = row.email_key

    client.post(page(row, "change/"), CORRECTED)

    row.refresh_from_db()
    assert (row.email_key, row.state, row.name) == (before, "pending", "Amal Haddad")


def test_a_visibility_that_makes_two_waiting_rows_equal_leaves_one(client, text):
    same = {"text": text, "email": "amal@example.org", "name": "Amal", "state": "unconfirmed"}
    first = SignatureFactory.create(visibility="public", **same)
    second = SignatureFactory.create(visibility="counted", **same)

    response = client.post(
        page(second, "change/"),
        {
            "name": "Amal",
            "residence": second.residence,
            "occupation": second.occupation,
            "visibility": "public",
        },
    )

    first.refresh_from_db()
    second.refresh_from_db()
    assert response.status_code == 303
    assert (first.state, second.state) == ("unconfirmed", "duplicate")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"name": ""}, "Write your name."),
        ({"name": "x" * 201}, "Please use at most 200 characters."),
        ({"occupation": "www.example.org"}, "Please leave out web addresses."),
        ({"visibility": "secret"}, "Choose one of the three."),
    ],
)
def test_a_fault_keeps_what_was_typed_and_changes_nothing(client, counted, changes, sentence):
    response = client.post(page(counted, "change/"), {**CORRECTED, **changes})

    counted.refresh_from_db()
    content = response.content.decode()
    assert response.status_code == 422
    assert content.count(sentence) == 2
    assert 'value="Tripoli, Lebanon"' in content
    assert (counted.residence, counted.visibility) == ("Beirut, Lebanon", "public")


@pytest.mark.parametrize("state", ["rejected", "withdrawn"])
def test_a_signature_that_has_ended_cannot_be_changed(client, text, state):
    gone = {"name": "", "residence": "", "occupation": ""} if state == "withdrawn" else {}
    row = SignatureFactory.create(text=text, state=state, **gone)

    assert client.get(page(row, "change/")).status_code == 404
    assert client.post(page(row, "change/"), CORRECTED).status_code == 404


def test_a_decision_between_looking_and_posting_shows_the_calm_page(client, counted, monkeypatch):
    stale = Signature.objects.select_related("letter").get()
    signature_decide(signature_id=counted.id, to=State.REJECTED, actor=make_moderator("second"))
    monkeypatch.setattr("signatures.views.own_page._find", lambda *_: stale)

    assert client.post(page(counted, "withdraw/")).status_code == 404
    assert client.post(page(counted, "change/"), CORRECTED).status_code == 404


def test_a_signer_may_change_their_mind_after_closing(client, counted, letter):
    letter.closes_at = timezone.now()
    letter_save(letter=letter)

    assert client.post(page(counted, "withdraw/")).status_code == 303


def test_a_correction_with_odd_characters_is_held_before_it_is_confirmed(text):
    row = SignatureFactory.create(text=text, state=State.UNCONFIRMED)

    signature_correct(signature_id=row.id, name="Jоhn Smith", residence="Cork", occupation="Baker")

    row.refresh_from_db()
    assert (row.state, row.hold_reasons) == (State.PENDING, ["characters"])


def test_a_duplicate_corrected_to_somebody_new_waits_for_a_person(text):
    row = SignatureFactory.create(text=text, state=State.DUPLICATE, email="")

    signature_correct(signature_id=row.id, name="Other", residence="Cork", occupation="Baker")

    row.refresh_from_db()
    assert row.state == State.PENDING
