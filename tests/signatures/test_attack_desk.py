"""The attack desk: what stands out, one decision about all of it, and taking it back."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client

from letters.models import Letter, LetterText
from signatures.enums import State, SweepDecision
from signatures.exceptions import SignatureError
from signatures.models import AuditEntry, Signature, Sweep
from signatures.models.signature import first_id_at
from signatures.services import sweeping
from signatures.services.moderation import signature_decide
from signatures.services.patterns import Pattern, letter_patterns, pattern_signatures
from signatures.services.sweeping import sweep_begin, sweep_undo
from tests.factories import SignatureFactory, make_delivery_staff, make_moderator

NOON = datetime(2026, 6, 4, 12, tzinfo=UTC)
DESK = "/admin/signatures/sweep/desk/"
LOOK = "/admin/signatures/sweep/look/"


def came(
    text: LetterText, number: int, start: datetime = NOON, **fields: object
) -> list[Signature]:
    """`number` signatures, one every second from `start` on."""
    rows: list[Signature] = []
    for step in range(number):
        moment = start + timedelta(seconds=step)
        id_ = UUID(int=first_id_at(moment).int + len(rows) + Signature.objects.count())
        rows.append(SignatureFactory.create(text=text, id=id_, created_at=moment, **fields))
    return rows


def all_of(letter: Letter, **words: str) -> Pattern:
    day = timedelta(days=1)
    return Pattern(letter=letter, since=NOON - day, until=NOON + day, **words)


def states() -> list[str]:
    return list(Signature.objects.order_by("id").values_list("state", flat=True))


# What stands out


def test_the_minutes_and_hours_with_the_most_come_first(text, letter):
    came(text, 6, NOON)
    came(text, 9, NOON + timedelta(hours=2, minutes=30))
    came(text, 4, NOON + timedelta(hours=5))

    found = letter_patterns(letter=letter)

    assert [(each.pattern.since, each.number) for each in found.minutes] == [
        (NOON + timedelta(hours=2, minutes=30), 9),
        (NOON, 6),
    ]
    assert [(each.pattern.since.hour, each.number) for each in found.hours] == [(14, 9), (12, 6)]


def test_shared_residence_and_occupation_are_found(text, letter):
    came(text, 5, residence="Gotham", occupation="Bot")
    came(text, 6, residence="gotham", occupation="bot")
    came(text, 7, residence="Metropolis", occupation="")
    came(text, 4, residence="Smallville", occupation="Farmer")

    (found,) = letter_patterns(letter=letter).people

    assert (found.pattern.residence, found.pattern.occupation, found.number) == (
        "gotham",
        "bot",
        11,
    )
    assert pattern_signatures(found.pattern).count() == 11


def test_names_alike_up_to_a_number_are_found(text, letter):
    for number in range(5):
        came(text, 1, NOON + timedelta(minutes=number), name=f"User {number}")
    came(text, 1, NOON + timedelta(hours=1), name="Usher")

    (found,) = letter_patterns(letter=letter).names

    assert (found.pattern.name_begins, found.number) == ("user", 5)
    assert pattern_signatures(found.pattern).count() == 5


def test_looking_is_one_query(text, letter, django_assert_num_queries):
    came(text, 30)

    with django_assert_num_queries(1):
        letter_patterns(letter=letter)


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ({}, 3),
        ({"residence": "BEIRUT"}, 2),
        ({"residence": "Beirut", "occupation": "baker"}, 1),
        ({"name_begins": "amal"}, 2),
        ({"name_begins": "mal"}, 0),
    ],
)
def test_every_word_narrows_a_pattern(text, letter, words, number):
    came(text, 1, name="Amal", residence="Beirut", occupation="Baker")
    came(text, 1, name="Amal Two", residence="Beirut", occupation="Nurse")
    came(text, 1, name="Omar", residence="Amman", occupation="Baker")
    came(text, 1, name="Gone", state="rejected")

    assert pattern_signatures(all_of(letter, **words)).count() == number


# One decision about many


def begin(pattern: Pattern, decision: SweepDecision = SweepDecision.REJECT) -> Sweep:
    actor = make_moderator()
    return sweep_begin(pattern=pattern, decision=decision, reason="a bot net", actor=actor)


@pytest.mark.parametrize("batch", [2, 200])
def test_everything_that_fits_is_rejected_in_the_background(
    text, letter, background, monkeypatch, batch
):
    monkeypatch.setattr(sweeping, "BATCH", batch)
    came(text, 5, residence="Gotham")
    came(text, 2, residence="Metropolis")

    sweep = begin(all_of(letter, residence="gotham"))
    assert states() == ["accepted"] * 7
    background()

    sweep.refresh_from_db()
    assert Signature.objects.filter(state="rejected", residence="Gotham").count() == 5
    assert Signature.objects.filter(state="accepted").count() == 2
    assert (sweep.total, sweep.swept.count(), sweep.finished_at is None) == (5, 5, False)


def test_every_signature_has_its_entry_in_the_log(text, letter, background):
    came(text, 3)

    sweep = begin(all_of(letter))
    background()

    entries = AuditEntry.objects.filter(action=f"swept {sweep.pk}")
    assert {(str(entry.actor), entry.reason, entry.to_state) for entry in entries} == {
        ("moderator", "a bot net", "rejected")
    }
    assert entries.count() == 3
    assert AuditEntry.objects.get(action="sweep begun").details["signatures"] == 3


def test_held_ones_wait_for_a_person_and_say_why(text, letter, background):
    came(text, 1, state="unconfirmed")
    came(text, 1, state="pending", hold_reasons=["rate"])
    came(text, 1)

    begin(all_of(letter), SweepDecision.HOLD)
    background()

    rows = Signature.objects.order_by("id").values_list("state", "hold_reasons")
    assert list(rows) == [
        ("pending", ["sweep"]),
        ("pending", ["rate"]),
        ("pending", ["sweep"]),
    ]


@pytest.mark.parametrize("decision", SweepDecision)
def test_all_of_it_can_be_taken_back(text, letter, background, decision, monkeypatch):
    monkeypatch.setattr(sweeping, "BATCH", 2)
    for state in ("accepted", "unconfirmed", "pending", "accepted", "rejected"):
        came(text, 1, state=state, hold_reasons=["rate"] if state == "pending" else [])
    before = list(Signature.objects.order_by("id").values("state", "hold_reasons"))
    sweep = begin(all_of(letter), decision)
    background()
    assert list(Signature.objects.order_by("id").values("state", "hold_reasons")) != before

    sweep_undo(sweep=sweep, actor=make_moderator("another"))
    background()

    assert list(Signature.objects.order_by("id").values("state", "hold_reasons")) == before


def test_what_was_decided_since_stays(text, letter, background):
    first, _second = came(text, 2)
    sweep = begin(all_of(letter), SweepDecision.HOLD)
    background()
    signature_decide(
        signature_id=first.pk, to=State.REJECTED, actor=make_moderator("another"), reason="known"
    )

    sweep_undo(sweep=sweep, actor=sweep.decided_by)
    background()

    assert states() == ["rejected", "accepted"]


def test_taken_back_before_it_ended_it_goes_no_further(text, letter, background):
    came(text, 3)
    sweep = begin(all_of(letter))

    sweep_undo(sweep=sweep, actor=sweep.decided_by)
    background()

    assert states() == ["accepted"] * 3


def test_it_can_be_taken_back_once(text, letter, background):
    came(text, 1)
    sweep = begin(all_of(letter))
    sweep_undo(sweep=sweep, actor=sweep.decided_by)

    with pytest.raises(SignatureError, match="taken back already"):
        sweep_undo(sweep=sweep, actor=sweep.decided_by)


def test_without_a_reason_or_a_signature_nothing_begins(text, letter):
    moderator = make_moderator()
    with pytest.raises(SignatureError, match="No signature fits"):
        sweep_begin(
            pattern=all_of(letter), decision=SweepDecision.HOLD, reason="why", actor=moderator
        )
    came(text, 1)

    with pytest.raises(SignatureError, match="Write the reason"):
        sweep_begin(
            pattern=all_of(letter), decision=SweepDecision.HOLD, reason=" ", actor=moderator
        )

    assert not Sweep.objects.exists()


# In the admin


@pytest.fixture
def desk(client: Client, text: LetterText) -> Client:
    client.force_login(make_moderator())
    return client


def test_from_what_stands_out_to_done_and_back(desk, text, background):
    came(text, 6, residence="Gotham", occupation="Bot")
    page = desk.get(DESK)
    _words, _time, shown = page.context["letters"][0][1][0]
    address = shown[0][1]

    preview = desk.get(address)
    assert preview.context["number"] == 6
    assert "6 signatures fit" in preview.content.decode()
    begun = desk.post(address, {"decision": "reject", "reason": "a bot net"})
    underway = desk.get(begun["Location"])
    background()
    done = desk.get(begun["Location"])

    assert underway["Refresh"] == "3"
    assert "Refresh" not in done.headers
    assert "6 of 6 signatures have been changed." in done.content.decode()
    assert states() == ["rejected"] * 6
    desk.post(begun["Location"])
    going_back = desk.get(begun["Location"])
    background()
    back = desk.get(begun["Location"])
    assert "6 of 6 signatures are still to be brought back." in going_back.content.decode()
    assert "Every signature stands again where it stood before" in back.content.decode()
    assert states() == ["accepted"] * 6


def test_only_when_it_is_done_the_page_speaks_of_what_was_left(desk, text, letter, background):
    came(text, 2)
    came(text, 3, NOON + timedelta(hours=1), state=State.PENDING)
    sweep = sweep_begin(
        pattern=all_of(letter),
        decision=SweepDecision.HOLD,
        reason="a bot net",
        actor=make_moderator("other"),
    )
    address = f"/admin/signatures/sweep/{sweep.pk}/change/"

    underway = desk.get(address).content.decode()
    background()
    done = desk.get(address).content.decode()

    assert "0 of 5 signatures have been changed." in underway
    assert "The others" not in underway
    assert "2 of 5 signatures have been changed. The others stood so already" in done
    assert ("<progress" in underway, "<progress" in done) == (True, False)


def test_a_preview_says_that_it_does_not_show_all(desk, text, letter, monkeypatch):
    monkeypatch.setattr("signatures.admin.sweep.PREVIEW", 2)
    came(text, 3)
    query = f"?letter={letter.pk}&since=2026-06-04&until=2026-06-05"

    page = desk.get(LOOK + query).content.decode()

    assert "3 signatures fit" in page
    assert "The first 2 stand below; the decision is about all of them." in page


def test_without_a_reason_the_page_says_so(desk, text, letter):
    came(text, 1)
    query = f"?letter={letter.pk}&since=2026-06-04&until=2026-06-05"

    response = desk.post(LOOK + query, {"decision": "hold", "reason": ""}, follow=True)

    assert "Write the reason" in response.content.decode()
    assert states() == ["accepted"]


def test_a_pattern_over_two_days_says_both(desk, text):
    shared = {"residence": "Nowhere", "occupation": "robot"}
    came(text, 4, NOON, **shared)
    came(text, 4, NOON + timedelta(hours=20), **shared)

    page = desk.get(DESK).content.decode()

    assert "2026-06-04 12:00:00 – 2026-06-05 08:00:0" in page


def test_a_pattern_within_a_day_says_it_once(desk, text):
    came(text, 8, NOON)

    assert "2026-06-04 12:00:00 – 12:01:00" in desk.get(DESK).content.decode()


def test_what_shares_only_its_time_says_so(desk, text):
    came(text, 8, NOON)

    page = desk.get(DESK).content.decode()

    assert page.count("<bdi>arrived within the same hour</bdi>") == 1
    assert page.count("<bdi>arrived within the same minute</bdi>") == 1
    assert "<bdi>springfield</bdi> · <bdi>baker</bdi>" in page


def test_the_only_letter_is_chosen_and_the_browser_offers_its_calendar(desk, text, letter):
    page = desk.get(DESK).content.decode()

    assert f'<option value="{letter.pk}" selected>' in page
    assert page.count('type="datetime-local"') == 2


def test_what_the_browsers_calendar_sends_is_understood(desk, text, letter):
    came(text, 3)
    query = f"?letter={letter.pk}&since=2026-06-04T12:00:01&until=2026-06-04T12:00"

    assert desk.get(f"{LOOK}{query}:02").context["number"] == 1
    assert desk.get(f"{LOOK}{query}").context["number"] == 0


@pytest.mark.parametrize("query", ["", "?letter=x&since=y", "?letter=1&since=2026-06-04"])
def test_half_a_question_is_asked_again(desk, query):
    assert desk.get(LOOK + query).status_code == 200


def test_another_decision_than_those_two_is_refused(desk, text, letter):
    came(text, 1)
    query = f"?letter={letter.pk}&since=2026-06-04&until=2026-06-05"

    assert desk.post(LOOK + query, {"decision": "accept", "reason": "x"}).status_code == 403


def test_it_is_for_moderators(client, text):
    client.force_login(make_delivery_staff())

    for address in (DESK, LOOK, "/admin/signatures/sweep/"):
        assert client.get(address).status_code == 403


def test_past_decisions_are_listed(desk, text, letter, background):
    came(text, 2)
    sweep = sweep_begin(
        pattern=all_of(letter),
        decision=SweepDecision.HOLD,
        reason="a bot net",
        actor=make_moderator("another"),
    )

    page = desk.get("/admin/signatures/sweep/").content.decode()

    assert f"/admin/signatures/sweep/{sweep.pk}/change/" in page
    assert "a bot net" in page
