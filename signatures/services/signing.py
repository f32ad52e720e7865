"""Putting a name under a letter."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.db.models import Case, Exists, Q, Value, When
from django.utils import timezone

from letters.enums import ReviewPolicy
from letters.models import LetterText

from .. import keys, queue
from ..enums import HoldReason, Source, State, Visibility
from ..models import Signature
from ..models.signature import LIVE, SignatureQuerySet
from ..sealing import seal
from .counts import count_change


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


def signature_sign(
    *, text: LetterText, signatory: Signatory, arrival: Arrival | None = None
) -> Signature:
    """Store one signature under `text` and hand its confirmation mail to the background.

    One insert, whatever becomes of it: a person who has a live signature already gets a row in
    state `duplicate`, so that nothing that was sent is lost and nobody can tell from the answer
    who has signed. The unique constraints decide; the question inside the insert only lets the
    ordinary duplicate cost exactly what a new signature costs.
    """
    row = _compose(text, signatory, arrival or Arrival())
    wanted = State(row.state)
    row.state = Case(
        When(Exists(_same_person(row, wanted)), then=Value(State.DUPLICATE.value)),
        default=Value(wanted.value),
    )
    try:
        _store(row, counted=wanted is State.ACCEPTED)
    except IntegrityError:
        # Somebody with the same keys was faster by less than an insert takes.
        row.state = State.DUPLICATE
        _store(row, counted=False)
    return row


def _compose(text: LetterText, signatory: Signatory, arrival: Arrival) -> Signature:
    letter_id = text.letter_id
    email = signatory.email
    return Signature(
        letter=text.letter,
        text_digest=text.digest,
        language=text.language,
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


def _same_person(row: Signature, wanted: State) -> SignatureQuerySet:
    """The signatures beside which `row` in state `wanted` would break a unique constraint."""
    same = Signature.objects.filter(letter_id=row.letter_id)
    if wanted is State.UNCONFIRMED:
        return same.filter(
            email_key=row.email_key,
            person_key=row.person_key,
            visibility=row.visibility,
            wants_updates=row.wants_updates,
            state=State.UNCONFIRMED,
        )
    if row.email_key:
        return same.filter(LIVE, email_key=row.email_key)
    return same.filter(LIVE, Q(email_key__isnull=True), person_key=row.person_key)


def _store(row: Signature, *, counted: bool) -> None:
    with transaction.atomic():
        row.save(force_insert=True)
        if counted and Signature.objects.accepted().filter(id=row.id).exists():
            count_change(signature=row, change=1)
        if row.email_key and row.source == Source.WEB:
            queue.enqueue("send_confirmation", signature_id=str(row.id))
