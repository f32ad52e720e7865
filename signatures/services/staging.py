"""From what was read in a mail or a table to signatures that wait for a person."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from letters.models import LetterText

from .. import keys
from ..enums import HoldReason, Source, State
from ..exceptions import AlreadyCounted, IllegalTransition
from ..exporters.rows import NAME_WITHHELD
from ..intake.addresses import has_address, mask_addresses
from ..intake.parsed import Confidence, Kind, ParsedMessage, ParsedSigner
from ..models import AuditEntry, IntakeItem, Signature, StagedSignature
from ..models.intake import REASON_LENGTH, REF_LENGTH
from ..models.signature import NAME_LENGTH, OCCUPATION_LENGTH, RESIDENCE_LENGTH
from ..normalise import clean_text
from ..validators import clean_address, odd_characters, validate_person_text
from .duplicates import duplicates_note, duplicates_renew
from .name_keys import name_keys_make
from .signing import Arrival, Signatory, signature_sign

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class Outcome(StrEnum):
    """What became of one item, in the words of the import report."""

    STAGED = "waits for a person"
    LISTED = "listed, not imported"
    BEFORE = "taken in before"
    REFUSED = "refused"


class Staged(NamedTuple):
    """What became of one item: signatures made, and one line on what was remarkable."""

    outcome: Outcome
    signers: int = 0
    remark: str = ""


def item_stage(*, text: LetterText, source: Source, ref: str, message: ParsedMessage) -> Staged:
    """Take one item in: its signers become pending signatures beside its text, all or none.

    An item whose `ref` was taken in before changes nothing. A signer whose name cannot stand is
    left out, and the remark says why; other lines that cannot stand are left empty.
    """
    ref = ref[:REF_LENGTH]
    if item_kind(text=text, ref=ref):
        return Staged(Outcome.BEFORE)
    try:
        with transaction.atomic():
            return _stage(text, source, ref, message)
    except IntegrityError:
        if not item_kind(text=text, ref=ref):
            raise
        # Another run of the same import was faster.
        return Staged(Outcome.BEFORE)


def item_kind(*, text: LetterText, ref: str) -> str:
    """What the item `ref` is, if it was taken in before; else ""."""
    items = IntakeItem.objects.filter(letter=text.letter, ref=ref[:REF_LENGTH])
    return items.values_list("kind", flat=True).first() or ""


def item_rehearse(*, text: LetterText, ref: str, message: ParsedMessage) -> Staged:
    """What `item_stage` would answer; nothing is kept."""
    if item_kind(text=text, ref=ref):
        return Staged(Outcome.BEFORE)
    signatories, remarks = _usable_signers(message)
    made = len(signatories)
    return Staged(_outcome(message, made), made, "; ".join(remarks)[:REASON_LENGTH])


def _stage(text: LetterText, source: Source, ref: str, message: ParsedMessage) -> Staged:
    signatories, remarks = _usable_signers(message)
    item = IntakeItem.objects.create(
        letter=text.letter,
        source=source,
        ref=ref,
        kind=message.kind.value,
        text=mask_addresses(message.text.replace("\0", "")),
        signers=len(signatories),
        reason="; ".join(remarks)[:REASON_LENGTH],
    )
    for number, (signatory, confidence) in signatories.items():
        _sign(text, item, number, signatory, confidence)
    return Staged(_outcome(message, item.signers), item.signers, item.reason)


def _usable_signers(
    message: ParsedMessage,
) -> tuple[dict[int, tuple[Signatory, Confidence]], list[str]]:
    """The signers that can be stored, by their number in the message, and what was remarkable."""
    usable: dict[int, tuple[Signatory, Confidence]] = {}
    remarks = [message.reason] if message.reason else []
    for number, signer in enumerate(message.signers, start=1):
        try:
            usable[number] = (_signatory(signer), signer.confidence)
        except ValidationError as error:
            remarks.append(f"signer {number}: {' '.join(error.messages)}")
    return usable, remarks


def _outcome(message: ParsedMessage, made: int) -> Outcome:
    if made:
        return Outcome.STAGED
    refused = message.kind in {Kind.SIGNATURE, Kind.REFUSED}
    return Outcome.REFUSED if refused else Outcome.LISTED


def _sign(
    text: LetterText, item: IntakeItem, number: int, signatory: Signatory, confidence: Confidence
) -> None:
    odd = any(map(odd_characters, (signatory.name, signatory.residence, signatory.occupation)))
    signature = signature_sign(
        text=text,
        signatory=signatory,
        arrival=Arrival(
            source=Source(item.source),
            source_ref=f"{item.ref}#{number}",
            hold_reasons=[HoldReason.CHARACTERS] if odd else [],
        ),
    )
    StagedSignature.objects.create(
        item=item,
        signature=signature,
        confidence=confidence.value,
        is_sure=confidence.is_high and not odd,
    )
    name_keys_make(signatures=[signature])
    duplicates_note(signature=signature)


def _signatory(signer: ParsedSigner) -> Signatory:
    """The signer as they can be stored; raises ValidationError where the name cannot stand."""
    name = clean_text(signer.name)
    if len(name) > NAME_LENGTH:
        raise ValidationError(_("The name is too long."))
    if name == NAME_WITHHELD:
        raise ValidationError(_("The name is withheld: this row of an export names nobody."))
    if has_address(name):
        raise ValidationError(_("An address stands in the place of the name."))
    validate_person_text(name)
    return Signatory(
        name=name,
        residence=_usable(signer.residence, RESIDENCE_LENGTH),
        occupation=_usable(signer.occupation, OCCUPATION_LENGTH),
        email=_address(signer.email),
    )


def _usable(value: str, limit: int) -> str:
    text = clean_text(value)
    try:
        if text:
            validate_person_text(text)
    except ValidationError:
        return ""
    return text if len(text) <= limit and not has_address(text) else ""


def _address(value: str) -> str:
    try:
        return clean_address(value) if value else ""
    except ValidationError:
        return ""


def staged_correct(
    *, signature_id: UUID, actor: User, name: str, residence: str, occupation: str
) -> Signature:
    """Correct what was read wrongly from a mail, table or sheet, while it waits for a person.

    Raises IllegalTransition for a signature that is not waiting or came through the form, and
    AlreadyCounted where the corrected person has a live signature already.
    """
    with transaction.atomic():
        row = Signature.objects.select_for_update().get(id=signature_id)
        if row.source == Source.WEB or row.state not in {State.PENDING, State.DUPLICATE}:
            raise IllegalTransition(
                _("Only what was read from outside and waits can be corrected.")
            )
        row.name, row.residence, row.occupation = name, residence, occupation
        row.person_key = keys.person_key(row.letter_id, name, residence, occupation)
        try:
            with transaction.atomic():
                row.save(update_fields=["name", "residence", "occupation", "person_key"])
        except IntegrityError as error:
            raise AlreadyCounted(_("A signature of the same person is live already.")) from error
        AuditEntry.objects.create(
            actor=actor, action="corrected", letter_id=row.letter_id, signature_id=row.id
        )
        duplicates_renew(signature_id=row.id)
        return row


def staged_dismiss(*, signature_id: UUID, actor: User) -> None:
    """Remove what is not a signature at all; its item stays, so that it is not read again.

    Raises IllegalTransition for a signature that came through the form or counts.
    """
    with transaction.atomic():
        row = Signature.objects.select_for_update().get(id=signature_id)
        if row.source == Source.WEB or row.state not in {State.PENDING, State.DUPLICATE}:
            raise IllegalTransition(
                _("Only what was read from outside and waits can be dismissed.")
            )
        AuditEntry.objects.create(
            actor=actor,
            action="not a signature",
            letter_id=row.letter_id,
            signature_id=row.id,
            from_state=row.state,
        )
        row.delete()
