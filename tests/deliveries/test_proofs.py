"""What signers find on their own page, and that its three lines run in a shell as they stand."""

from __future__ import annotations

import html
import re
import subprocess
from pathlib import Path

import pytest
from django.test import Client

from deliveries.facts import Kind
from deliveries.services.proofs import signature_proofs
from signatures.enums import State, Visibility
from signatures.models import Signature
from signatures.services.own_page import (
    signature_correct,
    signature_erase,
    signature_show,
    signature_withdraw,
)
from signatures.tokens import Purpose, make_token
from tests.factories import SignatureFactory

PEOPLE = [
    ("Ana O'Connor-Nguyễn", "Québec", "teacher"),
    ('Dwayne "The Rock" J.', "100 % $HOME `id`", "\\n \\x41 %s"),
    ("阿凡提·买买提", "乌鲁木齐", "教师"),
    ("བསྟན་འཛིན", "ལྷ་ས", "དགེ་རྒན"),
    ("ئابدۇراخمان", "ئۈرۈمچى", "ئوقۇتقۇچى"),
    ("محمد علي", "بيروت", "طبيب"),
    ("Александр Иванов", "Москва", "врач"),
    ("राम कुमार", "दिल्ली", "शिक्षक"),
    ("=1+1; 'rm'", "-n", "$(touch /tmp/never)"),
]
FOUND = "Your signature is in the delivery.\n"


def own_page(signature: Signature) -> str:
    return Client().get(f"/s/{make_token(Purpose.PAGE, signature.id)}/").content.decode()


def shell_lines(page: str) -> str:
    """The commands as a browser would copy them."""
    found = re.search(r'<pre[^>]*aria-label="Commands[^>]*><code>(.*?)</code>', page, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


def run(lines: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = ["bash", "-c", lines]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


class TestTheSignersOwnPage:
    def test_it_says_where_the_signature_stands(self, text, deliver):
        SignatureFactory.create(text=text)
        signature = SignatureFactory.create(text=text)
        delivery = deliver()

        page = own_page(signature)

        (proof,) = signature_proofs(signature=signature)
        digests = (delivery.packets.get().folder / "digests.txt").read_text()
        assert "Included in delivery 1 as number 2" in page
        assert f"<code>{proof.salt}</code>" in page
        assert f"<code>{proof.digest}</code>" in page
        assert f"2 {proof.digest}\n" in digests
        assert len(shell_lines(page).splitlines()) == 3
        assert 'href="/deliveries/1/"' in page

    def test_it_shows_every_delivery(self, text, deliver):
        signature = SignatureFactory.create(text=text)
        for _time in range(2):
            deliver()

        proofs = signature_proofs(signature=signature)

        assert [proof.delivery_number for proof in proofs] == [1, 2]
        assert proofs[0].salt != proofs[1].salt

    def test_it_says_nothing_of_a_delivery_that_is_not_ready(self, text, deliver):
        signature = SignatureFactory.create(text=text)
        delivery = deliver()
        delivery.state = "preparing"
        delivery.save()

        page = own_page(signature)

        assert "Where it was delivered" not in page

    def test_a_detail_that_was_corrected_takes_the_lines_away(self, text, deliver):
        signature = SignatureFactory.create(text=text)
        deliver()
        signature_correct(
            signature_id=signature.id, name="Another", residence="Oslo", occupation="Baker"
        )

        page = own_page(signature)

        assert "It was delivered with the details it had then" in page
        assert "sha256sum" not in page
        assert "Included in delivery 1 as number 1" in page

    def test_a_person_who_looks_at_it_later_does_not(self, text, deliver):
        signature = SignatureFactory.create(text=text, email="", decided_at=None)
        deliver()
        Signature.objects.filter(id=signature.id).update(decided_at=signature.created_at)

        (proof,) = signature_proofs(signature=Signature.objects.get())

        assert "unreviewed" in proof.commands

    def test_a_correction_that_waits_for_a_person_does(self, text, deliver):
        signature = SignatureFactory.create(text=text)
        deliver()
        Signature.objects.update(state=State.PENDING)

        (proof,) = signature_proofs(signature=signature)

        assert proof.commands == ""

    def test_who_was_named_and_now_is_only_counted_has_the_old_digest_without_lines(
        self, text, deliver
    ):
        signature = SignatureFactory.create(text=text)
        deliver()
        signature_show(signature_id=signature.id, visibility=Visibility.COUNTED)

        (proof,) = signature_proofs(signature=Signature.objects.get())

        assert proof.commands == ""

    def test_after_withdrawing_it_says_where_the_name_was_delivered(self, text, deliver):
        signature = SignatureFactory.create(text=text)
        deliver()
        signature_withdraw(signature_id=signature.id)

        page = own_page(signature)

        assert "sha256sum" not in page

    def test_after_erasing_nothing_is_left_to_ask(self, text, deliver):
        signature = SignatureFactory.create(text=text)
        delivery = deliver()
        signature_erase(signature_id=signature.id)

        assert signature_proofs(signature=signature)[0].commands == ""
        assert delivery.rows.count() == 1


@pytest.mark.django_db(transaction=True)
class TestInAShell:
    @pytest.fixture
    def site(self, live_server, settings):
        settings.SITE_URL = live_server.url

    def test_the_lines_find_everybody_in_the_public_digests(self, site, text, deliver, tmp_path):
        signatures = [
            SignatureFactory.create(
                text=text, name=name, residence=residence, occupation=occupation
            )
            for name, residence, occupation in PEOPLE
        ]
        signatures.append(SignatureFactory.create(text=text, visibility="counted"))
        deliver()

        for number, signature in enumerate(signatures, 1):
            (tmp_path / str(number)).mkdir()
            done = run(shell_lines(own_page(signature)), tmp_path / str(number))

            assert (done.returncode, done.stderr) == (0, "")
            assert re.fullmatch(rf"{number} [0-9a-f]{{64}}\n{FOUND}", done.stdout)

    @pytest.mark.parametrize(("true", "false"), [("Ana", "Eva"), ("web", "csv"), ("Oslo", "Rome")])
    def test_they_do_not_find_somebody_elses_details(
        self, site, text, deliver, tmp_path, true, false
    ):
        signature = SignatureFactory.create(text=text, name="Ana", residence="Oslo")
        deliver()
        lines = shell_lines(own_page(signature))
        assert true in lines

        done = run(lines.replace(true, false), tmp_path)

        assert (done.returncode, done.stdout) == (1, "")


def test_a_new_only_delivery_has_digests_of_its_own(text, deliver):
    SignatureFactory.create(text=text)
    deliver()
    signature = SignatureFactory.create(text=text)
    deliver(Kind.NEW_ONLY)

    (proof,) = signature_proofs(signature=signature)

    assert (proof.delivery_number, proof.row_number) == (2, 1)
