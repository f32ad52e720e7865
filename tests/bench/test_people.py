"""The invented signatures that benchmarks fill the table with."""

from datetime import UTC, datetime
from itertools import islice
from uuid import UUID

from bench.people import COLUMNS, SPREAD, Under, copy_lines

UNDER = Under(7, "a" * 64)
END = datetime(2026, 6, 4, tzinfo=UTC)


def rows(number: int, seed: int = 1) -> list[dict[str, str]]:
    lines = copy_lines(UNDER, number, seed, END)
    return [
        dict(zip(COLUMNS, line.rstrip("\n").split("\t"), strict=True))
        for line in islice(lines, 500)
    ]


def test_there_are_as_many_as_asked_for():
    assert len(rows(200)) == 200


def test_the_same_seed_gives_the_same_people():
    assert rows(50) == rows(50)
    assert rows(50)[0]["id"] != rows(50, seed=2)[0]["id"]


def test_ids_are_ordered_version_7_uuids_of_their_moments():
    people = rows(300)

    ids = [UUID(row["id"]) for row in people]

    assert {(each.version, each.variant) for each in ids} == {(7, "specified in RFC 4122")}
    assert ids == sorted(ids)
    first = datetime.fromisoformat(people[0]["created_at"])
    assert first == END - SPREAD
    assert ids[0].int >> 80 == int(first.timestamp() * 1000)


def test_no_two_share_a_key():
    people = rows(500)

    assert len({row["person_key"] for row in people}) == 500


def test_a_row_is_what_the_site_would_have_stored():
    for row in rows(500):
        mailbox = row["email_key"] != r"\N"

        assert row["state"] in ({"accepted", "unconfirmed"} if mailbox else {"accepted", "pending"})
        assert (row["confirmed_at"] != r"\N") == (mailbox and row["state"] == "accepted")
        assert row["name"].strip() == row["name"] != ""
