"""What a visitor may send: shape and cleaning only. Who is unique is the database's business."""

from __future__ import annotations

import time
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from letters.models import LetterText

from .enums import HoldReason, Visibility
from .models.signature import NAME_LENGTH, OCCUPATION_LENGTH, RESIDENCE_LENGTH
from .normalise import clean_text
from .services.signing import Signatory
from .tokens import STAMP_SECONDS, make_stamp, read_stamp
from .validators import clean_address, is_throw_away, odd_characters, validate_person_text

PAGE_MAY_BE_OPEN = 48 * 3600  # seconds
EMAIL_LENGTH = 254  # RFC 5321, 4.5.3.1.3, less the angle brackets


class PersonTextField(forms.CharField):
    """A name, place or occupation in any script, measured as it will be stored."""

    def __init__(self, *, limit: int, autocomplete: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.limit = limit
        # No maxlength: a browser would cut what was pasted without a word.
        self.widget.attrs |= {"autocomplete": autocomplete, "data-limit": limit, "dir": "auto"}

    def to_python(self, value: Any) -> str:
        return clean_text(super().to_python(value) or "")

    def validate(self, value: str) -> None:
        super().validate(value)
        if len(value) > self.limit:
            too_long = ngettext_lazy(
                "Please use at most %(limit)d character.",
                "Please use at most %(limit)d characters.",
                self.limit,
            )
            raise ValidationError(too_long % {"limit": self.limit}, code="max_length")
        if value:
            validate_person_text(value)


class MailboxField(forms.CharField):
    """An e-mail address our mail server can reach; internationalised domains too."""

    widget = forms.EmailInput

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return clean_address(text) if text else ""


class SharedFields(dict[str, forms.Field]):
    """Fields that all forms of a class use as they are."""

    def __deepcopy__(self, _memo: object) -> dict[str, forms.Field]:
        return dict(self)


def _helper(submit: str, action: str = "") -> FormHelper:
    helper = FormHelper()
    helper.form_action = action
    helper.disable_csrf = True  # no session to ride on; see views.origin
    helper.add_input(Submit("", submit))
    return helper


class PersonForm(forms.Form):
    """The three lines that describe a person, and who may read them."""

    name = PersonTextField(
        label=_("Name"),
        limit=NAME_LENGTH,
        autocomplete="name",
        help_text=_("As you want it to stand under the letter, in any script."),
        error_messages={"required": _("Write your name.")},
    )
    residence = PersonTextField(
        label=_("Place of residence"),
        limit=RESIDENCE_LENGTH,
        autocomplete="address-level2",
        help_text=_("City and country are enough."),
        error_messages={"required": _("Write where you live; city and country are enough.")},
    )
    occupation = PersonTextField(
        label=_("Occupation"),
        limit=OCCUPATION_LENGTH,
        autocomplete="organization-title",
        error_messages={"required": _("Write what you do.")},
    )
    visibility = forms.ChoiceField(
        label=_("Who may see your name"),
        choices=[
            (Visibility.PUBLIC, _("Everybody: on this site and on the delivered list")),
            (Visibility.RECIPIENT, _("The recipients of the letter: on the delivered list only")),
            (Visibility.COUNTED, _("Nobody: I am counted, my name is withheld")),
        ],
        initial=Visibility.RECIPIENT,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of the three.")},
    )

    def clean_visibility(self) -> Visibility:
        return Visibility(self.cleaned_data["visibility"] or Visibility.RECIPIENT)


class SignForm(PersonForm):
    """The form under a letter."""

    email = MailboxField(
        label=_("E-mail"),
        required=False,
        max_length=EMAIL_LENGTH,
        help_text=_("Only to confirm that it is you; erased when you have."),
        widget=forms.EmailInput({"autocomplete": "email", "inputmode": "email"}),
    )
    wants_updates = forms.BooleanField(
        label=_("Write to me about what becomes of this letter"),
        required=False,
        help_text=_("Then your address is kept, encrypted, until 90 days after the letter closes."),
    )
    consent = forms.BooleanField(
        label=_("I sign this letter and agree that my signature is used as described here."),
        error_messages={"required": _("Tick the box if you agree; without it we may not sign.")},
    )
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput({"tabindex": "-1", "autocomplete": "off"}),
    )
    rendered = forms.CharField(required=False, widget=forms.HiddenInput)
    proof = forms.CharField(required=False, widget=forms.HiddenInput)

    field_order = ["name", "residence", "occupation", "email", "wants_updates", "visibility"]

    def __init__(
        self, data: Any = None, *, text: LetterText, action: object, proof_url: str = ""
    ) -> None:
        now = time.time()
        initial = {"rendered": make_stamp(text.digest, now)} if data is None else None
        super().__init__(data, initial=initial)
        self.text = text
        self.now = now
        self.action = action
        self.proof_url = proof_url
        if not proof_url:
            del self.fields["proof"]

    @cached_property
    def helper(self) -> FormHelper:
        helper = _helper(str(_("Sign the letter")), str(self.action))
        helper.template = "signatures/sign_form.html"
        return helper

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.stamp = read_stamp(cleaned.get("rendered", ""))
        if self.stamp and self.stamp[1] != self.text.digest:
            again = QueryDict(mutable=True)
            again.update(self.data)
            again["rendered"] = make_stamp(self.text.digest, self.now)
            self.data = again
            raise ValidationError(
                _("The letter's text has changed since you opened it. Please read it again."),
                code="text_changed",
            )
        return cleaned

    def signatory(self) -> Signatory:
        """What was written, for the service."""
        cleaned = self.cleaned_data
        return Signatory(
            name=cleaned["name"],
            residence=cleaned["residence"],
            occupation=cleaned["occupation"],
            email=cleaned["email"],
            visibility=cleaned["visibility"],
            wants_updates=cleaned["wants_updates"],
        )

    def hold_reasons(self) -> list[HoldReason]:
        """Why a person should look at it, from what was sent alone."""
        cleaned = self.cleaned_data
        reasons = []
        if cleaned["website"]:
            reasons.append(HoldReason.HONEYPOT)
        if not self._stamp_is_fresh():
            reasons.append(HoldReason.TIMING)
        if cleaned["email"] and is_throw_away(cleaned["email"]):
            reasons.append(HoldReason.MAILBOX)
        if any(odd_characters(cleaned[name]) for name in ("name", "residence", "occupation")):
            reasons.append(HoldReason.CHARACTERS)
        return reasons

    def _stamp_is_fresh(self) -> bool:
        return (
            self.stamp is not None
            and -STAMP_SECONDS <= self.now - self.stamp[0] <= PAGE_MAY_BE_OPEN
        )


# Every form copies its fields, for those who change them. Nobody changes these, and ten copies
# cost a signer more than the insert does.
SignForm.base_fields = SharedFields(SignForm.base_fields)


class ChangeForm(PersonForm):
    """The same lines, changed later by the signer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper(str(_("Save")))
