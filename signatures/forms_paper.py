"""A sheet of paper as a grid: only what can be read on it is typed in."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.forms.formsets import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from letters.models import Letter, LetterText

from .forms import EMAIL_LENGTH, MailboxField, PersonTextField
from .models.signature import NAME_LENGTH, OCCUPATION_LENGTH, RESIDENCE_LENGTH
from .services.paper import MOST_LINES
from .services.signing import Signatory
from .validators import clean_address

ROWS = 20  # as many as a printed sheet has


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
    first = forms.IntegerField(
        min_value=1, max_value=MOST_LINES, required=False, widget=forms.HiddenInput
    )

    def clean_first(self) -> int:
        return self.cleaned_data["first"] or 1

    def text(self) -> LetterText:
        """The binding text of the letter that was chosen."""
        letter = self.cleaned_data["letter"]
        text: LetterText = letter.texts.get(is_courtesy_translation=False)
        text.letter = letter
        return text


class LinesForm(forms.Form):
    """What describes a person, as far as somebody can read it."""

    name = PersonTextField(label=_("Name"), limit=NAME_LENGTH, autocomplete="off")
    residence = PersonTextField(
        label=_("Place of residence"), limit=RESIDENCE_LENGTH, autocomplete="off", required=False
    )
    occupation = PersonTextField(
        label=_("Occupation"), limit=OCCUPATION_LENGTH, autocomplete="off", required=False
    )


class SheetRowForm(LinesForm):
    """One line of the sheet; an empty one is passed over."""

    line: int

    email = MailboxField(label=_("E-mail"), required=False, max_length=EMAIL_LENGTH)


class StagedForm(LinesForm):
    """The same lines as a program read them; of the address only the host is shown."""

    email = forms.CharField(
        label=_("E-mail"),
        required=False,
        max_length=EMAIL_LENGTH,
        help_text=_("Left as it is, the address stays; emptied, it is removed."),
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "email"}),
    )

    def clean_email(self) -> str | None:
        """The new address, "" for none; None where nothing was changed."""
        email = self.cleaned_data["email"]
        if "email" not in self.changed_data:
            return None
        return clean_address(email) if email else ""


class SheetRowSet(BaseFormSet):  # type: ignore[type-arg]
    """Lines of one sheet, from line `first` on."""

    def __init__(self, *args: Any, first: int = 1, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for line, form in enumerate(self.forms, start=first):
            form.line = line

    def people(self) -> dict[int, Signatory]:
        """Who signed, by the number of their line on the sheet (from 1)."""
        filled: dict[int, Signatory] = {}
        for form in self.forms:
            cleaned: dict[str, Any] = form.cleaned_data
            if cleaned.get("name"):
                filled[form.line] = Signatory(**cleaned)
        return filled


def sheet_rows(data: Any = None, first: int = 1) -> SheetRowSet:
    """The grid, empty or with what was typed, from line `first` to the end of a printed sheet."""
    left = max(1, ROWS + 1 - first)
    made = formset_factory(SheetRowForm, formset=SheetRowSet, extra=left, max_num=MOST_LINES)
    return cast("type[SheetRowSet]", made)(data, prefix="row", first=first)


def focus_here(sheet: SheetForm, rows: SheetRowSet) -> None:
    """Let typing begin at the first mistake, else at the first empty line, else at the sheet."""
    fields = [field for form in (sheet, *rows.forms) for field in form]
    wrong = [field for field in fields if field.errors]
    begun = [rows.forms[0]["name"] if sheet.initial.get("sheet") else sheet["sheet"]]
    (wrong or begun)[0].field.widget.attrs["autofocus"] = True
