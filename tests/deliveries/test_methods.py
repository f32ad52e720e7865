"""The account of how the signatures were collected."""

from __future__ import annotations

import re

from deliveries.facts import Counts, Kind
from deliveries.methods import methods_text

from .packets import delivered_row, packet_facts


def written(**changes) -> str:
    counts = Counts.of(map(delivered_row, range(1, 2001)))
    return methods_text(packet_facts(**changes), counts)


def test_it_says_how_many_and_when():
    assert "holds the 2,000 accepted signatures, as the list stood on 2011-06-04 at 12:00 UTC" in (
        written()
    )


def test_it_counts_by_source_and_by_confirmation_in_words():
    text = written()

    assert "| Signed on the website | 1,334 |\n| Signed on paper and typed in | 666 |" in text
    assert "| Confirmed from the signatory's own mailbox | 1,334 |" in text
    assert "Sent by e-mail" not in text


def test_it_counts_what_is_withheld_and_what_was_left_out():
    text = written(duplicates_removed=17, withdrawn=3)

    assert "| In the list, with the name withheld | 200 |" in text
    assert "| Not in the list: removed as duplicates | 17 |" in text
    assert "| Not in the list: withdrawn by the signatory | 3 |" in text


def test_a_kind_it_has_no_words_for_is_counted_under_its_own_name():
    counts = Counts.of([delivered_row(1, source="carrier-pigeon")])

    assert "| carrier-pigeon | 1 |" in methods_text(packet_facts(), counts)


def test_a_delivery_of_what_is_new_says_after_which():
    text = written(kind=Kind.NEW_ONLY, since=4)

    assert "accepted signatures that are new since delivery 4, as the list stood" in text


def test_it_says_where_the_digest_is_published():
    assert "published at https://letter.example/deliveries/1/" in written()


def test_it_documents_the_way_back_from_the_escape():
    assert "take away one `'` at the start of a cell and one\nbehind every `;`" in written()


def test_one_signature_is_no_signatures():
    counts = Counts.of([delivered_row(1)])

    assert "holds the 1 accepted signature, as the list" in methods_text(packet_facts(), counts)


def folded(text: str) -> str:
    return " ".join(text.split())


def test_only_signatures_on_the_website_are_said_to_be_confirmed_by_a_mailbox():
    text = folded(written())

    assert "A signature on the website with an e-mail address counts once a private link" in text
    assert "A signature that came with an e-mail address counts" not in text
    assert (
        "A signature by e-mail, spreadsheet or paper counts once a person has accepted it, with an "
        "e-mail address or without one: no mailbox was asked." in text
    )


def test_only_those_who_signed_on_the_website_are_said_to_have_consented_to_words_they_saw():
    _start, collected = written().split("## How they were collected")
    on_the_website, elsewhere, *_rest = collected.strip().split("\n\n")

    assert on_the_website.startswith("On the website people signed with their name")
    assert "consented" in on_the_website
    assert "the very text that was shown" in folded(on_the_website)
    assert "by e-mail and in spreadsheets, which software has read" in folded(elsewhere)
    assert "is known only to those who collected them" in folded(elsewhere)


def test_a_family_may_share_a_mailbox():
    assert "The same name from the same mailbox or, without one, the same name, place" in written()


def test_it_says_what_was_looked_at_only_afterwards_or_not_yet():
    counts = Counts.of([delivered_row(1, confirmation="unreviewed")])

    text = methods_text(packet_facts(), counts)

    assert "| Accepted, and not looked at yet | 1 |" in text
    assert "if the organisers of the letter chose so, afterwards" in folded(text)


def test_it_digests_what_the_manifest_says_besides_its_files():
    said = re.findall(r"(?m)^    ([0-9a-f]{64})$", written())
    other = re.findall(r"(?m)^    ([0-9a-f]{64})$", written(recipient="Another"))

    assert len(said) == len(other) == 1
    assert said != other
