"""The public pages of what was delivered: what they say, to whom, and what they keep to us."""

from __future__ import annotations

import pytest

from deliveries.facts import Kind
from deliveries.models import Delivery
from signatures.services.own_page import signature_withdraw
from tests.factories import SignatureFactory

PAGES = ["/deliveries/", "/deliveries/1/"]
FILES = ["/deliveries/1/digests.txt", "/deliveries/1/1-the-council/manifest.json"]


@pytest.fixture
def ready(text, deliver) -> Delivery:
    SignatureFactory.create(text=text, name="Hidden Person", visibility="recipient")
    return deliver()


def body(response) -> bytes:
    return b"".join(response) if response.streaming else response.content


class TestThePages:
    def test_the_list_names_every_ready_delivery_newest_first(self, client, ready, text, deliver):
        SignatureFactory.create(text=text)
        deliver(Kind.NEW_ONLY)

        page = client.get("/deliveries/").content.decode()

        assert page.index("Delivery 2") < page.index("Delivery 1")
        assert "only what is new" in page

    def test_before_the_first_the_list_says_so(self, client, db):
        assert "Nothing has been delivered yet." in client.get("/deliveries/").content.decode()

    def test_a_delivery_says_when_to_whom_how_many_and_how_to_verify(self, client, ready):
        page = client.get("/deliveries/1/").content.decode()

        packet = ready.packets.get()
        assert "The Council" in page
        assert packet.manifest_digest in page
        assert "python3 verify.py" in page
        assert all(f'href="{file}"' in page for file in FILES)
        assert "(UTC)" in page
        assert "not yet" in page

    def test_a_note_of_staff_is_shown_as_text(self, client, ready):
        ready.note = "By hand <b>in</b> Geneva"
        ready.save()

        assert (
            "By hand &lt;b&gt;in&lt;/b&gt; Geneva" in client.get("/deliveries/1/").content.decode()
        )

    def test_an_addendum_names_numbers_and_the_delivery_leads_to_it(
        self, client, ready, text, deliver
    ):
        signature_withdraw(signature_id=ready.rows.get().signature_id)
        deliver(Kind.ADDENDUM)

        addendum = client.get("/deliveries/2/").content.decode()
        delivery = client.get("/deliveries/1/").content.decode()

        assert "Delivery 1, number 1" in addendum
        assert 'href="/deliveries/2/digests.txt"' not in addendum
        assert client.get("/deliveries/2/digests.txt").status_code == 404
        assert 'href="/deliveries/2/"' in delivery

    @pytest.mark.parametrize("prefix", ["", "/ar", "/fr"])
    @pytest.mark.parametrize("page", PAGES)
    def test_every_language_has_them(self, client, ready, prefix, page):
        assert client.get(prefix + page).status_code == 200


class TestTheFiles:
    def test_the_digests_are_those_of_the_packet(self, client, ready):
        response = client.get("/deliveries/1/digests.txt")

        assert body(response) == (ready.packets.get().folder / "digests.txt").read_bytes()
        assert response["Content-Type"] == "text/plain; charset=utf-8"

    def test_the_manifest_is_that_of_the_packet(self, client, ready):
        response = client.get("/deliveries/1/1-the-council/manifest.json")

        assert body(response) == (ready.packets.get().folder / "manifest.json").read_bytes()
        assert response["Content-Type"] == "application/json"

    def test_every_recipient_has_a_manifest_of_its_own(self, client, text, deliver):
        SignatureFactory.create(text=text)
        deliver(recipients=("One", "Two"))

        manifests = [client.get(f"/deliveries/1/{n}/manifest.json") for n in ("1-one", "2-two")]

        assert body(manifests[0]) != body(manifests[1])

    @pytest.mark.parametrize(
        "file",
        [
            "salts.txt", "signatures.csv", "letter.pdf", "1-the-council/salts.txt",
            "1-the-council/signatures.csv", "1-the-council.zip", "1-the-council/digests.txt",
            "../1/manifest.json", "nobody/manifest.json",
        ],
    )  # fmt: skip
    def test_no_other_file_can_be_had(self, client, ready, file):
        assert client.get(f"/deliveries/1/{file}").status_code == 404

    def test_of_an_encrypted_delivery_they_stay(self, client, text, deliver):
        import pyrage

        SignatureFactory.create(text=text)
        deliver(age_key=str(pyrage.x25519.Identity.generate().to_public()))

        assert [client.get(file).status_code for file in FILES] == [200, 200]


class TestWhatTheyGiveAway:
    @pytest.mark.parametrize("address", PAGES + FILES)
    def test_no_name_no_salt_no_cookie(self, client, ready, address):
        response = client.get(address)

        salts = (ready.packets.get().folder / "salts.txt").read_text().split()
        content = body(response).decode()
        assert "Hidden Person" not in content
        assert salts[1] not in content
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")

    @pytest.mark.parametrize("address", PAGES + FILES)
    def test_a_proxy_may_keep_them_for_five_minutes(self, client, ready, address):
        assert client.get(address)["Cache-Control"] == "public, max-age=300"

    @pytest.mark.parametrize("address", FILES)
    def test_a_page_of_anybody_may_read_the_files(self, client, ready, address):
        response = client.get(address)

        assert response["Access-Control-Allow-Origin"] == "*"
        assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert response["X-Content-Type-Options"] == "nosniff"

    @pytest.mark.parametrize("address", PAGES)
    def test_but_not_the_pages(self, client, ready, address):
        response = client.get(address)

        assert "Access-Control-Allow-Origin" not in response
        assert response["Cross-Origin-Resource-Policy"] == "same-origin"

    @pytest.mark.parametrize("state", ["preparing", "failed"])
    def test_nothing_of_one_that_is_not_ready(self, client, ready, state):
        Delivery.objects.update(state=state)

        assert [client.get(address).status_code for address in PAGES[1:] + FILES] == [404] * 3
        assert "Delivery 1" not in client.get("/deliveries/").content.decode()

    @pytest.mark.parametrize("address", PAGES + FILES)
    def test_they_only_answer_questions(self, client, ready, address):
        assert client.post(address).status_code == 405
        assert client.head(address).status_code == 200
