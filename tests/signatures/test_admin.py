"""The organisers' workplace: who may open and do what, and what each action does."""

from __future__ import annotations

import csv
from hashlib import sha256
from io import StringIO
from uuid import uuid4

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from signatures.exporters.download import csv_download
from signatures.models import AuditEntry, Signature
from signatures.services.counts import letter_count
from tests.factories import (
    SignatureFactory,
    TextFactory,
    make_delivery_staff,
    make_moderator,
)

LIST = "/admin/signatures/signature/"
LOG = "/admin/signatures/auditentry/"
ADDRESS = "amal-canary@example.org"

pytestmark = pytest.mark.django_db


def nobody_asks(_request) -> None:
    """Staff who have just confirmed their identity; tests of the asking stand elsewhere."""


@pytest.fixture(autouse=True)
def _identity_confirmed(settings):
    settings.REAUTHENTICATE = "tests.signatures.test_admin.nobody_asks"


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def moderator(db) -> Client:
    return logged_in(make_moderator())


@pytest.fixture
def deliverer(db) -> Client:
    return logged_in(make_delivery_staff())


@pytest.fixture
def outsider(db) -> Client:
    return logged_in(User.objects.create_user("outsider", is_staff=True))


def act(client: Client, action: str, *rows: Signature, reason: str = "", query: str = ""):
    data = {"action": action, "reason": reason, "_selected_action": [row.id for row in rows]}
    return client.post(LIST + query, data, follow=True)


def said(response) -> list[str]:
    return [str(message) for message in response.context["messages"]]


def page_of(row: Signature) -> str:
    return f"{LIST}{row.id}/change/"


# Who may open what


def test_a_stranger_is_asked_to_log_in(client, text):
    row = SignatureFactory.create(text=text)

    for address in (LIST, LOG, page_of(row)):
        response = client.get(address)
        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/")


def test_an_outsider_opens_nothing(outsider, text):
    row = SignatureFactory.create(text=text)

    for address in (LIST, LOG, page_of(row)):
        assert outsider.get(address).status_code == 403


@pytest.mark.parametrize("role", ["moderator", "deliverer"])
def test_staff_may_look_at_signatures_and_the_log(role, text, request):
    client = request.getfixturevalue(role)
    row = SignatureFactory.create(text=text)

    for address in (LIST, LOG, page_of(row)):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize("role", ["moderator", "deliverer", "outsider"])
@pytest.mark.parametrize("address", [f"{LIST}add/", f"{LOG}add/"])
def test_nobody_adds_by_hand(role, address, request):
    assert request.getfixturevalue(role).get(address).status_code == 403


@pytest.mark.parametrize("role", ["moderator", "deliverer", "outsider"])
def test_nobody_edits_or_deletes_by_hand(role, text, request):
    client = request.getfixturevalue(role)
    row = SignatureFactory.create(text=text, name="Amal")

    assert client.post(page_of(row), {"name": "Other"}).status_code == 403
    assert client.post(f"{LIST}{row.id}/delete/", {"post": "yes"}).status_code == 403

    row.refresh_from_db()
    assert row.name == "Amal"


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        ("moderator", {"accept", "reject", "mark_duplicate", "undo"}),
        ("deliverer", {"export_csv"}),
    ],
)
def test_each_is_offered_the_actions_of_their_role(role, offered, text, request):
    SignatureFactory.create(text=text)

    response = request.getfixturevalue(role).get(LIST)

    choices = dict(response.context["action_form"].fields["action"].choices)
    assert set(choices) - {""} == offered


@pytest.mark.parametrize("action", ["accept", "reject", "mark_duplicate", "undo"])
def test_delivery_staff_change_no_state(deliverer, text, action):
    row = SignatureFactory.create(text=text, state="pending")

    act(deliverer, action, row, reason="because")
    decided = deliverer.post(f"{LIST}{row.id}/decide/", {"decision": action, "reason": "x"})

    row.refresh_from_db()
    assert (row.state, decided.status_code) == ("pending", 403)
    assert not AuditEntry.objects.exists()


def test_moderators_do_not_export(moderator, text):
    row = SignatureFactory.create(text=text)

    response = act(moderator, "export_csv", row)

    assert response["Content-Type"].startswith("text/html")
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("role", ["moderator", "deliverer"])
def test_nobody_sees_an_address_or_a_key(role, text, request):
    client = request.getfixturevalue(role)
    row = SignatureFactory.create(text=text, email=ADDRESS, sealed=True, wants_updates=True)

    for address in (LIST, page_of(row), LOG, f"{LIST}?q=amal-canary"):
        page = client.get(address).content.decode()
        for secret in (ADDRESS, row.email_sealed, row.email_key, row.person_key):
            assert secret not in page


