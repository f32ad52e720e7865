"""Formats are found by name."""

from __future__ import annotations

import pytest

from signatures.exporters import UnknownFormat, exporters, get_exporter


def test_there_are_csv_and_xlsx():
    assert [(e.identifier, e.suffix) for e in exporters()] == [
        ("csv", ".csv"),
        ("xlsx", ".xlsx"),
    ]


def test_a_format_is_got_by_its_name():
    assert get_exporter("csv").media_type == "text/csv; charset=utf-8"


def test_an_unknown_format_is_refused_in_a_sentence():
    with pytest.raises(UnknownFormat) as refusal:
        get_exporter("pdf")

    assert refusal.value.args == ("There is no export format “pdf”; there are csv, xlsx.",)
