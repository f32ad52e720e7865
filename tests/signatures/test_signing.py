"""Putting a name under a letter: what is stored, and what the visitor sees."""

from __future__ import annotations

import time

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from letters.services import letter_save, text_save
from signatures.models import AuditEntry, Signature
from signatures.sealing import unseal
from signatures.services.counts import letter_count
from signatures.tokens import make_stamp
from tests.factories import SignatureFactory, TextFactory

from .posting import form_data


def test_a_signature_leads_to_its_own_page_by_303(client, post):
    response = post()

    assert response.status_code == 303
    assert response["Location"].startswith("/s/")
    assert client.get(response["Location"]).status_code == 200


def test_it_stores_what_was_written_and_what_was_signed(signed, text):
    row = signed(residence="  Beirut,\tLebanon ")

    assert (row.name, row.residence, row.occupation) == (
        "Amal Haddad",
        "Beirut, Lebanon",
        "teacher",
    )
    assert (row.letter, row.text_digest, row.language) == (text.letter, text.digest, "en")
    assert (row.visibility, row.source, row.hold_reasons) == ("public", "web", [])


def test_with_an_e_mail_it_waits_for_its_mailbox_and_a_mail_goes_out(signed, background):
    row = signed(email="Amal@Example.org", wants_updates="on")

    assert row.state == "unconfirmed"
    assert row.wants_updates is True
    assert unseal(row.email_sealed) == "Amal@example.org"
    assert background() == 1
    assert [message.to for message in mail.outbox] == [["Amal@example.org"]]


def test_without_an_e_mail_it_waits_for_a_person_and_no_mail_goes_out(signed, background, letter):
    row = signed(wants_updates="on")

    assert row.state == "pending"
    assert (row.email_sealed, row.email_key, row.wants_updates) == (None, None, False)
    assert background() == 0
    assert letter_count(letter=letter) == 0


def test_where_review_comes_after_it_counts_at_once_and_stands_in_the_queue(signed, letter):
    letter.review = "after"
    letter_save(letter=letter)

    row = signed()

    assert row.state == "accepted"
    assert letter_count(letter=letter) == 1
    assert list(Signature.objects.in_queue()) == [row]


def test_where_review_comes_after_an_e_mail_still_waits_for_its_mailbox(signed, letter):
    letter.review = "after"
    letter_save(letter=letter)

    assert signed(email="amal@example.org").state == "unconfirmed"


def test_without_a_choice_the_name_goes_to_the_recipients_only(signed):
    assert signed(visibility=None).visibility == "recipient"


def test_the_language_of_the_address_decides_which_text_is_signed(client, text):
    french = TextFactory.create(
        letter=text.letter, language="fr", title="Une lettre", is_courtesy_translation=True
    )

    response = client.post("/fr/letters/peace/sign/", form_data(french))

    row = Signature.objects.get()
    assert response["Location"].startswith("/fr/s/")
    assert (row.language, row.text_digest) == ("fr", french.digest)


def test_signing_leaves_no_cookie_and_no_copy_in_a_cache(post):
    response = post()

    assert response.cookies == {}
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("method", ["get", "head", "put", "delete"])
def test_only_a_post_signs(client, text, method):
    assert getattr(client, method)("/letters/peace/sign/").status_code == 405


def test_an_unknown_letter_cannot_be_signed(client, text):
    assert client.post("/letters/nowhere/sign/", form_data(text)).status_code == 404


def test_an_unpublished_letter_cannot_be_signed(client, text):
    text.letter.is_published = False
    letter_save(letter=text.letter)

    assert client.post("/letters/peace/sign/", form_data(text)).status_code == 404
    assert not Signature.objects.exists()


# The same person once more


def test_the_same_person_again_becomes_a_duplicate_row(signed):
    first = signed()

    second = signed(name="amal  HADDAD")

    assert (first.state, second.state) == ("pending", "duplicate")


def test_the_same_form_with_an_e_mail_again_waits_only_once(signed):
    first = signed(email="amal@example.org")

    second = signed(email="AMAL@example.org")

    assert (first.state, second.state) == ("unconfirmed", "duplicate")


def test_a_family_may_share_a_mailbox(signed):
    first = signed(email="family@example.org", name="Amal Haddad")
    second = signed(email="family@example.org", name="Omar Haddad")

    assert (first.state, second.state) == ("unconfirmed", "unconfirmed")


def test_two_mailboxes_are_two_people_whatever_their_names(signed):
    first = signed(email="one@example.org")
    second = signed(email="two@example.org")

    assert (first.state, second.state) == ("unconfirmed", "unconfirmed")


