"""Signatures that were given on paper and typed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from letters.models import LetterText

from ..enums import Source
from ..intake.parsed import Confidence, Kind
from ..models import AuditEntry, IntakeItem, Signature, StagedSignature
from .duplicates import duplicates_note
from .name_keys import name_keys_make
from .signing import Arrival, Signatory, signature_sign

if TYPE_CHECKING:
    from django.contrib.auth.models import User


def sheet_enter(
    *, text: LetterText, sheet: str, scan: str, people: dict[int, Signatory], actor: User
) -> int:
    """Take in one sheet, all lines or none; return how many were new.

    `people` are the signers by line. A line of this sheet that was entered before is passed over,
    so that a sheet can be completed later.
    """
    made = 0
    with transaction.atomic():
        for line, signatory in sorted(people.items()):
            made += _enter(text, f"sheet {sheet} line {line}", scan, signatory)
        AuditEntry.objects.create(
            actor=actor,
            action="sheet entered",
            letter=text.letter,
            details={"sheet": sheet, "signatures": made},
        )
    return made


def _enter(text: LetterText, ref: str, scan: str, signatory: Signatory) -> bool:
    item, is_new = IntakeItem.objects.get_or_create(
        letter=text.letter,
        ref=ref,
        defaults={
            "source": Source.PAPER,
            "kind": Kind.SIGNATURE.value,
            "reason": scan,
            "signers": 1,
        },
    )
    if not is_new:
        return False
    signature: Signature = signature_sign(
        text=text,
        signatory=signatory,
        arrival=Arrival(source=Source.PAPER, source_ref=ref),
    )
    StagedSignature.objects.create(
        item=item, signature=signature, confidence=Confidence.TYPED.value, is_sure=True
    )
    name_keys_make(signatures=[signature])
    duplicates_note(signature=signature)
    return True
