"""Asking once more who is there, before the list of signers leaves the house (ASVS 5.0, 7.5.3)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import wraps
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from signatures.services.staff import StaffAction, staff_log

from . import passkeys
from .forms import IdentityForm
from .lockout import attempts_forget
from .sessions import STARTED, is_within

View = Callable[..., HttpResponse]

CONFIRMED = "identity_confirmed_at"
PREFIX = "identity"
ASKED_BY = f"{PREFIX}-asked-by"
RECENTLY = timedelta(minutes=10)


@sensitive_post_parameters(f"{PREFIX}-password", f"{PREFIX}-code")
def require_recent(request: HttpRequest, within: timedelta = RECENTLY) -> HttpResponse | None:
    """The page to answer with where `request.user` has not confirmed their identity `within`.

    None means: go on. The page posts to the same address and carries every field of a posted form
    along (files are not carried), so the confirmed request is the one that was first made; what
    was asked by GET is asked again. A login counts as long as a confirmation does: it asked for the
    same, and what this is against is a browser left open. Raises PermissionDenied where nobody is
    logged in.
    """
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    if _confirmed_recently(request, within):
        return None
    answered = f"{PREFIX}-password" in request.POST
    data = request.POST if answered else None
    form = IdentityForm(data, prefix=PREFIX, request=request, user=user)
    if not form.is_valid():
        if answered:
            staff_log(actor=user, action=StaffAction.ASKED_IN_VAIN)
        return _page(request, form, user)
    _confirm(request, user)
    asked_by_get = request.POST.get(ASKED_BY) == "GET"
    return HttpResponseRedirect(request.get_full_path()) if asked_by_get else None


def recently_authenticated(view: View) -> View:
    """Let `view` run only for who has confirmed their identity in the last ten minutes."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = require_recent(request)
        return view(request, *args, **kwargs) if page is None else page

    return guarded


def _confirmed_recently(request: HttpRequest, within: timedelta) -> bool:
    session = request.session
    confirmed = [float(session.get(noted, 0)) for noted in (CONFIRMED, STARTED)]
    return any(is_within(within, moment) for moment in confirmed)


def _confirm(request: HttpRequest, user: User) -> None:
    attempts_forget(request, user.username)
    request.session.cycle_key()
    request.session[CONFIRMED] = timezone.now().timestamp()
    staff_log(actor=user, action=StaffAction.ASKED_AGAIN)


def _page(request: HttpRequest, form: IdentityForm, user: User) -> TemplateResponse:
    context = {
        **admin.site.each_context(request),
        "title": _("Confirm that it is you"),
        "form": form,
        "passkey": passkeys.question(request, user) if "passkey" in form.fields else None,
        "carried": list(_carried(request)),
        "asked_by": request.POST.get(ASKED_BY, request.method),
    }
    response = TemplateResponse(request, "staff/identity.html", context)
    response["Cache-Control"] = "no-store"
    return response


def _carried(request: HttpRequest) -> Iterator[tuple[str, Any]]:
    for name, values in request.POST.lists():
        if name != "csrfmiddlewaretoken" and not name.startswith(f"{PREFIX}-"):
            yield from ((name, value) for value in values)
