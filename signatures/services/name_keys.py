"""The keys under which possible duplicates of a signature are found."""

from __future__ import annotations

from collections.abc import Iterable

from ..enums import State
from ..keys import name_key
from ..likeness import blocking_keys
from ..models import NameKey, Signature, Suggestion


def keys_of(signature: Signature) -> list[int]:
    """The keys of one signature: of its name with its second signals, and of its mailbox."""
    words = set(
        blocking_keys(
            name=signature.name,
            residence=signature.residence,
            occupation=signature.occupation,
        )
    )
    if signature.email_key:
        words.add(f"e.{signature.email_key}")
    return [name_key(signature.letter_id, word) for word in sorted(words)]


def name_keys_make(*, signatures: Iterable[Signature]) -> None:
    """Put down the keys of `signatures`; what is there already stays. One insert for all."""
    NameKey.objects.bulk_create(
        [
            NameKey(signature=signature, key=key)
            for signature in signatures
            if signature.state != State.WITHDRAWN
            for key in keys_of(signature)
        ],
        ignore_conflicts=True,
    )


def name_keys_drop(*, signature: Signature) -> None:
    """Forget the keys of a signature that has other words now, or none, and whom it was like."""
    NameKey.objects.filter(signature=signature).delete()
    Suggestion.objects.about(signature.id).filter(settled_at__isnull=True).delete()
