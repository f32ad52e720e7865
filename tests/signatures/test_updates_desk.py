"""Delivery staff write an update, look at it as it will be read, send it, and watch it go."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from django.utils import timezone

from letters.models import LetterText
from signatures.enums import State
from signatures.models import AuditEntry, Signature, Update
from tests.factories import SignatureFactory, make_delivery_staff, make_moderator

LIST = "/admin/signatures/update/"


@pytest.fixture
def desk(db) -> Client:
    client = Client()
    client.force_login(make_delivery_staff())
    return client


@pytest.fixture
def update(text) -> Update:
    return Update.objects.create(
        letter=text.letter, subject="Received", body="It was *received*.\n\n<script>x</script>"
    )


def ask_for_news(text: LetterText, number: int) -> list[Signature]:
    return [
        SignatureFactory.create(text=text, sealed=True, wants_updates=True) for _ in range(number)
    ]


def send_page(update: Update) -> str:
    return f"{LIST}{update.pk}/send/"


def form(text: LetterText, **changes: str) -> dict[str, str | int]:
    return {
        "letter": text.letter_id,
        "language": "en",
        "subject": "Handed over",
        "body": "On *Monday*.",
        **changes,
    }


def page_of(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


# Writing


@pytest.mark.parametrize("model", ["update", "guard"])
def test_a_letter_is_chosen_and_not_made_in_passing(admin_client, text, model):
    page = page_of(admin_client.get(f"/admin/signatures/{model}/add/"))

    assert f'<option value="{text.letter_id}">' in page
    assert "related-widget-wrapper" not in page


def test_who_wrote_an_update_is_kept_beside_it(desk, text):
    response = desk.post(f"{LIST}add/", form(text))

    assert response.status_code == 302
    written = Update.objects.get()
    assert (written.subject, str(written.created_by)) == ("Handed over", "deliverer")
    assert written.started_at is None


def test_who_mends_it_does_not_become_its_author(desk, text, update):
    update.created_by = make_moderator()
    update.save()

    desk.post(f"{LIST}{update.pk}/change/", form(text, subject="Mended"))

    update.refresh_from_db()
    assert (update.subject, str(update.created_by)) == ("Mended", "moderator")


@pytest.mark.parametrize("field", ["subject", "body", "letter"])
def test_an_update_without_a_part_is_asked_for_again(desk, text, field):
    response = desk.post(f"{LIST}add/", form(text, **{field: ""}))

    assert response.status_code == 200
    assert not Update.objects.exists()


def test_what_was_sent_is_neither_changed_nor_deleted(desk, text, update):
    Update.objects.update(started_at=timezone.now())

    changed = desk.post(f"{LIST}{update.pk}/change/", form(text, subject="Other"))
    deleted = desk.post(f"{LIST}{update.pk}/delete/", {"post": "yes"})

    assert (changed.status_code, deleted.status_code) == (403, 403)
    assert Update.objects.get().subject == "Received"


# Looking at it


def test_it_is_shown_as_it_will_be_read_with_how_many_will_get_it(desk, text, update):
    ask_for_news(text, 3)

    page = page_of(desk.get(send_page(update)))

    assert "3 signers asked for updates and will get this mail." in page
    assert "It was <em>received</em>." in page
    assert "<script>x</script>" not in page


def test_nobody_gets_a_mail_for_having_looked(desk, text, update, background):
    ask_for_news(text, 1)

    for method in (desk.get, desk.head):
        method(send_page(update))
    background()

    update.refresh_from_db()
    assert (mail.outbox, update.started_at) == ([], None)


@pytest.mark.parametrize(("is_public", "offered"), [(False, False), (True, True)])
def test_what_nobody_asked_for_can_only_be_told_on_the_site(desk, update, is_public, offered):
    Update.objects.update(is_public=is_public)

    page = page_of(desk.get(send_page(update)))

    assert "0 signers asked for updates" in page
    assert ("Send it now" in page) is offered
    assert ("on the letter’s page of updates, for everybody" in page) is is_public


def test_an_update_that_is_none_is_not_found(desk, text):
    assert desk.get(f"{LIST}99/send/").status_code == 404


# Sending it


def test_it_goes_to_everybody_who_asked_and_the_page_shows_how_far_it_is(
    desk, text, update, background
):
    ask_for_news(text, 3)
    SignatureFactory.create(text=text, sealed=True, wants_updates=True, state=State.UNCONFIRMED)

    begun = desk.post(send_page(update))
    underway = desk.get(begun["Location"])
    background()
    done = desk.get(begun["Location"])

    assert begun["Location"] == send_page(update)
    assert underway["Refresh"] == "5"
    assert "On its way" in page_of(underway)
    assert "0 of 3 sent" in page_of(underway)
    assert "Refresh" not in done.headers
    assert re.search(r"3 of 3 sent, 0 refused", page_of(done))
    assert len(mail.outbox) == 3


def test_sending_is_written_into_the_log_with_how_many(desk, text, update):
    ask_for_news(text, 2)

    desk.post(send_page(update))

    entry = AuditEntry.objects.get(action="update sent")
    assert entry.actor is not None
    assert entry.actor.username == "deliverer"
    assert entry.details == {"update": update.pk, "recipients": 2}


def test_pressing_twice_sends_once_and_says_so(desk, text, update, background):
    ask_for_news(text, 2)

    desk.post(send_page(update))
    again = desk.post(send_page(update), follow=True)
    background()

    assert "This update has been sent already." in page_of(again)
    assert len(mail.outbox) == 2


# Who may


@pytest.mark.parametrize("method", ["get", "post"])
def test_moderators_neither_see_nor_send_updates(client, text, update, method):
    client.force_login(make_moderator())

    for address in (LIST, f"{LIST}add/", send_page(update)):
        assert getattr(client, method)(address).status_code == 403
    assert Update.objects.get().started_at is None


def test_a_stranger_is_asked_to_log_in(client, update):
    response = client.post(send_page(update))

    assert response.status_code == 302
    assert response["Location"].startswith("/admin/login/")


def test_a_post_without_the_pages_token_sends_nothing(update):
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_delivery_staff())

    assert client.post(send_page(update)).status_code == 403
    assert Update.objects.get().started_at is None