# Deciding


def test_accept(moderator, text, letter):
    rows = [SignatureFactory.create(text=text, state="pending", email="") for _ in range(2)]

    response = act(moderator, "accept", *rows)

    assert said(response) == ["2 signatures were changed."]
    assert set(Signature.objects.values_list("state", flat=True)) == {"accepted"}
    assert letter_count(letter=letter) == 2


def test_reject_with_a_reason(moderator, text):
    row = SignatureFactory.create(text=text, state="pending")

    response = act(moderator, "reject", row, reason="Not a person")

    entry = AuditEntry.objects.get()
    assert said(response) == ["1 signature was changed."]
    assert (entry.reason, entry.actor and entry.actor.username, entry.to_state) == (
        "Not a person",
        "moderator",
        "rejected",
    )


@pytest.mark.parametrize("reason", ["", "   "])
def test_reject_without_a_reason_changes_nothing(moderator, text, reason):
    row = SignatureFactory.create(text=text, state="pending")

    response = act(moderator, "reject", row, reason=reason)

    row.refresh_from_db()
    assert said(response) == ["Write the reason for rejecting; nothing was changed."]
    assert row.state == "pending"


def test_mark_as_duplicate_and_undo(moderator, text):
    row = SignatureFactory.create(text=text, state="pending")

    act(moderator, "mark_duplicate", row)
    row.refresh_from_db()
    assert row.state == "duplicate"

    act(moderator, "undo", row)
    row.refresh_from_db()
    assert row.state == "pending"


def test_refusals_are_told_beside_what_was_done(moderator, text):
    pending = SignatureFactory.create(text=text, state="pending")
    waiting = SignatureFactory.create(text=text, state="unconfirmed")

    response = act(moderator, "accept", pending, waiting)

    assert said(response) == [
        "1 signature was changed.",
        "1 signature was left as it is: Only the owner of the mailbox can confirm this signature.",
    ]


@pytest.mark.parametrize(
    ("decision", "state"),
    [("accept", "accepted"), ("reject", "rejected"), ("mark_duplicate", "duplicate")],
)
def test_one_signature_is_decided_on_its_own_page(moderator, text, decision, state):
    row = SignatureFactory.create(text=text, state="pending")

    response = moderator.post(
        f"{LIST}{row.id}/decide/", {"decision": decision, "reason": "seen"}, follow=True
    )

    row.refresh_from_db()
    assert row.state == state
    assert response.redirect_chain == [(page_of(row), 302)]
    page = response.content.decode()
    assert "<td>waits for a person</td>" in page
    assert "<td>seen</td>" in page


def test_a_decision_is_not_made_by_opening_an_address(moderator, text):
    row = SignatureFactory.create(text=text, state="pending")

    response = moderator.get(f"{LIST}{row.id}/decide/?decision=accept")

    row.refresh_from_db()
    assert (response.status_code, row.state) == (403, "pending")


@pytest.mark.parametrize("object_id", [uuid4(), "nonsense", "1"])
def test_a_signature_that_is_not_there_leads_back(moderator, db, object_id):
    response = moderator.get(f"{LIST}{object_id}/change/")

    assert response.status_code == 302


# The list as a file


def exported(response) -> list[list[str]]:
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(StringIO(content, newline="")))


def test_the_file_holds_the_accepted_among_the_chosen(deliverer, text):
    rows = [
        SignatureFactory.create(text=text, name="阿凡提·买买提", residence="Ürümqi"),
        SignatureFactory.create(
            text=text, name="José, «Ñ»", email=ADDRESS, sealed=True, wants_updates=True
        ),
        SignatureFactory.create(text=text, name="Hidden", visibility="counted", email=""),
        SignatureFactory.create(text=text, name="Pending", state="pending"),
    ]
    SignatureFactory.create(text=text, name="Not chosen")

    response = act(deliverer, "export_csv", *rows)

    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="signatures.csv"'
    assert exported(response)[1:] == [
        ["1", "阿凡提·买买提", "Ürümqi", "Baker", "", "2026-06-04", "mailbox", "web"],
        ["2", "José, «Ñ»", "Springfield", "Baker", ADDRESS, "2026-06-04", "mailbox", "web"],
        ["3", "name withheld", "", "", "", "2026-06-04", "reviewed", "web"],
    ]


