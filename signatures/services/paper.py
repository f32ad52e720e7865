"""Signatures that were given on paper and typed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from letters.models import Letter, LetterText

from ..enums import Source
from ..intake.parsed import Confidence, Kind
from ..models import AuditEntry, IntakeItem, Signature, StagedSignature
from .duplicates import duplicates_note
from .name_keys import name_keys_make
from .signing import Arrival, Signatory, signature_sign

if TYPE_CHECKING:
    from django.contrib.auth.models import User


MOST_LINES = 100


def sheet_lines(*, letter: Letter, sheet: str) -> dict[int, Signature | None]:
    """What was entered of a sheet, by line; None where the signature is no more."""
    numbers = {_ref(sheet, line): line for line in range(1, MOST_LINES + 1)}
    items = IntakeItem.objects.filter(letter=letter, source=Source.PAPER, ref__in=list(numbers))
    lines: dict[int, Signature | None] = dict.fromkeys(numbers[item.ref] for item in items)
    staged = StagedSignature.objects.filter(item__in=items).select_related("signature", "item")
    lines |= {numbers[each.item.ref]: each.signature for each in staged}
    return dict(sorted(lines.items()))


def _ref(sheet: str, line: int) -> str:
    return f"sheet {sheet} line {line}"


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
            made += _enter(text, _ref(sheet, line), scan, signatory)
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
