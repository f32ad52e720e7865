"""Which of the people who were read in a mail or a table can be stored, judged as the form does."""

from __future__ import annotations

from collections.abc import Callable

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..exporters.rows import NAME_WITHHELD
from ..intake.addresses import has_address
from ..intake.parsed import Confidence, ParsedMessage, ParsedSigner
from ..models.signature import NAME_LENGTH, OCCUPATION_LENGTH, RESIDENCE_LENGTH
from ..normalise import clean_text
from ..validators import clean_address, validate_person_text
from .signing import Signatory

#: Who can be stored of a message, by their number in it, and how sure the reading is.
Signers = dict[int, tuple[Signatory, Confidence]]


def signatories_of(*, message: ParsedMessage) -> tuple[Signers, list[str]]:
    """Return the signers that can be stored, and what was remarkable, each in one line.

    A signer whose name cannot stand is left out, as is each other line that cannot; no remark
    repeats what was written there.
    """
    usable: Signers = {}
    remarks = [message.reason] if message.reason else []
    for number, signer in enumerate(message.signers, start=1):
        left_out: list[str] = []
        try:
            usable[number] = (_signatory(signer, left_out), signer.confidence)
        except ValidationError as error:
            left_out = [" ".join(error.messages)]
        remarks += [f"signer {number}: {remark}" for remark in left_out]
    return usable, remarks


def _signatory(signer: ParsedSigner, left_out: list[str]) -> Signatory:
    """The signer as they can be stored; raises ValidationError where the name cannot stand.

    Adds to `left_out` each other line that cannot, and why.
    """
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
        residence=_usable("residence", signer.residence, _residence, left_out),
        occupation=_usable("occupation", signer.occupation, _occupation, left_out),
        email=_usable("e-mail", signer.email, clean_address, left_out),
    )


def _usable(field: str, value: str, judge: Callable[[str], str], left_out: list[str]) -> str:
    try:
        return judge(value) if value else ""
    except ValidationError as error:
        left_out.append(f"{field} left out: {' '.join(error.messages)}")
        return ""


def _residence(value: str) -> str:
    return _line(value, RESIDENCE_LENGTH)


def _occupation(value: str) -> str:
    return _line(value, OCCUPATION_LENGTH)


def _line(value: str, limit: int) -> str:
    text = clean_text(value)
    if len(text) > limit:
        too_long = ngettext(
            "Please use at most %(limit)d character.",
            "Please use at most %(limit)d characters.",
            limit,
        )
        raise ValidationError(too_long % {"limit": limit})
    if has_address(text):
        raise ValidationError(_("Please leave out e-mail addresses."))
    if text:
        validate_person_text(text)
    return text
