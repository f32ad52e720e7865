"""The account of how the signatures were collected."""

from __future__ import annotations

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

    assert "accepted signatures that came after delivery 4, as the list stood" in text


def test_it_says_where_the_digest_is_published():
    assert "published at https://letter.example/deliveries/1/" in written()


def test_it_documents_the_way_back_from_the_escape():
    assert "take away one `'` at the start of a cell and one\nbehind every `;`" in written()
