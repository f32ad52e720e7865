"""One line of an exported list: the single row shape behind every format."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

NAME_WITHHELD = "name withheld"


class ExportRow(NamedTuple):
    """An accepted signature as it leaves the house; the fields are the columns, in this order.

    `number` counts from 1 within the list. `email` is empty unless its owner asked for updates.
    A signature that is only counted has the words "name withheld" as its name and an empty
    residence and occupation; whoever makes the rows sees to that. `signed_on` is a day in UTC.
    `confirmation` says how the signature was confirmed, `source` how it came in.
    """

    number: int
    name: str
    residence: str
    occupation: str
    email: str
    signed_on: date
    confirmation: str
    source: str

    @property
    def is_withheld(self) -> bool:
        """Whether its owner asked only to be counted."""
        return self[1:4] == (NAME_WITHHELD, "", "")


COLUMNS = ExportRow._fields