def test_one_person_may_sign_two_letters(client, signed):
    other = TextFactory.create(letter__slug="bread")
    signed()

    client.post("/letters/bread/sign/", form_data(other))

    assert set(Signature.objects.values_list("state", flat=True)) == {"pending"}


def test_who_withdrew_may_sign_again(signed, text):
    SignatureFactory.create(
        text=text,
        name="",
        residence="",
        occupation="",
        email="",
        state="withdrawn",
        person_key=signed().person_key,
    )
    Signature.objects.filter(state="pending").delete()

    assert signed().state == "pending"


def masked(response, token):
    return response.content.decode().replace(token, "TOKEN")


def own_page(client, response):
    token = response["Location"].split("/")[2]
    return masked(client.get(response["Location"]), token)


KINDS = {
    "new": {"name": "Somebody New"},
    "duplicate": {"name": "Amal Haddad"},
    "held for its honeypot": {"name": "Somebody Held", "website": "https://spam.example"},
    "held for its stamp": {"name": "Somebody Late", "rendered": "1.2.3"},
}


@pytest.mark.parametrize("review", ["before", "after"])
@pytest.mark.parametrize("email", ["", "amal@example.org"])
@pytest.mark.parametrize("kind", KINDS)
def test_new_duplicate_and_held_answers_cannot_be_told_apart(
    client, letter, post, kind, email, review
):
    letter.review = review
    letter_save(letter=letter)
    post(email=email, name="Amal Haddad")
    reference = post(email=email, name="Reference")

    response = post(email=email, **KINDS[kind])

    assert response.status_code == reference.status_code
    assert response.content == reference.content
    assert {**response.headers, "Location": ""} == {**reference.headers, "Location": ""}
    assert len(response["Location"]) == len(reference["Location"])
    assert own_page(client, response).replace(KINDS[kind]["name"], "NAME") == own_page(
        client, reference
    ).replace("Reference", "NAME")


# What a person should look at first


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"website": "https://spam.example"}, "honeypot"),
        ({"rendered": None}, "timing"),
        ({"rendered": ""}, "timing"),
        ({"rendered": "5.abc.forged"}, "timing"),
        ({"rendered": "é.é.é"}, "timing"),
        ({"name": "Рaul Smith"}, "characters"),
        ({"residence": "Paris 🙂"}, "characters"),
    ],
)
def test_what_looks_odd_is_held_for_a_person(post, changes, reason):
    response = post(email="amal@example.org", **changes)

    assert response.status_code == 303
    row = Signature.objects.get()
    assert (row.state, row.hold_reasons) == ("pending", [reason])


@pytest.mark.parametrize(
    ("hours", "reasons"), [(0, []), (47.5, []), (48.5, ["timing"]), (-0.5, ["timing"])]
)
def test_a_page_may_be_open_for_two_days(post, text, hours, reasons):
    post(rendered=make_stamp(text.digest, timezone.now().timestamp() - hours * 3600))

    assert Signature.objects.get().hold_reasons == reasons


def test_a_held_signature_still_gets_its_mail(signed, background):
    signed(email="amal@example.org", website="x")

    background()

    assert len(mail.outbox) == 1


def test_a_held_signature_does_not_count_even_where_review_comes_after(signed, letter):
    letter.review = "after"
    letter_save(letter=letter)

    assert signed(website="x").state == "pending"
    assert letter_count(letter=letter) == 0


def test_a_signature_alone_leaves_nothing_in_the_audit_log(signed):
    signed()

    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("email", ["", "amal@example.org"])
def test_signing_is_one_statement_whether_it_is_new_or_a_duplicate(
    post, email, django_assert_num_queries
):
    post(name="Amal Haddad", email=email)
    kinds = ["EXECUTE"]
    if connection.vendor == "sqlite":
        # Each statement in the same transaction, which in a test is a savepoint.
        kinds = ["SAVEPOINT", "INSERT", *["INSERT"] * bool(email), "RELEASE"]

    for name in ("Somebody New", "Amal Haddad"):
        with django_assert_num_queries(len(kinds)) as asked:
            post(name=name, email=email)

        assert [query["sql"].split()[0] for query in asked.captured_queries] == kinds
    assert Signature.objects.filter(state="duplicate").count() == 1


def test_a_text_that_changes_while_it_is_kept_in_memory_is_not_signed(post, text):
    stamp = make_stamp(text.digest, time.time())
    post()
    Signature.objects.all().delete()
    text.body = "We ask for something else."
    text_save(text=text)

    response = post(name="Somebody New", rendered=stamp)

    assert response.status_code == 422
    assert "has changed since you opened it" in response.content.decode()
    assert not Signature.objects.exists()


def test_a_browser_without_any_header_may_sign(text):
    response = Client(enforce_csrf_checks=True).post("/letters/peace/sign/", form_data(text))

    assert response.status_code == 303
