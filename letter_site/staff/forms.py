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

from . import second_factor

NOT_ACCEPTED = _("That code was not accepted. Wait for the next one, then try again.")
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


class CodeForm(forms.Form):
    """The second step: a code from the phone, or a recovery code."""

    code = code_field(label=_("Code"), attrs={"autofocus": True})

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.device: Device | None = None

    def clean_code(self) -> str:
        code = str(self.cleaned_data["code"])
        self.device = second_factor.verify(user=self.user, code=code)
        if self.device is None:
            raise ValidationError(NOT_ACCEPTED)
        return code


class EnrolForm(forms.Form):
    """A first code, to show that the phone has the secret."""

    code = code_field(label=_("Code from your phone"), attrs={"inputmode": "numeric"})


class IdentityForm(forms.Form):
    """Password and code once more, in the middle of the work."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    code = code_field(label=_("Code"), help_text=WORKS_ONCE)

    def __init__(self, *args: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        self.user = user
        if not settings.STAFF_SECOND_FACTOR:
            del self.fields["code"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and not (self._password_is_right() and self._code_is_right()):
            raise ValidationError(_("That was not accepted. Please try again."))
        return cleaned

    def _password_is_right(self) -> bool:
        """Asked of the backends, so that django-axes counts it."""
        name, password = self.user.get_username(), self.cleaned_data["password"]
        return authenticate(self.request, username=name, password=password) is not None

    def _code_is_right(self) -> bool:
        if "code" not in self.fields:
            return True
        return second_factor.verify(user=self.user, code=self.cleaned_data["code"]) is not None
