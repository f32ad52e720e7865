"""What signers may do with their own signature, each by their own link."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from .. import keys, queue
from ..enums import HoldReason, State, Visibility
from ..exceptions import AlreadyCounted, IllegalTransition
from ..freshness import pages_change
from ..journal import Act, journal_note
from ..models import AuditEntry, IntakeItem, Signature
from ..validators import odd_characters
from .counts import count_change
from .transitions import signature_move

EMPTY = {
    "name": "",
    "residence": "",
    "occupation": "",
    "email_sealed": None,
    "wants_updates": False,
}


def _locked(signature_id: UUID) -> Signature:
    return Signature.objects.select_for_update().get(id=signature_id)


def _locked_with_the_one_that_counts(signature_id: UUID) -> list[Signature]:
    """The signature, and that of the same confirmed mailbox and name that stands in its place.

    Whoever signed twice and leaves by the second link means both, and can find no other. Only the
    mailbox proves that it is one person; without one each link speaks for its own row.
    """
    row = Signature.objects.get(id=signature_id)
    ids = {row.id}
    if row.confirmed_at and row.email_key:
        same = Signature.objects.live().filter(letter_id=row.letter_id, email_key=row.email_key)
        ids.update(same.values_list("id", flat=True))
    return list(Signature.objects.select_for_update().filter(id__in=ids).order_by("id"))


def signature_withdraw(*, signature_id: UUID) -> None:
    """Take the name off the letter at once; keep a tombstone of keyed digests.

    The digests let an import of the same letters or sheets know that this person has gone.
    Withdrawing twice changes nothing; a rejected signature raises IllegalTransition.
    """
    with transaction.atomic():
        for row in _locked_with_the_one_that_counts(signature_id):
            if row.state != State.WITHDRAWN:
                signature_move(signature=row, to=State.WITHDRAWN, changes=EMPTY)
                _forget_original(row)
                journal_note(Act.WITHDRAWN, row.id)


def signature_erase(*, signature_id: UUID) -> None:
    """Delete the row. What a delivery handed over before stays handed over, as a number."""
    with transaction.atomic():
        for row in _locked_with_the_one_that_counts(signature_id):
            count_change(signature=row, change=-(row.state == State.ACCEPTED))
            AuditEntry.objects.create(
                action="erased", letter_id=row.letter_id, signature_id=row.id, from_state=row.state
            )
            _forget_original(row)
            journal_note(Act.ERASED, row.id)
            row.delete()


def _forget_original(row: Signature) -> None:
    """The mail or line that it was read from names the same person."""
    IntakeItem.objects.filter(staged__signature=row).update(text="")


def signature_show(*, signature_id: UUID, visibility: Visibility) -> None:
    """Change who may read the name; works in every state but withdrawn.

    The same form sent twice waits for its mailbox once: where the change makes a second one of a
    waiting signature, this one becomes a duplicate.
    """
    with transaction.atomic():
        row = _locked(signature_id)
        if row.state == State.WITHDRAWN:
            raise IllegalTransition(_("A withdrawn signature has no name left to show."))
        row.visibility = visibility
        journal_note(Act(visibility), row.id)
        try:
            with transaction.atomic():
                row.save(update_fields=["visibility"])
        except IntegrityError:
            shown = {"visibility": visibility}
            signature_move(signature=row, to=State.DUPLICATE, action="same again", changes=shown)
            return
        pages_change()
        AuditEntry.objects.create(
            action="visibility", letter_id=row.letter_id, signature_id=row.id, reason=visibility
        )


def signature_correct(
    *, signature_id: UUID, name: str, residence: str, occupation: str, email: str = ""
) -> None:
    """Replace what the signer wrote. One that counted goes back to a person to look at.

    `email` is the address when it is still kept, for the key that holds address and name; without
    it a mailbox key stays as it was. A correction that makes two live signatures of one person
    turns this one into a duplicate without a word: the answer must not tell who has signed.
    Raises IllegalTransition where the state allows no correction.
    """
    with transaction.atomic():
        row = _locked(signature_id)
        if row.state in {State.REJECTED, State.WITHDRAWN}:
            raise IllegalTransition(_("This signature can no longer be corrected."))
        changes: dict[str, Any] = {
            "name": name,
            "residence": residence,
            "occupation": occupation,
            "person_key": keys.person_key(row.letter_id, name, residence, occupation),
        }
        if email and row.email_key:
            changes["email_key"] = keys.email_key(row.letter_id, email, name)
        try:
            _rewrite(row, changes)
        except (AlreadyCounted, IntegrityError):
            _store_as_duplicate(row, changes)
        queue.enqueue("renew_duplicates", signature_id=str(row.id))


def _rewrite(row: Signature, changes: dict[str, Any]) -> None:
    to = _after_correction(row, changes)
    if to != row.state:
        again = {**changes, "decided_at": None, "decided_by": None}
        signature_move(signature=row, to=to, action="corrected", changes=again)
        return
    for field, value in changes.items():
        setattr(row, field, value)
    with transaction.atomic():
        row.save(update_fields=list(changes))


def _store_as_duplicate(row: Signature, changes: dict[str, Any]) -> None:
    if row.state != State.DUPLICATE:
        signature_move(signature=row, to=State.DUPLICATE, action="corrected", changes=changes)
        return
    for field, value in changes.items():
        setattr(row, field, value)
    row.save(update_fields=list(changes))


def _after_correction(row: Signature, changes: dict[str, Any]) -> State:
    """Where a corrected signature goes; one with odd characters is held like one that comes in."""
    is_odd = any(odd_characters(changes[field]) for field in ("name", "residence", "occupation"))
    if is_odd and HoldReason.CHARACTERS not in row.hold_reasons:
        changes["hold_reasons"] = [*row.hold_reasons, HoldReason.CHARACTERS.value]
    if row.state == State.UNCONFIRMED:
        return State.PENDING if is_odd else State.UNCONFIRMED
    # A duplicate may have become somebody who has not signed: a person looks at it as well.
    return State.PENDING


def updates_stop(*, signature_id: UUID) -> None:
    """No more updates to this signer; the sealed address goes, unless it is still to confirm."""
    with transaction.atomic():
        row = Signature.objects.select_for_update().filter(id=signature_id).first()
        if row is None:
            return
        row.wants_updates = False
        journal_note(Act.NO_UPDATES, row.id)
        if row.confirmed_at:
            row.email_sealed = None
        row.save(update_fields=["wants_updates", "email_sealed"])
