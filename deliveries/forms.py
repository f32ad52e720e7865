"""What delivery staff choose before a list is frozen."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from letters.models import Letter

from .exceptions import SealingFailed
from .facts import Kind
from .models import KIND_WORDS
from .seal import check_recipient


class PrepareForm(forms.Form):
    """Which letter, to whom, all or what is new, and for whose eyes."""

    letter = forms.ModelChoiceField(label=_("Letter"), queryset=Letter.objects.all())
    kind = forms.ChoiceField(
        label=_("What it holds"), choices=list(KIND_WORDS.items()), initial=Kind.WHOLE.value
    )
    recipients = forms.CharField(
        label=_("Recipients"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("One a line. Empty: the addressee and everybody in the letter's copy line."),
    )
    age_key = forms.CharField(
        label=_("Encrypt to"),
        required=False,
        help_text=_("An age public key (age1…). Then only its owner can open the zip files."),
    )

    def clean_age_key(self) -> str:
        key = str(self.cleaned_data["age_key"]).strip()
        if key:
            try:
                check_recipient(key)
            except SealingFailed as error:
                raise ValidationError(str(error)) from None
        return key

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        letter = cleaned.get("letter")
        lines = [line.strip() for line in cleaned.get("recipients", "").splitlines()]
        named = [line for line in lines if line]
        cleaned["recipients"] = named or (letter.recipients if letter else [])
        return cleaned