def test_an_export_is_logged_with_its_filter_and_digest(deliverer, text):
    row = SignatureFactory.create(text=text)

    response = act(deliverer, "export_csv", row, query="?visibility__exact=public")
    content = b"".join(response.streaming_content)

    entry = AuditEntry.objects.get(action="exported")
    assert (entry.actor and entry.actor.username, entry.reason) == (
        "deliverer",
        "visibility__exact=public",
    )
    assert entry.details == {"rows": 1, "sha256": sha256(content).hexdigest()}


@pytest.mark.django_db(transaction=True)
def test_a_download_that_broke_off_is_logged_too():
    row = SignatureFactory.create()
    download = csv_download(
        signatures=Signature.objects.filter(id=row.id), actor=make_delivery_staff()
    )
    next(download), next(download)

    del download  # nobody reads on

    assert AuditEntry.objects.get().details["rows"] == 1


# Finding


def names(client: Client, query: str) -> set[str]:
    response = client.get(f"{LIST}?{query}")
    assert response.status_code == 200
    return {row.name for row in response.context["cl"].result_list}


@pytest.fixture
def crowd(text) -> None:
    other = TextFactory.create(letter__slug="bread")
    SignatureFactory.create(text=text, name="Held", state="pending", hold_reasons=["rate"])
    SignatureFactory.create(
        text=text, name="Unseen", email="", decided_at=None, visibility="counted"
    )
    SignatureFactory.create(text=text, name="Paper", source="paper", residence="Lhasa")
    SignatureFactory.create(text=other, name="Bread", occupation="Poet", state="rejected")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"Held", "Unseen", "Paper", "Bread"}),
        ("queue=yes", {"Held", "Unseen"}),
        ("why=rate", {"Held"}),
        ("why=honeypot", set()),
        ("state__exact=rejected", {"Bread"}),
        ("source__exact=paper", {"Paper"}),
        ("visibility__exact=counted", {"Unseen"}),
        ("day=today", {"Held", "Unseen", "Paper", "Bread"}),
        ("day=yesterday", set()),
        ("day=week", {"Held", "Unseen", "Paper", "Bread"}),
        ("q=lhasa", {"Paper"}),
        ("q=poet", {"Bread"}),
        ("q=unse", {"Unseen"}),
        ("q=nobody", set()),
    ],
)
def test_the_list_can_be_narrowed(moderator, crowd, query, found):
    assert names(moderator, query) == found


def test_the_list_can_be_narrowed_to_a_letter(moderator, crowd, letter):
    assert names(moderator, f"letter__id__exact={letter.id}") == {"Held", "Unseen", "Paper"}


def test_the_reasons_to_look_stand_in_words(moderator, text):
    SignatureFactory.create(text=text, hold_reasons=["rate", "characters"])

    page = moderator.get(LIST).content.decode()

    assert "many signatures from one network address · odd characters in a field" in page


@pytest.mark.parametrize("query", ["q=%2500", "state__exact=x", "letter__id__exact=x", "day=x"])
def test_a_strange_question_breaks_nothing(moderator, crowd, query):
    assert moderator.get(f"{LIST}?{query}").status_code in {200, 302}


@pytest.mark.parametrize("app", ["signatures/signature", "signatures/auditentry"])
@pytest.mark.parametrize("page", ["", "{}/change/"])
def test_a_page_with_times_says_that_they_are_utc(moderator, text, app, page):
    row = SignatureFactory.create(text=text)
    entry = AuditEntry.objects.create(action="seen", signature_id=row.id)
    key = {"signatures/signature": row.pk, "signatures/auditentry": entry.pk}[app]

    shown = moderator.get(f"/admin/{app}/{page.format(key)}").content.decode()

    assert shown.count("All times are UTC.") == 1


@pytest.mark.parametrize("app", ["deliveries/delivery", "letters/letter"])
def test_those_of_deliveries_and_letters_say_so_too(deliverer, app):
    assert "All times are UTC." in deliverer.get(f"/admin/{app}/").content.decode()


def test_a_list_asks_as_many_questions_for_many_as_for_one(
    moderator, text, django_assert_num_queries
):
    SignatureFactory.create(text=text, created_at=timezone.now())
    moderator.get(LIST)
    with django_assert_num_queries(10):
        moderator.get(LIST)

    for _ in range(60):
        SignatureFactory.create(text=text, state="pending", hold_reasons=["rate", "timing"])

    with django_assert_num_queries(10):
        moderator.get(LIST)


@pytest.mark.parametrize("key", ["x", "", "1", "../"])
def test_a_chosen_row_that_is_none_is_refused(moderator, text, key):
    row = SignatureFactory.create(text=text, state="pending")

    response = moderator.post(LIST, {"action": "accept", "_selected_action": [row.id, key]})

    assert response.status_code == 400
    row.refresh_from_db()
    assert row.state == "pending"
