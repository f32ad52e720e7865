"""What delivery staff choose before a list is frozen."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from letters.models import Letter
from signatures.normalise import clean_text
from signatures.validators import validate_nothing_hidden

from .exceptions import DeliveryError, SealingFailed
from .facts import Kind
from .models import KIND_WORDS, Delivery
from .seal import check_recipient
from .services.asking import recipients_clean

# How far the day is ahead of UTC's, and behind it, at most.
EASTERNMOST = timedelta(hours=14)
WESTERNMOST = timedelta(hours=12)


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
        if letter:
            self._clean_recipients(named or letter.recipients)
        return cleaned

    def _clean_recipients(self, recipients: list[str]) -> None:
        try:
            self.cleaned_data["recipients"] = recipients_clean(recipients=recipients)
        except DeliveryError as error:
            self.add_error("recipients", str(error))


class RecordForm(forms.ModelForm):  # type: ignore[type-arg]
    """What became of a delivery: when it was handed over, a public note, the receipt."""

    class Meta:
        model = Delivery
        fields = ["handed_over_on", "note", "acknowledgement"]

    def clean_handed_over_on(self) -> date | None:
        """A day from the freezing until today, counted by whichever place on Earth is the last."""
        day: date | None = self.cleaned_data["handed_over_on"]
        if day and day > (timezone.now() + EASTERNMOST).date():
            raise ValidationError(_("This day has not come yet."))
        frozen_at = self.instance.frozen_at
        if day and frozen_at and day < (frozen_at - WESTERNMOST).date():
            raise ValidationError(_("The list was frozen later than on this day."))
        return day

    def clean_note(self) -> str:
        """The note's lines, each as names are stored."""
        lines = [clean_text(line) for line in str(self.cleaned_data["note"]).splitlines()]
        for line in lines:
            validate_nothing_hidden(line)
        return "\n".join(lines)
