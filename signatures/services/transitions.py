"""The only place where a signature's state changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from ..enums import Source, State
from ..exceptions import AlreadyCounted, IllegalTransition, PersonWithdrew
from ..models import AuditEntry, Signature
from .counts import count_change
from .name_keys import name_keys_drop

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# From design.md, section 3. What leads back (to pending, or from duplicate and rejected to where a
# signature was) is a moderator's undo or the signer's own correction.
ALLOWED: dict[State, frozenset[State]] = {
    State.UNCONFIRMED: frozenset(
        {State.ACCEPTED, State.PENDING, State.REJECTED, State.DUPLICATE, State.WITHDRAWN}
    ),
    State.PENDING: frozenset(
        {State.ACCEPTED, State.UNCONFIRMED, State.REJECTED, State.DUPLICATE, State.WITHDRAWN}
    ),
    State.ACCEPTED: frozenset({State.PENDING, State.REJECTED, State.DUPLICATE, State.WITHDRAWN}),
    State.REJECTED: frozenset({State.PENDING, State.ACCEPTED, State.UNCONFIRMED}),
    State.DUPLICATE: frozenset({State.PENDING, State.ACCEPTED, State.UNCONFIRMED, State.WITHDRAWN}),
    State.WITHDRAWN: frozenset(),
}


def signature_move(
    *,
    signature: Signature,
    to: State,
    actor: User | None = None,
    reason: str = "",
    action: str = "",
    changes: Mapping[str, Any] | None = None,
) -> Signature:
    """Bring a locked `signature` to state `to`, with `changes` to its other fields.

    The count follows, an audit entry is written, and who withdraws is compared with nobody any
    more, in one transaction. `actor` is None for the signer and for the system. Raises
    IllegalTransition where the states do not lead there, PersonWithdrew where it would put back
    who has left, and AlreadyCounted where the database knows a live signature of the same person.
    """
    before = State(signature.state)
    if to not in ALLOWED[before]:
        refused = _("A signature that is %(before)s cannot become %(to)s.")
        raise IllegalTransition(refused % {"before": before.label, "to": to.label})
    if to == State.ACCEPTED and person_withdrew(signature):
        raise PersonWithdrew(
            _("This person has withdrawn. Only they can sign again, by the form of the letter.")
        )
    fields = {"state": to, **(changes or {})}
    for field, value in fields.items():
        setattr(signature, field, value)
    try:
        with transaction.atomic():
            signature.save(update_fields=list(fields))
            change = (to == State.ACCEPTED) - (before == State.ACCEPTED)
            count_change(signature=signature, change=change)
            _log(signature, before, actor, reason, action=action or to.value)
            if to == State.WITHDRAWN:
                name_keys_drop(signature=signature)
    except IntegrityError as error:
        signature.state = before
        raise AlreadyCounted(_("A signature of the same person is live already.")) from error
    return signature


def person_withdrew(signature: Signature) -> bool:
    """Whether a mail, a sheet or a list would put back somebody who has withdrawn on the site.

    The tombstone keeps the digests of the mailbox and of the person. Who signs by the form again
    has changed their mind.
    """
    if signature.source == Source.WEB:
        return False
    same = Q(person_key=signature.person_key)
    if signature.email_key:
        same |= Q(email_key=signature.email_key)
    gone = Signature.objects.filter(letter_id=signature.letter_id, state=State.WITHDRAWN)
    return gone.filter(same).exclude(pk=signature.pk).exists()


def _log(
    signature: Signature, before: State, actor: User | None, reason: str, *, action: str
) -> None:
    AuditEntry.objects.create(
        actor=actor,
        action=action,
        letter_id=signature.letter_id,
        signature_id=signature.id,
        from_state=before,
        to_state=signature.state,
        reason=reason[:500],
    )
