"""A moderator at the originals: what came of each, correcting it, entering who was not found."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from signatures.enums import Source, State
from signatures.exceptions import IllegalTransition
from signatures.intake.parsed import Confidence, Kind, ParsedMessage, ParsedSigner
from signatures.models import AuditEntry, IntakeItem, Signature
from signatures.sealing import unseal
from signatures.services.signing import Signatory
from signatures.services.staging import item_enter, item_stage
from tests.factories import make_delivery_staff, make_moderator

pytestmark = pytest.mark.django_db

JANE = ParsedSigner("Jane Test", "Cork", "Baker", "jane@example.org", Confidence.COMPLETE)
LINES = {"name": "Jane Test", "residence": "Cork", "occupation": "Baker"}


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(make_moderator())
    return client


@pytest.fixture
def row(text) -> Signature:
    """A signature read from a mail, with an address."""
    message = ParsedMessage("1@example.org", Kind.SIGNATURE, (JANE,), "", "Name: Jane Test")
    item_stage(text=text, source=Source.EMAIL, ref="1@example.org", message=message)
    return Signature.objects.get()


@pytest.fixture
def unread(text) -> IntakeItem:
    """A mail in which nobody was found."""
    message = ParsedMessage("2@example.org", Kind.NOTHING, (), "nobody", "Joe Test\nCork\nsmith")
    item_stage(text=text, source=Source.EMAIL, ref="2@example.org", message=message)
    return IntakeItem.objects.get(ref="2@example.org")


def page_of(item: IntakeItem) -> str:
    return f"/admin/signatures/intakeitem/{item.pk}/"


class TestTheAddress:
    def correct(self, desk: Client, row: Signature, **lines: str) -> Signature:
        desk.post(f"/admin/signatures/signature/{row.id}/staged/", {**LINES, **lines, "correct": 1})
        row.refresh_from_db()
        return row

    def test_only_its_host_is_shown(self, desk: Client, row: Signature):
        page = desk.get(f"/admin/signatures/signature/{row.id}/change/").content.decode()

        assert 'value="…@example.org"' in page
        assert "jane@" not in page

    @pytest.mark.parametrize(
        ("written", "kept"),
        [
            ({}, "jane@example.org"),
            ({"email": "…@example.org"}, "jane@example.org"),
            ({"email": "j.test@example.org"}, "j.test@example.org"),
            ({"email": "nonsense"}, "jane@example.org"),
        ],
    )
    def test_it_stays_or_is_replaced(
        self, desk: Client, row: Signature, written: dict[str, str], kept: str
    ):
        corrected = self.correct(desk, row, **written)

        assert unseal(corrected.email_sealed or "") == kept

    def test_it_goes_when_it_is_emptied(self, desk: Client, row: Signature):
        corrected = self.correct(desk, row, email="")

        assert (corrected.email_sealed, corrected.email_key) == (None, None)

    def test_one_that_no_key_opens_does_not_shut_the_page(self, desk: Client, row: Signature):
        Signature.objects.update(email_sealed="broken")

        response = desk.get(f"/admin/signatures/signature/{row.id}/change/")

        assert response.status_code == 200


class TestWhatCameOfAnItem:
    def test_its_signatures_are_a_click_away(self, desk: Client, row: Signature):
        page = desk.get(page_of(row.staged.item) + "change/").content.decode()

        assert f'<a href="/admin/signatures/signature/{row.id}/change/"><bdi>Jane Test' in page

    def test_they_are_shown_only_to_those_who_may_see_signatures(self, client: Client, row):
        user = make_delivery_staff()
        user.groups.clear()
        user.user_permissions.set(Permission.objects.filter(codename="view_intakeitem"))
        client.force_login(user)

        response = client.get(page_of(row.staged.item) + "change/")

        assert response.status_code == 200
        assert f"/admin/signatures/signature/{row.id}/" not in response.content.decode()


class TestEnteringWhoWasNotFound:
    def test_a_moderator_types_in_what_the_program_could_not_read(self, desk: Client, unread):
        response = desk.post(
            page_of(unread) + "enter/", {"name": "Joe Test", "email": "joe@example.org"}
        )

        row = Signature.objects.get()
        assert response["Location"] == f"/admin/signatures/signature/{row.id}/change/"
        assert (row.name, row.state, row.source) == ("Joe Test", State.PENDING, Source.EMAIL)
        assert unseal(row.email_sealed or "") == "joe@example.org"
        assert row.staged.item == unread
        assert row.staged.confidence == Confidence.BY_HAND
        assert AuditEntry.objects.filter(action="entered by hand", signature_id=row.id).exists()

    def test_the_form_stands_below_the_original(self, desk: Client, unread):
        page = desk.get(page_of(unread) + "change/").content.decode()

        assert f'action="{page_of(unread)}enter/"' in page

    def test_two_people_of_one_mail_are_two_signatures(self, desk: Client, unread):
        for name in ("Joe Test", "Ann Test"):
            desk.post(page_of(unread) + "enter/", {"name": name})

        assert Signature.objects.count() == 2
        assert IntakeItem.objects.get().signers == 2

    def test_nothing_is_taken_in_without_a_name(self, desk: Client, unread):
        response = desk.post(page_of(unread) + "enter/", {"residence": "Cork"}, follow=True)

        assert not Signature.objects.exists()
        assert "Name: This field is required." in response.content.decode()

    def test_an_original_that_is_gone_gives_nobody(self, desk: Client, unread):
        IntakeItem.objects.update(text="")

        page = desk.get(page_of(unread) + "change/").content.decode()

        assert "enter/" not in page
        actor = make_moderator("another")
        with pytest.raises(IllegalTransition, match="not kept any more"):
            item_enter(item_id=unread.pk, actor=actor, signatory=Signatory(name="Joe Test"))

    def test_delivery_staff_may_not(self, client: Client, unread):
        client.force_login(make_delivery_staff())

        response = client.post(page_of(unread) + "enter/", {"name": "Joe Test"})

        assert response.status_code == 403
        assert not Signature.objects.exists()
