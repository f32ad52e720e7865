"""What was read from a mail, a table or a sheet waits for a person, beside its original."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from signatures import keys
from signatures.enums import Source, State
from signatures.exceptions import AlreadyCounted, IllegalTransition
from signatures.intake.parsed import Confidence, Kind, ParsedMessage, ParsedSigner
from signatures.models import AuditEntry, IntakeItem, Signature, Suggestion
from signatures.sealing import unseal
from signatures.services.moderation import signature_decide
from signatures.services.name_keys import name_keys_make
from signatures.services.own_page import signature_erase, signature_withdraw
from signatures.services.staging import Outcome, item_stage, staged_correct, staged_dismiss
from tests.factories import SignatureFactory, TextFactory, make_delivery_staff, make_moderator

pytestmark = pytest.mark.django_db

JANE = ParsedSigner("Jane Test", "Cork", "Baker", "", Confidence.WITHOUT_EMAIL)
SAME_LINES = "duplicate: a live signature has the same name, residence and occupation"
MAIL = """From a@example.org Mon Jun  6 10:00:00 2011
From: a@example.org
Message-ID: <{number}@example.org>

Name: Person {number}
Place of Residence: Cork
Occupation: Baker

"""


def message(*signers: ParsedSigner, message_id: str = "1@example.org") -> ParsedMessage:
    return ParsedMessage(message_id, Kind.SIGNATURE, signers, "", "Name: Jane Test")


def stage(text, parsed=None, ref="1@example.org"):
    return item_stage(text=text, source=Source.EMAIL, ref=ref, message=parsed or message(JANE))


def correct(**changes: str) -> Signature:
    """The only signature of a mail, corrected as told."""
    row = Signature.objects.get(source=Source.EMAIL)
    lines = {"name": row.name, "residence": row.residence, "occupation": row.occupation}
    staged_correct(signature_id=row.id, actor=make_moderator(), **{**lines, **changes})
    row.refresh_from_db()
    return row


@pytest.fixture
def text():
    return TextFactory.create(letter__slug="peace")


@pytest.fixture
def mbox(tmp_path: Path) -> Path:
    path = tmp_path / "letters.mbox"
    path.write_text("".join(MAIL.format(number=number) for number in range(5)))
    return path


class TestAnItem:
    def test_its_signer_waits_with_source_and_reference(self, text):
        staged = stage(text)

        row = Signature.objects.get()
        assert (staged.outcome, staged.signers) == (Outcome.STAGED, 1)
        assert (row.state, row.source) == (State.PENDING, Source.EMAIL)
        assert row.source_ref == "1@example.org#1"
        assert row.staged.confidence == Confidence.WITHOUT_EMAIL
        assert row.staged.item.text == "Name: Jane Test"

    def test_it_is_taken_in_once(self, text):
        stage(text)

        again = stage(text)

        assert again.outcome == Outcome.BEFORE
        assert Signature.objects.count() == 1

    def test_who_has_withdrawn_is_marked_and_said_so(self, text):
        stage(text)
        signature_withdraw(signature_id=Signature.objects.get().id)

        again = stage(text, ref="2@example.org")

        row = Signature.objects.exclude(state="withdrawn").get()
        assert (row.state, row.hold_reasons) == ("pending", ["withdrew"])
        assert not row.staged.is_sure
        assert again.remark == "signer 1: this person has withdrawn"
        assert IntakeItem.objects.get(ref="2@example.org").reason == again.remark

    def test_one_that_could_not_be_stored_is_not_said_to_be_there(self, text, monkeypatch):
        first = SignatureFactory.create(text=text)
        monkeypatch.setattr("signatures.models.signature.uuid7", lambda **_: first.id)

        with pytest.raises(IntegrityError, match="has this id"):
            stage(text)

        assert not IntakeItem.objects.exists()

    def test_several_signers_are_several_signatures(self, text):
        other = ParsedSigner("Joe Test", "Cork", "Smith", "", Confidence.SEVERAL)

        staged = stage(text, message(JANE, other))

        assert staged.signers == 2
        assert set(Signature.objects.values_list("name", flat=True)) == {"Jane Test", "Joe Test"}

    def test_the_same_person_in_another_mail_is_a_duplicate(self, text):
        stage(text)

        staged = stage(text, message(JANE, message_id="2@example.org"), ref="2@example.org")

        assert staged == (Outcome.DUPLICATE, 1, f"signer 1: {SAME_LINES}", 1)
        assert IntakeItem.objects.get(ref="2@example.org").reason == f"signer 1: {SAME_LINES}"
        states = Signature.objects.order_by("id").values_list("state", flat=True)
        assert list(states) == [State.PENDING, State.DUPLICATE]

    def test_the_same_person_at_the_same_mailbox_is_a_duplicate(self, text):
        there = ParsedSigner("Jane Test", "Cork", "Baker", "jane@example.org", Confidence.COMPLETE)
        moved = ParsedSigner("Jane Test", "Rome", "Poet", "jane@example.org", Confidence.COMPLETE)
        stage(text, message(there))

        staged = stage(text, message(moved), ref="2@example.org")

        same = "signer 1: duplicate: a live signature has the same name and e-mail address"
        assert (staged.outcome, staged.remark) == (Outcome.DUPLICATE, same)

    def test_one_duplicate_among_others_is_said_by_its_number(self, text):
        stage(text)
        other = ParsedSigner("Joe Test", "Cork", "Smith", "", Confidence.SEVERAL)

        staged = stage(text, message(other, JANE), ref="2@example.org")

        assert staged == (Outcome.STAGED, 2, f"signer 2: {SAME_LINES}", 1)

    def test_a_name_that_cannot_stand_is_left_out_with_the_reason(self, text):
        bad = ParsedSigner("http://spam.example/x", "Cork", "Baker")

        staged = stage(text, message(bad, JANE))

        assert staged.signers == 1
        assert staged.remark == "signer 1: Please leave out web addresses."

    @pytest.mark.parametrize(
        ("field", "value", "remark"),
        [
            (
                "residence",
                "www.spam.example",
                "residence left out: Please leave out web addresses.",
            ),
            ("residence", "x" * 151, "residence left out: Please use at most 150 characters."),
            ("occupation", "a@b.org", "occupation left out: Please leave out e-mail addresses."),
            (
                "email",
                "not-an-email",
                "e-mail left out: Write an address such as name@example.org, or leave this empty.",
            ),
        ],
    )
    def test_a_line_that_cannot_stand_is_left_out_with_the_reason(
        self, text, field: str, value: str, remark: str
    ):
        lines = {"name": "Jane Test", "residence": "Cork", "occupation": "Baker", field: value}
        signer = ParsedSigner(**lines, confidence=Confidence.WITHOUT_EMAIL)

        staged = stage(text, message(signer))

        row = Signature.objects.get()
        assert staged.remark == f"signer 1: {remark}"
        assert getattr(row, field, "") == ""
        assert row.email_key is None
        assert not row.staged.is_sure

    def test_what_was_left_out_of_a_mail_makes_its_reading_unsure(self, text):
        damaged = ParsedMessage("1", Kind.SIGNATURE, (JANE,), "NUL bytes were left out", "…")

        stage(text, damaged)

        assert not Signature.objects.get().staged.is_sure

    def test_a_bounce_is_listed_and_not_imported(self, text):
        bounce = ParsedMessage("3@example.org", Kind.BOUNCE, (), "a mail server returned it", "…")

        staged = stage(text, bounce, ref="3@example.org")

        assert staged.outcome == Outcome.LISTED
        assert not Signature.objects.exists()
        assert IntakeItem.objects.get().kind == "bounce"

    def test_somebody_who_withdrew_is_not_taken_in_again(self, text):
        stage(text)
        signature_withdraw(signature_id=Signature.objects.get().id)

        again = stage(text)

        assert again.outcome == Outcome.BEFORE
        assert Signature.objects.get().state == State.WITHDRAWN


class TestCorrecting:
    def test_lines_read_wrongly_are_mended_and_logged(self, text):
        stage(text)
        row = Signature.objects.get()
        moderator = make_moderator()

        staged_correct(
            signature_id=row.id,
            actor=moderator,
            name="Jane Testing",
            residence="Galway",
            occupation="Baker",
        )

        row.refresh_from_db()
        assert (row.name, row.residence, row.state) == ("Jane Testing", "Galway", State.PENDING)
        assert AuditEntry.objects.get(action="corrected").actor == moderator

    def test_a_correction_onto_a_live_signature_is_refused(self, text):
        SignatureFactory.create(
            text=text, name="Joe Test", residence="Cork", occupation="Baker", email=""
        )
        stage(text)
        row = Signature.objects.get(name="Jane Test")

        with pytest.raises(AlreadyCounted):
            staged_correct(
                signature_id=row.id,
                actor=make_moderator(),
                name="Joe Test",
                residence="Cork",
                occupation="Baker",
            )

    def test_an_address_is_sealed_and_keyed_as_at_intake(self, text):
        stage(text)

        row = correct(email="jane@example.org")

        assert unseal(row.email_sealed or "") == "jane@example.org"
        assert row.email_key == keys.email_key(text.letter_id, "jane@example.org", "Jane Test")

    def test_an_address_that_stays_is_keyed_with_the_new_name(self, text):
        stage(text, message(replace(JANE, email="jane@example.org")))

        row = correct(name="Jane Roe")

        assert unseal(row.email_sealed or "") == "jane@example.org"
        assert row.email_key == keys.email_key(text.letter_id, "jane@example.org", "Jane Roe")

    def test_no_address_clears_the_one_that_was_read(self, text):
        stage(text, message(replace(JANE, email="jane@example.org")))

        row = correct(email="")

        assert (row.email_sealed, row.email_key) == (None, None)

    def test_a_corrected_address_of_somebody_live_is_refused(self, text):
        SignatureFactory.create(text=text, name="Jane Test", email="jane@example.org")
        stage(text)

        with pytest.raises(AlreadyCounted):
            correct(email="jane@example.org")

        assert Signature.objects.get(source=Source.EMAIL).email_key is None

    def test_a_likely_duplicate_is_found_by_the_corrected_address(self, text):
        other = SignatureFactory.create(
            text=text,
            name="Jane Test",
            residence="Rome",
            occupation="Poet",
            email="jane@example.org",
            state=State.UNCONFIRMED,
        )
        name_keys_make(signatures=[other])
        stage(text)
        before = Suggestion.objects.count()

        correct(email="jane@example.org")

        assert (before, Suggestion.objects.count()) == (0, 1)

    def test_what_came_through_the_form_cannot_be_rewritten(self, text):
        row = SignatureFactory.create(text=text, state=State.PENDING)

        with pytest.raises(IllegalTransition):
            staged_correct(
                signature_id=row.id,
                actor=make_moderator(),
                name="Other",
                residence="",
                occupation="",
            )

    def test_what_is_no_signature_goes_and_is_not_read_again(self, text):
        stage(text)

        staged_dismiss(signature_id=Signature.objects.get().id, actor=make_moderator())

        assert not Signature.objects.exists()
        assert stage(text).outcome == Outcome.BEFORE

    def test_an_accepted_one_cannot_be_dismissed(self, text):
        stage(text)
        row = Signature.objects.get()
        moderator = make_moderator()
        signature_decide(signature_id=row.id, to=State.ACCEPTED, actor=moderator)

        with pytest.raises(IllegalTransition):
            staged_dismiss(signature_id=row.id, actor=moderator)


class TestTheCommand:
    def test_running_it_twice_adds_nothing(self, text, mbox, capsys):
        call_command("import_signatures", str(mbox), letter="peace")
        call_command("import_signatures", str(mbox), letter="peace")

        assert Signature.objects.count() == 5
        assert "taken in before: 5" in capsys.readouterr().out

    def test_a_rehearsal_keeps_nothing(self, text, mbox, capsys):
        call_command("import_signatures", str(mbox), letter="peace", dry_run=True)

        assert not Signature.objects.exists()
        assert "waits for a person: 5" in capsys.readouterr().out

    def test_the_report_has_a_line_for_every_item(self, text, mbox, tmp_path):
        report = tmp_path / "report.csv"

        call_command("import_signatures", str(mbox), letter="peace", report=report)

        lines = report.read_text("utf-8-sig").splitlines()
        assert lines[0] == "item,kind,outcome,signers,remark"
        assert lines[1] == "letters.mbox:0,signature,waits for a person,1,"
        assert len(lines) == 6

    def test_rows_of_a_table_are_known_by_place_and_content(self, text, tmp_path):
        table = tmp_path / "list.csv"
        table.write_text("Name,Residence,Occupation\nJane Test,Cork,Baker\n")
        call_command("import_signatures", str(table), letter="peace")
        table.write_text("Name,Residence,Occupation\nJoe Test,Cork,Baker\n")

        call_command("import_signatures", str(table), letter="peace")

        assert Signature.objects.filter(source=Source.CSV).count() == 2

    @pytest.mark.parametrize("dry_run", [True, False])
    def test_duplicates_are_reported_and_summed_up(self, text, tmp_path, capsys, dry_run: bool):
        table = tmp_path / "list.csv"
        rows = ["Jane Test,Cork,Baker,", "Joe Test,Cork,Smith,", "JANE TEST,Cork,baker,"]
        table.write_text("\n".join(["Name,Residence,Occupation,Email", *rows]))
        report = tmp_path / "report.csv"

        call_command(
            "import_signatures", str(table), letter="peace", report=report, dry_run=dry_run
        )

        lines = report.read_text("utf-8-sig").splitlines()
        assert lines[3] == f'list.csv:4,signature,duplicate,1,"signer 1: {SAME_LINES}"'
        assert capsys.readouterr().out.splitlines() == [
            "waits for a person: 2",
            "duplicate: 1",
            "signers found: 3",
            "of them duplicates: 1",
        ]

    def test_a_source_that_is_not_there_is_one_clear_line(self, text):
        with pytest.raises(CommandError, match=r"^nowhere\.mbox does not exist"):
            call_command("import_signatures", "nowhere.mbox", letter="peace")

    def test_an_unknown_letter_is_one_clear_line(self, db):
        with pytest.raises(CommandError, match=r"^There is no letter 'war'\.$"):
            call_command("import_signatures", "x.mbox", letter="war")


class TestTheAdmin:
    def test_a_moderator_sees_the_original_beside_the_signature(self, client: Client, text):
        stage(text)
        client.force_login(make_moderator())
        row = Signature.objects.get()

        page = client.get(f"/admin/signatures/signature/{row.id}/change/").content.decode()

        assert "Name: Jane Test" in page
        assert "all lines but the optional e-mail found, one signer" in page

    def test_a_moderator_corrects_and_dismisses(self, client: Client, text):
        stage(text)
        client.force_login(make_moderator())
        row = Signature.objects.get()
        address = f"/admin/signatures/signature/{row.id}/staged/"

        client.post(address, {"name": "Jane T.", "residence": "", "occupation": "", "correct": "1"})
        row.refresh_from_db()
        client.post(address, {"dismiss": "1"})

        assert row.name == "Jane T."
        assert not Signature.objects.exists()

    def test_delivery_staff_may_not(self, client: Client, text):
        stage(text)
        client.force_login(make_delivery_staff())
        row = Signature.objects.get()

        response = client.post(f"/admin/signatures/signature/{row.id}/staged/", {"dismiss": "1"})

        assert response.status_code == 403
        assert Signature.objects.exists()


class TestPaper:
    def sheet(self, text, **rows: str) -> dict[str, str]:
        return {
            "letter": str(text.letter.id),
            "sheet": "7",
            "scan": "",
            "row-TOTAL_FORMS": "25",
            "row-INITIAL_FORMS": "0",
            **{key.replace("__", "-"): value for key, value in rows.items()},
        }

    def test_a_sheet_is_typed_in_line_by_line(self, client: Client, text):
        client.force_login(make_moderator())
        data = self.sheet(text, row__0__name="Jane Test", row__2__name="阿凡提·买买提")

        response = client.post("/admin/signatures/intakeitem/paper/", data)

        assert response.status_code == 302
        refs = Signature.objects.order_by("id").values_list("source_ref", "source", "state")
        assert list(refs) == [
            ("sheet 7 line 1", Source.PAPER, State.PENDING),
            ("sheet 7 line 3", Source.PAPER, State.PENDING),
        ]

    def test_a_sheet_saved_twice_adds_nothing(self, client: Client, text):
        client.force_login(make_moderator())
        data = self.sheet(text, row__0__name="Jane Test")

        client.post("/admin/signatures/intakeitem/paper/", data)
        client.post("/admin/signatures/intakeitem/paper/", data)

        assert Signature.objects.count() == 1

    def test_what_is_wrong_stays_on_the_page(self, client: Client, text):
        client.force_login(make_moderator())
        data = self.sheet(text, row__0__name="Jane Test", row__1__residence="Cork")

        response = client.post("/admin/signatures/intakeitem/paper/", data)

        assert response.status_code == 200
        assert 'value="Jane Test"' in response.content.decode()
        assert not Signature.objects.exists()


class TestForgettingTheOriginal:
    @pytest.mark.parametrize("leave", [signature_withdraw, signature_erase])
    def test_it_goes_with_a_signer_who_leaves(self, text, leave):
        stage(text)

        leave(signature_id=Signature.objects.get().id)

        assert IntakeItem.objects.get().text == ""

    def test_it_goes_thirty_days_after_the_decision(self, text, mbox):
        call_command("import_signatures", str(mbox), letter="peace")
        long_ago = timezone.now() - timedelta(days=31)
        IntakeItem.objects.update(taken_at=long_ago)
        rows = list(Signature.objects.order_by("id"))
        Signature.objects.filter(id=rows[0].id).update(state=State.ACCEPTED, decided_at=long_ago)
        Signature.objects.filter(id=rows[1].id).update(
            state=State.REJECTED, decided_at=timezone.now()
        )

        call_command("purge")

        kept = [row.staged.item.text != "" for row in Signature.objects.order_by("id")]
        assert kept == [False, True, True, True, True]
