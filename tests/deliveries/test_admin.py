"""Where delivery staff prepare, watch, download and record a delivery, and who may not."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from deliveries.forms import RecordForm
from deliveries.models import Delivery
from deliveries.services import building
from deliveries.tasks import prepare_delivery
from signatures.models import AuditEntry
from tests.factories import SignatureFactory, make_delivery_staff, make_moderator
from tests.letter_site.staff.door import been_here
from tests.signatures.posting import work_off

LIST = "/admin/deliveries/delivery/"
PREPARE = f"{LIST}prepare/"
PASSWORD = "a long enough passphrase"


@pytest.fixture
def asked(monkeypatch):
    """Whoever acts has just confirmed who they are."""
    monkeypatch.setattr("deliveries.admin.fresh_login", lambda _request: None)


@pytest.fixture
def staff(db, client) -> Client:
    client.force_login(make_delivery_staff())
    return client


@pytest.fixture
def moderator(db) -> Client:
    client = Client()
    client.force_login(make_moderator())
    return client


@pytest.fixture
def ready(text, deliver) -> Delivery:
    SignatureFactory.create(text=text)
    return deliver()


def form(letter, **changes):
    return {"letter": letter.pk, "kind": "whole", "recipients": "", "age_key": "", **changes}


def page_of(delivery: Delivery) -> str:
    return f"{LIST}{delivery.pk}/change/"


def freeze_at_noon(delivery: Delivery, monkeypatch: pytest.MonkeyPatch) -> None:
    """Pretend that it was frozen at noon of 4 June, UTC, and that nobody has waited since."""
    delivery.frozen_at = datetime(2026, 6, 4, 12, tzinfo=UTC)
    monkeypatch.setattr("deliveries.forms.timezone.now", lambda: delivery.frozen_at)


def download(delivery: Delivery) -> str:
    return f"{LIST}packet/{delivery.packets.get().pk}/"


def logged(action: str) -> list[dict]:
    return list(AuditEntry.objects.filter(action=action).values_list("details", flat=True))


class TestPreparing:
    def test_it_is_asked_for_at_once_and_built_in_the_background(self, asked, staff, text, letter):
        SignatureFactory.create(text=text)

        response = staff.post(PREPARE, form(letter))

        delivery = Delivery.objects.get()
        assert (response.status_code, response.url) == (302, page_of(delivery))
        assert delivery.state == "preparing"
        assert logged("delivery asked for") == [{"delivery": 1, "kind": "whole"}]
        assert work_off() == 1
        delivery.refresh_from_db()
        assert delivery.state == "ready"
        assert Delivery.objects.filter(created_by__username="deliverer").exists()
        assert [packet.recipient for packet in delivery.packets.all()] == [
            "The Assembly", "The Council",
        ]  # fmt: skip

    def test_recipients_can_be_named_one_a_line(self, asked, staff, text, letter):
        SignatureFactory.create(text=text)

        staff.post(PREPARE, form(letter, recipients="The Court\r\n\r\n The Press \r\n"))

        work_off()
        packets = Delivery.objects.get().packets.all()
        assert [packet.recipient for packet in packets] == ["The Court", "The Press"]

    def test_a_second_one_of_the_same_letter_is_refused_on_the_form(
        self, asked, staff, text, letter
    ):
        SignatureFactory.create(text=text)
        staff.post(PREPARE, form(letter))

        response = staff.post(PREPARE, form(letter))

        assert response.status_code == 200
        assert "Another delivery of this letter is being prepared." in response.content.decode()
        assert Delivery.objects.count() == 1

    @pytest.mark.parametrize("recipients", ["The Court\n---", "The \u202eCourt", "\x1b[31mCourt"])
    def test_a_recipient_that_cannot_be_is_refused_beside_its_field(
        self, asked, staff, text, letter, recipients
    ):
        SignatureFactory.create(text=text)

        response = staff.post(PREPARE, form(letter, recipients=recipients))

        (sentence,) = response.context["form"].errors["recipients"]
        assert sentence.startswith("This cannot be a recipient. Please ")
        assert not Delivery.objects.exists()

    def test_a_key_that_is_none_is_refused_beside_its_field(self, asked, staff, text, letter):
        SignatureFactory.create(text=text)

        response = staff.post(PREPARE, form(letter, age_key="age1nonsense"))

        assert response.context["form"].errors["age_key"] == [
            "That is not an age public key; one starts with “age1”."
        ]
        assert not Delivery.objects.exists()

    def test_it_asks_once_more_who_is_there(self, staff, text, letter):
        SignatureFactory.create(text=text)
        been_here(staff, minutes=11)

        asked = staff.post(PREPARE, form(letter))
        assert not Delivery.objects.exists()
        answered = staff.post(PREPARE, form(letter) | {"identity-password": PASSWORD})

        assert "Confirm that it is you" in asked.content.decode()
        assert answered.status_code == 302
        assert Delivery.objects.get().state == "preparing"

    def test_the_list_offers_it(self, staff, moderator):
        assert PREPARE in staff.get(LIST).content.decode()
        assert moderator.get(LIST).status_code == 403

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_moderators_do_not_prepare(self, asked, moderator, text, letter, method):
        SignatureFactory.create(text=text)

        response = getattr(moderator, method)(PREPARE, form(letter))

        assert response.status_code == 403
        assert not Delivery.objects.exists()


class TestWatching:
    def test_while_it_is_at_work_the_page_says_on_what_and_is_drawn_anew(
        self, asked, staff, text, letter
    ):
        SignatureFactory.create(text=text)
        staff.post(PREPARE, form(letter))
        Delivery.objects.update(step="pages set: 2,000 of 90,000")

        response = staff.get(page_of(Delivery.objects.get()))

        assert "At work: pages set: 2,000 of 90,000." in response.content.decode()
        assert response["Refresh"] == "3"
        assert not response.context["has_change_permission"]

    def test_before_a_worker_takes_it_up_it_says_that_it_waits(self, asked, staff, text, letter):
        SignatureFactory.create(text=text)
        staff.post(PREPARE, form(letter))

        page = staff.get(page_of(Delivery.objects.get())).content.decode()

        assert "It waits for a worker." in page
        assert "View on site" not in page

    def test_when_it_failed_the_page_says_why(self, asked, staff, text, letter, monkeypatch):
        SignatureFactory.create(text=text)
        staff.post(PREPARE, form(letter))
        monkeypatch.setattr(building, "zip_folder", _full)
        delivery = Delivery.objects.get()
        with pytest.raises(Exception, match="No space left"):
            prepare_delivery.func(delivery.id, ["The Council"])

        response = staff.get(page_of(delivery))

        page = response.content.decode()
        assert "The packet could not be written: No space left on device." in page
        assert "Nothing was delivered" in page
        assert "Refresh" not in response
        assert "/packet/" not in page

    def test_a_task_whose_delivery_was_replaced_ends_in_peace(self, db):
        prepare_delivery.func(4711, ["The Council"])

        assert not Delivery.objects.exists()

    def test_when_it_is_ready_it_shows_packets_and_digests(self, staff, ready):
        page = staff.get(page_of(ready)).content.decode()

        assert ready.packets.get().manifest_digest in page
        assert download(ready) in page
        assert 'href="/deliveries/1/"' in page

    def test_moderators_see_none_of_it(self, moderator, ready):
        for address in (LIST, page_of(ready)):
            assert moderator.get(address).status_code == 403


def _full(*_args):
    raise OSError(28, "No space left on device")


class TestDownloading:
    def test_it_is_the_zip_and_is_logged(self, asked, staff, ready):
        response = staff.get(download(ready))

        content = b"".join(response.streaming_content)
        packet = ready.packets.get()
        assert content == packet.file.read_bytes()
        assert "1-the-council/letter.pdf" in ZipFile(BytesIO(content)).namelist()
        assert response["Content-Disposition"] == (
            'attachment; filename="delivery-1-1-the-council.zip"'
        )
        assert logged("packet downloaded") == [
            {"delivery": 1, "rows": 1, "manifest": packet.manifest_digest}
        ]

    def test_it_asks_once_more_who_is_there(self, staff, ready):
        been_here(staff, minutes=11)

        asked = staff.get(download(ready))
        sent = {"identity-password": PASSWORD, "identity-asked-by": "GET"}
        answered = staff.post(download(ready), sent, follow=True)

        assert "Confirm that it is you" in asked.content.decode()
        assert answered.redirect_chain == [(download(ready), 302)]
        assert answered["Content-Type"] == "application/zip"

    def test_nothing_is_downloaded_of_one_that_is_not_ready(self, asked, staff, ready):
        Delivery.objects.update(state="preparing")

        assert staff.get(download(ready)).status_code == 404
        assert logged("packet downloaded") == []

    def test_who_may_only_look_does_not_download(self, asked, staff, ready):
        looker = Client()
        user = make_moderator("looker")
        user.user_permissions.add(Permission.objects.get(codename="view_delivery"))
        looker.force_login(user)

        page = looker.get(page_of(ready))

        assert page.status_code == 200
        assert download(ready) not in page.content.decode()
        assert looker.get(download(ready)).status_code == 403

    def test_strangers_are_sent_to_the_door(self, client, ready):
        response = client.get(download(ready))

        assert (response.status_code, response.url.split("?")[0]) == (302, "/admin/login/")


class TestRecording:
    def test_staff_record_when_and_how_it_was_handed_over(self, staff, ready):
        today = str(ready.frozen_at.date())

        response = staff.post(
            page_of(ready), {"handed_over_on": today, "note": "By hand, in Geneva."}
        )

        ready.refresh_from_db()
        assert response.status_code == 302
        assert (str(ready.handed_over_on), ready.note) == (today, "By hand, in Geneva.")
        assert logged("delivery recorded") == [{"delivery": 1}]
        assert "By hand, in Geneva." in Client().get("/deliveries/1/").content.decode()

    @pytest.mark.parametrize(
        ("day", "sentence"),
        [
            ("2999-01-01", "This day has not come yet."),
            ("2026-06-06", "This day has not come yet."),
            ("2026-06-03", "The list was frozen later than on this day."),
            ("1999-01-01", "The list was frozen later than on this day."),
        ],
    )
    def test_a_day_that_cannot_be_is_refused(self, ready, day, sentence, monkeypatch):
        freeze_at_noon(ready, monkeypatch)

        form = RecordForm({"handed_over_on": day}, instance=ready)

        assert form.errors == {"handed_over_on": [sentence]}

    @pytest.mark.parametrize("day", ["2026-06-04", "2026-06-05"])
    def test_a_day_counts_wherever_on_earth_it_is(self, ready, day, monkeypatch):
        freeze_at_noon(ready, monkeypatch)

        assert RecordForm({"handed_over_on": day}, instance=ready).is_valid()

    def test_a_note_may_have_lines_and_joiners_of_any_script(self, ready):
        form = RecordForm({"note": "In Geneva.\r\n\r\nبه‌دست\tدبیرکل  "}, instance=ready)

        assert form.is_valid()
        assert form.cleaned_data["note"] == "In Geneva.\n\nبه‌دست دبیرکل"

    @pytest.mark.parametrize("hidden", ["\u202e", "\u2066", "\x07", "\x1b", "\U000e0041"])
    def test_a_note_that_hides_something_is_refused(self, ready, hidden):
        form = RecordForm({"note": f"By hand.\nIn {hidden}Geneva."}, instance=ready)

        assert list(form.errors) == ["note"]
        assert str(form.errors["note"][0]).startswith("Please remove the ")

    def test_what_is_refused_is_shown_beside_its_field_and_not_published(self, staff, ready):
        response = staff.post(page_of(ready), {"handed_over_on": "2999-01-01", "note": "Soon."})

        ready.refresh_from_db()
        assert "This day has not come yet." in response.content.decode()
        assert (ready.handed_over_on, ready.note) == (None, "")

    def test_the_list_itself_cannot_be_changed_or_deleted(self, staff, ready):
        staff.post(page_of(ready), {"total": "9", "state": "failed", "number": "7"})

        after = Delivery.objects.get()
        assert (after.total, after.state, after.number) == (1, "ready", 1)
        assert staff.post(f"{LIST}{ready.pk}/delete/", {"post": "yes"}).status_code == 403
        assert staff.get(f"{LIST}add/").status_code == 403

    def test_nothing_is_recorded_of_one_that_is_not_ready(self, staff, ready):
        Delivery.objects.update(state="failed")

        response = staff.post(page_of(ready), {"note": "Handed over"})

        assert response.status_code == 403
        assert Delivery.objects.get().note == ""


class TestTheAcknowledgement:
    @pytest.fixture
    def acknowledged(self, staff, ready) -> Delivery:
        scan = SimpleUploadedFile("receipt.pdf", b"%PDF" + b"x" * 1_000_000)
        response = staff.post(page_of(ready), {"acknowledgement": scan, "note": ""})
        assert response.status_code == 302
        ready.refresh_from_db()
        return ready

    def test_a_scan_of_a_megabyte_is_kept_beside_the_packets(self, acknowledged):
        assert acknowledged.acknowledgement.size == 1_000_004
        assert Path(acknowledged.acknowledgement.path).parent.name == "acknowledgements"

    def test_staff_open_it_from_its_page(self, staff, acknowledged):
        address = acknowledged.acknowledgement.url
        assert f'href="{address}"' in staff.get(page_of(acknowledged)).content.decode()

        response = staff.get(address)

        assert b"".join(response.streaming_content).startswith(b"%PDF")
        assert response["Content-Disposition"].startswith("attachment")

    def test_nobody_else_does(self, moderator, acknowledged):
        address = acknowledged.acknowledgement.url

        assert moderator.get(address).status_code == 403
        assert Client().get(address).status_code == 302
        assert "receipt" not in Client().get("/deliveries/1/").content.decode()
        for public in ["/receipt.pdf", "/acknowledgements/receipt.pdf", "/media/receipt.pdf"]:
            assert Client().get(public).status_code == 404

    @pytest.mark.parametrize("name", ["another.pdf", "../db.sqlite3", "%2e%2e/db.sqlite3"])
    def test_no_other_file_is_handed_out(self, staff, acknowledged, name):
        assert staff.get(f"{LIST}acknowledgement/{name}").status_code == 404
