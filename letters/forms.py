"""The organisers' forms for a letter and its texts: what was signed can be read, not written."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

from .models import Letter, LetterText
from .services import (
    LOCKED,
    OWN_FIELDS,
    SIGNED_LETTER_FIELDS,
    SIGNED_TEXT_FIELDS,
    letter_is_signed,
)


class LockingForm(forms.ModelForm):  # type: ignore[type-arg]
    """A form whose fields `locked` only show their value, whatever is posted."""

    locked: Iterable[str] = ()

    def lock(self, names: Iterable[str]) -> None:
        """Lock those fields of `names` that the form has; it may have fewer for some staff."""
        self.locked = [name for name in names if name in self.fields]
        for name in self.locked:
            self.fields[name].disabled = True

    def clean(self) -> dict[str, Any] | None:
        # Browsers do not send locked fields. Where they come, the page was opened before the
        # first signature, and what was typed must not vanish without a word.
        if any(self.add_prefix(name) in self.data for name in self.locked):
            raise forms.ValidationError(LOCKED, code="locked")
        return super().clean()


class LetterForm(LockingForm):
    """A letter; who writes to whom and when is locked once somebody has signed."""

    class Meta:
        model = Letter
        fields = ("slug", *OWN_FIELDS)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is not None and letter_is_signed(self.instance):
            self.lock(SIGNED_LETTER_FIELDS)


class LetterTextForm(LockingForm):
    """The letter in one language; a text that is stored stays in its language."""

    class Meta:
        model = LetterText
        fields = ("language", "title", "body", "appeal", "is_courtesy_translation")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk is None:
            return
        if "language" in self.fields:
            self.fields["language"].disabled = True
        if letter_is_signed(self.instance.letter):
            self.lock(SIGNED_TEXT_FIELDS)


class LetterTextFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """All texts of a letter, exactly one of them binding."""

    def clean(self) -> None:
        super().clean()
        if any(self.errors):
            return
        kept = [form.cleaned_data for form in self.forms if form not in self.deleted_forms]
        binding = [data for data in kept if data and not data["is_courtesy_translation"]]
        if len(binding) != 1:
            raise forms.ValidationError(
                _("A letter has one binding text; mark the others as courtesy translations."),
                code="binding",
            )
