"""A sheet of paper as a grid: only what can be read on it is typed in."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from letters.models import Letter, LetterText

from .forms import EMAIL_LENGTH, MailboxField, PersonTextField
from .models.signature import NAME_LENGTH, OCCUPATION_LENGTH, RESIDENCE_LENGTH
from .services.signing import Signatory

ROWS = 25


class SheetForm(forms.Form):
    """Which letter, and which sheet of it."""

    letter = forms.ModelChoiceField(label=_("Letter"), queryset=Letter.objects.all())
    sheet = forms.CharField(
        label=_("Sheet number"), max_length=60, help_text=_("As written on the sheet.")
    )
    scan = forms.CharField(
        label=_("Scan"),
        max_length=120,
        required=False,
        help_text=_("Where the scanned sheet is kept, if it is."),
    )

    def text(self) -> LetterText:
        """The binding text of the letter that was chosen."""
        letter = self.cleaned_data["letter"]
        text: LetterText = letter.texts.get(is_courtesy_translation=False)
        text.letter = letter
        return text


class SheetRowForm(forms.Form):
    """One line of the sheet; an empty one is passed over."""

    name = PersonTextField(label=_("Name"), limit=NAME_LENGTH, autocomplete="off")
    residence = PersonTextField(
        label=_("Place of residence"), limit=RESIDENCE_LENGTH, autocomplete="off", required=False
    )
    occupation = PersonTextField(
        label=_("Occupation"), limit=OCCUPATION_LENGTH, autocomplete="off", required=False
    )
    email = MailboxField(label=_("E-mail"), required=False, max_length=EMAIL_LENGTH)


class SheetRowSet(BaseFormSet):  # type: ignore[type-arg]
    """The lines of one sheet."""

    def people(self) -> dict[int, Signatory]:
        """Who signed, by the number of their line on the sheet (from 1)."""
        filled: dict[int, Signatory] = {}
        for number, form in enumerate(self.forms, start=1):
            cleaned: dict[str, Any] = form.cleaned_data
            if cleaned.get("name"):
                filled[number] = Signatory(**cleaned)
        return filled


def sheet_rows(data: Any = None) -> SheetRowSet:
    """The grid, empty or with what was typed."""
    grid = formset_factory(SheetRowForm, formset=SheetRowSet, extra=ROWS, max_num=ROWS)
    return cast(SheetRowSet, grid(data, prefix="row"))
