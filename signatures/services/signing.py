"""Putting a name under a letter."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from letters.enums import ReviewPolicy
from letters.models import LetterText

from .. import keys
from ..enums import HoldReason, Source, State, Visibility
from ..models import Signature
from ..sealing import seal
from .counts import count_note
from .guard import guard_notice
from .storing import signature_store


@dataclass(frozen=True, kw_only=True)
class Signatory:
    """What a person wrote, cleaned by a form or an importer."""

    name: str
    residence: str = ""
    occupation: str = ""
    email: str = ""
    visibility: Visibility = Visibility.RECIPIENT
    wants_updates: bool = False


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """How it came in, and why a person should look at it, if so."""

    source: Source = Source.WEB
    source_ref: str = ""
    hold_reasons: list[HoldReason] = field(default_factory=list)
    page_language: str = ""


def signature_sign(
    *, text: LetterText, signatory: Signatory, arrival: Arrival | None = None
) -> Signature:
    """Store one signature under `text` and hand its confirmation mail to the background.

    One statement, whatever becomes of it: a person who has a live signature already gets a row in
    state `duplicate`, so that nothing that was sent is lost and nobody can tell from the answer
    who has signed. The unique constraints decide. Raises TextChanged where `text` is not what it
    was when it was read.
    """
    row = _compose(text, signatory, arrival or Arrival())
    _store(row, text)
    return row


def _compose(text: LetterText, signatory: Signatory, arrival: Arrival) -> Signature:
    letter_id = text.letter_id
    email = signatory.email
    return Signature(
        letter=text.letter,
        text_digest=text.digest,
        language=text.language,
        page_language=arrival.page_language or text.language,
        name=signatory.name,
        residence=signatory.residence,
        occupation=signatory.occupation,
        email_sealed=seal(email) if email else None,
        email_key=keys.email_key(letter_id, email, signatory.name) if email else None,
        person_key=keys.person_key(
            letter_id, signatory.name, signatory.residence, signatory.occupation
        ),
        visibility=signatory.visibility,
        state=_first_state(text, signatory, arrival),
        wants_updates=signatory.wants_updates and bool(email),
        source=arrival.source,
        source_ref=arrival.source_ref,
        hold_reasons=[reason.value for reason in arrival.hold_reasons],
        created_at=timezone.now(),
    )


def _first_state(text: LetterText, signatory: Signatory, arrival: Arrival) -> State:
    if arrival.hold_reasons or arrival.source is not Source.WEB:
        return State.PENDING
    if signatory.email:
        return State.UNCONFIRMED
    return State.ACCEPTED if text.letter.review == ReviewPolicy.AFTER else State.PENDING


def _store(row: Signature, text: LetterText) -> None:
    task = "send_confirmation" if row.email_key and row.source == Source.WEB else ""
    at_once = row.state == State.ACCEPTED
    # A statement alone is a transaction by itself, without BEGIN and COMMIT around it.
    with transaction.atomic() if at_once else nullcontext():
        signature_store(row, text, task)
        if at_once:
            # A duplicate is noted too, with 0: it costs what a new signature costs.
            count_note(signature=row, change=int(row.state == State.ACCEPTED))
    guard_notice(letter_id=row.letter_id, number=row.id.int)
