"""From what was read in a mail or a table to signatures that wait for a person."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from letters.models import LetterText

from .. import keys
from ..enums import HoldReason, Source, State
from ..exceptions import AlreadyCounted, IllegalTransition
from ..intake.addresses import mask_addresses
from ..intake.parsed import Confidence, Kind, ParsedMessage
from ..models import AuditEntry, IntakeItem, Signature, StagedSignature
from ..models.intake import REASON_LENGTH, REF_LENGTH
from ..models.signature import LIVE
from ..sealing import seal, unseal
from ..validators import odd_characters
from .duplicates import duplicates_note, duplicates_renew
from .name_keys import name_keys_make
from .signatories import Signers, signatories_of
from .signing import Arrival, Signatory, signature_sign
from .transitions import person_withdrew

if TYPE_CHECKING:
    from django.contrib.auth.models import User


CORRECTED = ["name", "residence", "occupation", "person_key", "email_sealed", "email_key"]


class Outcome(StrEnum):
    """What became of one item, in the words of the import report."""

    STAGED = "waits for a person"
    DUPLICATE = "duplicate"
    LISTED = "listed, not imported"
    BEFORE = "taken in before"
    REFUSED = "refused"


class Staged(NamedTuple):
    """What became of one item: signatures made, and one line on what was remarkable.

    `duplicates` are those of them whose signer has a live signature; an item of nobody else is one.
    """

    outcome: Outcome
    signers: int = 0
    remark: str = ""
    duplicates: int = 0


def item_stage(*, text: LetterText, source: Source, ref: str, message: ParsedMessage) -> Staged:
    """Take one item in: its signers become pending signatures beside its text, all or none.

    An item whose `ref` was taken in before changes nothing. A signer whose name cannot stand is
    left out, as are other lines that cannot stand, and the remark says why.
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


def item_rehearse(*, text: LetterText, ref: str, message: ParsedMessage, seen: set[str]) -> Staged:
    """What `item_stage` would answer; nothing is kept but in `seen`, by which items know another.

    A rehearsal begins with an empty set and hands it on from item to item.
    """
    if ref in seen or item_kind(text=text, ref=ref):
        return Staged(Outcome.BEFORE)
    seen.add(ref)
    signers, remarks = signatories_of(message=message)
    doubled = [number for number, (who, _sure) in signers.items() if _is_live(text, who, seen)]
    return _staged(message, signers, doubled, remarks)


def _is_live(text: LetterText, who: Signatory, seen: set[str]) -> bool:
    """Whether the constraints on live signatures would refuse another one of this person."""
    letter_id, name, lines = text.letter_id, who.name, (who.residence, who.occupation)
    if who.email:
        key = keys.email_key(letter_id, who.email, name)
        same = Signature.objects.filter(email_key=key)
    else:
        key = keys.person_key(letter_id, name, *lines)
        same = Signature.objects.filter(email_key=None, person_key=key)
    was_seen = key in seen
    seen.add(key)
    return was_seen or same.filter(LIVE, letter=letter_id).exists()


def _stage(text: LetterText, source: Source, ref: str, message: ParsedMessage) -> Staged:
    signers, remarks = signatories_of(message=message)
    item = IntakeItem.objects.create(
        letter=text.letter,
        source=source,
        ref=ref,
        kind=message.kind.value,
        text=mask_addresses(message.text.replace("\0", "")),
        signers=len(signers),
        reason="; ".join(remarks)[:REASON_LENGTH],
    )
    rows = {number: _sign(text, item, number, *signer) for number, signer in signers.items()}
    doubled = [number for number, row in rows.items() if row.state == State.DUPLICATE]
    gone = [number for number, row in rows.items() if HoldReason.WITHDREW in row.hold_reasons]
    remarks += [f"signer {number}: this person has withdrawn" for number in gone]
    staged = _staged(message, signers, doubled, remarks)
    if doubled or gone:
        item.reason = staged.remark[:REASON_LENGTH]
        item.save(update_fields=["reason"])
    return staged


def _staged(
    message: ParsedMessage, signers: Signers, doubled: list[int], remarks: list[str]
) -> Staged:
    same = [_same_person(number, signers[number][0]) for number in doubled]
    outcome = _outcome(message, len(signers), len(doubled))
    return Staged(outcome, len(signers), "; ".join([*remarks, *same]), len(doubled))


def _same_person(number: int, signatory: Signatory) -> str:
    same = "name and e-mail address" if signatory.email else "name, residence and occupation"
    return f"signer {number}: duplicate: a live signature has the same {same}"


def _outcome(message: ParsedMessage, made: int, doubled: int) -> Outcome:
    if made:
        return Outcome.DUPLICATE if made == doubled else Outcome.STAGED
    refused = message.kind in {Kind.SIGNATURE, Kind.REFUSED}
    return Outcome.REFUSED if refused else Outcome.LISTED


def _sign(
    text: LetterText,
    item: IntakeItem,
    number: int | str,
    signatory: Signatory,
    confidence: Confidence,
) -> Signature:
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
    gone = person_withdrew(signature)
    if gone:
        signature.hold_reasons.append(HoldReason.WITHDREW.value)
        signature.save(update_fields=["hold_reasons"])
    StagedSignature.objects.create(
        item=item,
        signature=signature,
        confidence=confidence.value,
        is_sure=confidence.is_high and not (odd or gone or item.reason),
    )
    name_keys_make(signatures=[signature])
    duplicates_note(signature=signature)
    return signature


def item_enter(*, item_id: int, actor: User, signatory: Signatory) -> Signature:
    """Enter a signer whom the program did not find in an item; it waits like all others.

    Raises IllegalTransition where the original is gone: its signer may have asked for that.
    """
    with transaction.atomic():
        item = IntakeItem.objects.select_for_update().select_related("letter").get(id=item_id)
        if not item.text:
            raise IllegalTransition(_("Its text is not kept any more."))
        text = LetterText.objects.get(letter=item.letter, is_courtesy_translation=False)
        text.letter = item.letter
        item.signers += 1
        item.save(update_fields=["signers"])
        row = _sign(text, item, f"by hand {item.signers}", signatory, Confidence.BY_HAND)
        AuditEntry.objects.create(
            actor=actor, action="entered by hand", letter_id=row.letter_id, signature_id=row.id
        )
        return row


def staged_correct(
    *,
    signature_id: UUID,
    actor: User,
    name: str,
    residence: str,
    occupation: str,
    email: str | None = None,
) -> Signature:
    """Correct what was read wrongly from a mail, table or sheet, while it waits for a person.

    `email` is the new address, "" for none at all; None leaves the one that is kept. Raises
    IllegalTransition for a signature that is not waiting or came through the form, and
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
        _rekey(row, email)
        try:
            with transaction.atomic():
                row.save(update_fields=CORRECTED)
        except IntegrityError as error:
            raise AlreadyCounted(_("A signature of the same person is live already.")) from error
        AuditEntry.objects.create(
            actor=actor, action="corrected", letter_id=row.letter_id, signature_id=row.id
        )
        duplicates_renew(signature_id=row.id)
        return row


def _rekey(row: Signature, email: str | None) -> None:
    """Seal the address anew and key it with the name as it is now, as at intake.

    Where none is kept, a key stays as it was.
    """
    if email is None:
        if not row.email_sealed:
            return
        email = unseal(row.email_sealed)
    row.email_sealed = seal(email) if email else None
    row.email_key = keys.email_key(row.letter_id, email, row.name) if email else None


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
