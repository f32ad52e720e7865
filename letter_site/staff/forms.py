"""What staff type to get in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.forms import AdminAuthenticationForm
from django.contrib.auth import authenticate
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_otp.models import Device

from . import passkeys, second_factor

ANSWER_LENGTH = 20_000  # characters of a browser's JSON; attestations are the longest
NOT_ACCEPTED = _("That code was not accepted. Wait for the next one, then try again.")
PASSKEY_NOT_ACCEPTED = _("That passkey was not accepted. Please try again.")
RECOVERY_NOT_ACCEPTED = _("That recovery code was not accepted. Each works once.")
OTHER_SECRET = _("That code does not belong to this secret. Try the next one.")
WORKS_ONCE = _("Each code works once: if you have just used one, wait for the next.")


class CodeInput(forms.PasswordInput):
    """Shows what is being typed, but never what was typed before: it is of no use any more."""

    input_type = "text"


def code_field(**options: Any) -> forms.CharField:
    """A field for six digits from a phone."""
    attributes = {"autocomplete": "one-time-code", "spellcheck": "false", "autocapitalize": "none"}
    widget = CodeInput(attrs=attributes | options.pop("attrs", {}))
    return forms.CharField(max_length=40, widget=widget, **options)


class PasswordForm(AdminAuthenticationForm):
    """The first step. One sentence for a wrong name, a wrong password and too many attempts."""

    error_messages = {
        "invalid_login": _(
            "Name and password were not accepted. Both mind capital letters. "
            "After five attempts only waiting an hour helps."
        ),
    }


def answer_field() -> forms.CharField:
    """A field that the passkey's script fills in."""
    return forms.CharField(widget=forms.HiddenInput, required=False, max_length=ANSWER_LENGTH)


class SecondStepForm(forms.Form):
    """Takes a passkey's answer, a code from the phone, or a recovery code."""

    code = code_field(label=_("Code"))
    passkey = answer_field()

    def __init__(self, *args: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user = user
        if passkeys.passkeys_of(user).exists():
            code = self.fields["code"]
            code.label, code.help_text, code.required = _("Recovery code"), "", False

    def shown(self) -> Device | None:
        """The device that is there. Asking a second time is a second attempt."""
        if answer := self.cleaned_data["passkey"]:
            return passkeys.verify(request=self.request, user=self.user, answer=answer)
        return second_factor.verify(user=self.user, code=self.cleaned_data["code"])


class CodeForm(SecondStepForm):
    """The second step of logging in; `device` is what was shown."""

    device: Device | None = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["autofocus"] = self.fields["code"].required

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors:
            self.device = self.shown()
            if self.device is None and cleaned["passkey"]:
                raise ValidationError(PASSKEY_NOT_ACCEPTED)
            if self.device is None:
                has_phone = self.fields["code"].required
                self.add_error("code", NOT_ACCEPTED if has_phone else RECOVERY_NOT_ACCEPTED)
        return cleaned


class EnrolForm(forms.Form):
    """A first code, to show that the phone has the secret; or a passkey."""

    code = code_field(label=_("Code from your phone"), attrs={"inputmode": "numeric"})
    passkey = answer_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].required = not self.data.get("passkey")


class PasskeyForm(forms.Form):
    """One passkey more."""

    name = forms.CharField(
        label=_("Name of the device"),
        max_length=64,
        required=False,
        help_text=_("So that you know it again, for instance “blue key”."),
    )
    passkey = answer_field()


class IdentityForm(SecondStepForm):
    """Password and second step once more, in the middle of the work."""

    field_order = ["password", "code", "passkey"]

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    code = code_field(label=_("Code"), help_text=WORKS_ONCE)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not settings.STAFF_SECOND_FACTOR:
            del self.fields["code"], self.fields["passkey"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not (self._password_is_right() and self._second_step_is_right()):
            raise ValidationError(_("That was not accepted. Please try again."))
        return cleaned

    def _password_is_right(self) -> bool:
        """Asked of the backends, so that django-axes counts it."""
        name, password = self.user.get_username(), self.cleaned_data["password"]
        return authenticate(self.request, username=name, password=password) is not None

    def _second_step_is_right(self) -> bool:
        return "code" not in self.fields or self.shown() is not None
