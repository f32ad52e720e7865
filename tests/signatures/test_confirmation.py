"""The link in the mail: opening it changes nothing, pressing its button confirms."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from letters.services import letter_save
from signatures.enums import State
from signatures.models import AuditEntry, Signature
from signatures.sealing import unseal
from signatures.services.counts import letter_count
from signatures.services.moderation import signature_decide
from signatures.tokens import Purpose, make_token
from tests.factories import SignatureFactory, TextFactory, make_moderator


def link(row: Signature, purpose: str, path: str = "") -> str:
    version = row.link_version if purpose == "page" else 0
    return f"/s/{make_token(Purpose(purpose), row.id, version)}/{path}"


@pytest.fixture
def waiting(text) -> Signature:
    """A signature that waits for its mailbox, made just now."""
    return SignatureFactory.create(
        text=text,
        state="unconfirmed",
        email="amal@example.org",
        name="Amal Haddad",
        sealed=True,
        created_at=timezone.now(),
    )


@pytest.fixture
def confirm(client):
    def press(row: Signature):
        return client.post(link(row, "confirm", "confirm/"))

    return press


def everything() -> list[object]:
    return [*Signature.objects.values(), *AuditEntry.objects.values()]


LINKS = [
    ("page", ""),
    ("page", "change/"),
    ("page", "withdraw/"),
    ("page", "erase/"),
    ("confirm", "confirm/"),
    ("not-me", "not-me/"),
    ("unsubscribe", "unsubscribe/"),
]


@pytest.mark.parametrize("state", ["unconfirmed", "pending", "accepted"])
@pytest.mark.parametrize("method", ["get", "head"])
@pytest.mark.parametrize(("purpose", "path"), LINKS)
def test_opening_a_link_changes_nothing(client, text, purpose, path, method, state):
    row = SignatureFactory.create(
        text=text, state=state, sealed=True, wants_updates=True, created_at=timezone.now()
    )
    before = everything()

    for _ in range(3):
        response = getattr(client, method)(link(row, purpose, path))

    assert response.status_code in {200, 303, 404}
    assert everything() == before


def test_the_page_of_the_link_shows_a_button(client, waiting):
    page = client.get(link(waiting, "confirm", "confirm/")).content.decode()

    assert '<form method="post"><button type="submit"' in page
    assert "Confirm my signature" in page
    assert link(waiting, "not-me", "not-me/") in page


def test_pressing_the_button_confirms_and_counts(client, waiting, letter, confirm):
    response = confirm(waiting)

    waiting.refresh_from_db()
    assert response.status_code == 303
    assert waiting.state == "accepted"
    assert waiting.confirmed_at is not None
    assert letter_count(letter=letter) == 1
    assert "Your signature counts" in client.get(response["Location"]).content.decode()


def test_it_is_logged_without_an_actor(waiting, confirm):
    confirm(waiting)

    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.from_state, entry.to_state) == (
        "confirmed",
        None,
        "unconfirmed",
        "accepted",
    )


def test_twice_is_once(waiting, letter, confirm):
    first = confirm(waiting)
    again = confirm(waiting)

    assert again["Location"] == first["Location"]
    assert letter_count(letter=letter) == 1
    assert AuditEntry.objects.count() == 1


def test_the_address_is_erased(waiting, confirm):
    confirm(waiting)

    waiting.refresh_from_db()
    assert waiting.email_sealed is None
    assert waiting.email_key is not None


def test_the_address_is_kept_sealed_where_updates_were_asked_for(waiting, confirm):
    Signature.objects.update(wants_updates=True)

    confirm(waiting)

    waiting.refresh_from_db()
    assert unseal(waiting.email_sealed) == "amal@example.org"


def test_the_page_link_given_out_before_is_revoked(client, waiting, confirm):
    old = link(waiting, "page")

    new = confirm(waiting)["Location"]

    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200


def test_after_confirming_the_mailed_link_leads_to_the_own_page(client, waiting, confirm):
    own_page = confirm(waiting)["Location"]

    response = client.get(link(waiting, "confirm", "confirm/"))

    assert (response.status_code, response["Location"]) == (303, own_page)


@pytest.mark.parametrize(("days", "works"), [(13.99, True), (14.01, False)])
def test_the_link_works_for_fourteen_days(client, waiting, confirm, days, works):
    Signature.objects.update(created_at=timezone.now() - timedelta(days=days))

    opened = client.get(link(waiting, "confirm", "confirm/"))
    pressed = confirm(waiting)

    waiting.refresh_from_db()
    assert (opened.status_code, pressed.status_code) == ((200, 303) if works else (404, 404))
    assert waiting.state == ("accepted" if works else "unconfirmed")


@pytest.mark.parametrize(("hours", "works"), [(23.9, True), (24.1, False)])
def test_the_link_works_until_a_day_after_closing(waiting, letter, confirm, hours, works):
    letter.closes_at = timezone.now() - timedelta(hours=hours)
    letter_save(letter=letter)

    confirm(waiting)

    waiting.refresh_from_db()
    assert waiting.state == ("accepted" if works else "unconfirmed")


def test_a_pending_row_that_only_claims_the_mailbox_makes_way(text, waiting, letter, confirm):
    rival = SignatureFactory.create(
        text=text, state="pending", email="amal@example.org", name="Amal Haddad"
    )

    confirm(waiting)

    waiting.refresh_from_db()
    rival.refresh_from_db()
    assert (waiting.state, rival.state) == ("accepted", "duplicate")
    assert letter_count(letter=letter) == 1


def test_a_pending_row_whose_mailbox_was_confirmed_stands(text, waiting, letter, confirm):
    held = SignatureFactory.create(
        text=text,
        state="pending",
        email="amal@example.org",
        name="Amal Haddad",
        confirmed_at=timezone.now(),
    )

    confirm(waiting)

    waiting.refresh_from_db()
    held.refresh_from_db()
    assert (waiting.state, held.state) == ("duplicate", "pending")
    assert letter_count(letter=letter) == 0


def test_a_second_row_of_the_same_mailbox_becomes_a_duplicate_when_confirmed(
    text, waiting, letter, confirm
):
    other = SignatureFactory.create(
        text=text,
        state="unconfirmed",
        email="amal@example.org",
        name="Amal Haddad",
        occupation="doctor",
        sealed=True,
        created_at=timezone.now(),
    )

    confirm(other)
    response = confirm(waiting)

    waiting.refresh_from_db()
    other.refresh_from_db()
    assert response.status_code == 303
    assert (other.state, waiting.state) == ("accepted", "duplicate")
    assert waiting.email_sealed is None
    assert letter_count(letter=letter) == 1


def test_a_held_signature_is_confirmed_and_still_waits_for_a_person(text, letter, confirm):
    held = SignatureFactory.create(
        text=text,
        state="pending",
        hold_reasons=["rate"],
        sealed=True,
        created_at=timezone.now(),
    )

    confirm(held)

    held.refresh_from_db()
    assert (held.state, held.email_sealed, held.link_version) == ("pending", None, 1)
    assert held.confirmed_at is not None
    assert letter_count(letter=letter) == 0


@pytest.mark.parametrize("state", ["rejected", "duplicate", "withdrawn"])
def test_a_signature_that_has_ended_cannot_be_confirmed(client, text, confirm, state):
    gone = {"name": "", "residence": "", "occupation": ""} if state == "withdrawn" else {}
    row = SignatureFactory.create(text=text, state=state, created_at=timezone.now(), **gone)

    opened = client.get(link(row, "confirm", "confirm/"))
    pressed = confirm(row)

    row.refresh_from_db()
    assert (opened.status_code, pressed.status_code) == (404, 404)
    assert (row.state, row.confirmed_at) == (state, None)


# "This was not me"


def test_not_me_removes_the_row(client, waiting):
    response = client.post(link(waiting, "not-me", "not-me/"))

    assert "It is removed" in response.content.decode()
    assert not Signature.objects.exists()
    assert AuditEntry.objects.get().action == "not me"


def test_not_me_twice_is_the_calm_page(client, waiting):
    client.post(link(waiting, "not-me", "not-me/"))

    assert client.post(link(waiting, "not-me", "not-me/")).status_code == 404


def test_not_me_cannot_remove_what_its_mailbox_confirmed(client, waiting, confirm):
    confirm(waiting)

    response = client.post(link(waiting, "not-me", "not-me/"))

    assert response.status_code == 404
    assert Signature.objects.count() == 1


def test_not_me_takes_back_what_a_moderator_had_accepted(client, text, letter):
    held = SignatureFactory.create(text=text, state="pending", sealed=True, hold_reasons=["timing"])
    signature_decide(signature_id=held.id, to=State.ACCEPTED, actor=make_moderator())

    client.post(link(held, "not-me", "not-me/"))

    assert not Signature.objects.exists()
    assert letter_count(letter=letter) == 0


# Links that do not work all show the same page


def altered(token: str) -> str:
    return token[:-1] + ("A" if token[-1] != "A" else "B")


def test_every_link_that_does_not_work_shows_the_same_bytes(client, waiting):
    other_purpose = make_token(Purpose.NOT_ME, waiting.id)
    good = make_token(Purpose.CONFIRM, waiting.id)
    erased = make_token(Purpose.CONFIRM, uuid4())
    tokens = [other_purpose, altered(good), erased, "x", "é", good + "=", "%00", "a" * 5000]

    responses = [client.get(f"/s/{token}/confirm/") for token in tokens]

    assert {response.status_code for response in responses} == {404}
    assert len({response.content for response in responses}) == 1
    assert "This link does not work" in responses[0].content.decode()


@pytest.mark.parametrize(("purpose", "path"), LINKS)
@pytest.mark.parametrize("made_for", list(Purpose))
def test_a_token_works_for_its_own_purpose_only(client, waiting, purpose, path, made_for):
    response = client.get(f"/s/{make_token(made_for, waiting.id)}/{path}")

    assert (response.status_code == 200) == (made_for == purpose)


def test_a_token_made_under_a_retired_key_still_works(client, waiting, settings):
    address = link(waiting, "confirm", "confirm/")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "the next one"

    assert client.get(address).status_code == 200


def test_a_link_of_another_site_does_not_work(client, waiting, settings):
    address = link(waiting, "confirm", "confirm/")
    settings.SECRET_KEY = "another site's"

    assert client.get(address).status_code == 404


def test_another_letters_signature_has_its_own_link(client, waiting, confirm):
    other = SignatureFactory.create(
        text=TextFactory.create(), state="unconfirmed", sealed=True, created_at=timezone.now()
    )

    confirm(other)

    waiting.refresh_from_db()
    assert waiting.state == "unconfirmed"


def test_unsubscribing_erases_a_confirmed_address_with_one_post(client, text):
    row = SignatureFactory.create(text=text, sealed=True, wants_updates=True)

    response = client.post(
        link(row, "unsubscribe", "unsubscribe/"), {"List-Unsubscribe": "One-Click"}
    )

    row.refresh_from_db()
    assert response.status_code == 200
    assert (row.email_sealed, row.wants_updates, row.state) == (None, False, "accepted")


class TestAMailboxThatAListBrought:
    """Staff accepted a row with the mailbox of somebody who then signs by the form."""

    @pytest.fixture
    def brought(self, text) -> Signature:
        return SignatureFactory.create(
            text=text,
            source="csv",
            source_ref="list.csv:2",
            email="amal@example.org",
            name="Amal Haddad",
            confirmed_at=None,
            visibility="recipient",
        )

    def test_its_owner_goes_before_it(self, brought, waiting, confirm):
        counted = letter_count(letter=waiting.letter)

        confirm(waiting)

        states = dict(Signature.objects.values_list("id", "state"))
        assert states == {brought.id: "duplicate", waiting.id: "accepted"}
        assert letter_count(letter=waiting.letter) == counted

    def test_withdrawing_then_takes_the_person_off_the_letter(
        self, client, brought, waiting, confirm
    ):
        confirm(waiting)
        waiting.refresh_from_db()

        client.post(link(waiting, "page", "withdraw/"))

        assert set(Signature.objects.values_list("state", flat=True)) == {"duplicate", "withdrawn"}

    def test_one_that_another_web_signature_confirmed_stays(self, text, waiting, confirm):
        first = SignatureFactory.create(text=text, email="amal@example.org", name="Amal Haddad")

        confirm(waiting)

        states = dict(Signature.objects.values_list("id", "state"))
        assert states == {first.id: "accepted", waiting.id: "duplicate"}
