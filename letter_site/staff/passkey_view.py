"""The page on which staff look after their passkeys."""

from __future__ import annotations

from typing import Any

import django_otp
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.generic import FormView

from . import passkeys, second_factor
from .forms import PASSKEY_NOT_ACCEPTED, PasskeyForm
from .reauth import recently_authenticated

ADDED = _("The passkey is kept. From now on only passkeys and recovery codes open your account.")
REMOVED = _("The passkey opens your account no longer.")
GONE = _("That passkey is not there any more.")
THE_LAST = _("It is the only one: add another first.")


@method_decorator(recently_authenticated, name="dispatch")
class PasskeysView(FormView):  # type: ignore[type-arg]
    """Lists the passkeys of an account, adds one, removes one that is not the last."""

    form_class = PasskeyForm
    template_name = "staff/passkeys.html"
    user: User

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        user = request.user
        if not isinstance(user, User) or not second_factor.has_device(user):
            return HttpResponseRedirect(reverse("admin:index"))
        self.user = user
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **admin.site.each_context(self.request),
            title=_("Passkeys"),
            passkeys=passkeys.passkeys_of(self.user),
            passkey=passkeys.invitation(self.request, self.user),
            **kwargs,
        )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        chosen = request.POST.get("remove")
        return super().post(request) if chosen is None else self.remove(chosen)

    def form_valid(self, form: PasskeyForm) -> HttpResponse:
        answer, name = form.cleaned_data["passkey"], form.cleaned_data["name"]
        device = passkeys.add(request=self.request, user=self.user, answer=answer, name=name)
        if device is None:
            form.add_error(None, PASSKEY_NOT_ACCEPTED)
            return self.form_invalid(form)
        # The phone that this session rests on may just have been forgotten.
        django_otp.login(self.request, device)
        return self.again(messages.SUCCESS, ADDED)

    def remove(self, chosen: str) -> HttpResponse:
        own = {kept.credential_id_sha256: kept for kept in passkeys.passkeys_of(self.user)}
        passkey = own.get(chosen)
        if passkey is None:
            return self.again(messages.INFO, GONE)
        if not passkeys.remove(passkey=passkey):
            return self.again(messages.ERROR, THE_LAST)
        # This session may have rested on it; who is here has confirmed who they are.
        django_otp.login(self.request, passkeys.passkeys_of(self.user).first())
        return self.again(messages.SUCCESS, REMOVED)

    def again(self, level: int, sentence: Any) -> HttpResponse:
        messages.add_message(self.request, level, sentence)
        return HttpResponseRedirect(reverse("admin:passkeys"))
