"""The list that is frozen once and read again for everything else."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliveries.digests import row_digest
from deliveries.frozen import freeze, frozen_rows

from .packets import delivered_row, salt, salted_rows

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=10) | st.text(
    st.sampled_from("=+-@; '\",a\r\n"), max_size=6
)


def test_it_counts_what_it_froze(tmp_path):
    counts = freeze(salted_rows(60), tmp_path)

    assert (counts.total, counts.name_withheld) == (60, 6)
    assert counts.by_source == {"web": 40, "paper": 20}
    assert counts.by_confirmation == {"mailbox": 40, "reviewed": 20}


def test_each_row_has_its_digest_and_salt_on_the_line_of_its_number(tmp_path):
    freeze(salted_rows(12), tmp_path)

    digests = (tmp_path / "digests.txt").read_text().splitlines()
    salts = (tmp_path / "salts.txt").read_text().splitlines()

    assert digests[10] == f"11 {row_digest(delivered_row(11), salt(11))}"
    assert salts[10] == f"11 {salt(11)}"
    assert (len(digests), len(salts)) == (12, 12)


def test_no_e_mail_address_is_handed_over(tmp_path):
    freeze([(delivered_row(1, email="ana@example.org"), salt(1))], tmp_path)

    assert b"@" not in (tmp_path / "signatures.csv").read_bytes()
    assert next(frozen_rows(tmp_path)).email == ""


@pytest.mark.parametrize("numbers", [[2], [1, 3], [1, 1], [2, 1]])
def test_a_list_with_gaps_is_refused(tmp_path, numbers):
    with pytest.raises(ValueError, match="where"):
        freeze([(delivered_row(number), salt(number)) for number in numbers], tmp_path)


def test_an_empty_list_is_a_list(tmp_path):
    counts = freeze([], tmp_path)

    assert counts.total == 0
    assert list(frozen_rows(tmp_path)) == []


@given(TEXT, TEXT, TEXT)
def test_every_row_is_read_as_it_was_frozen(name, residence, occupation):
    row = delivered_row(1, name=name, residence=residence, occupation=occupation)

    with tempfile.TemporaryDirectory() as folder:
        freeze([(row, salt(1))], Path(folder))
        read = list(frozen_rows(Path(folder)))

    assert read == [row]
