"""The pages between the door and the desk: password, second factor, setting it up."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import User
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView
from django_otp.models import Device

from . import passkeys, second_factor, sessions
from .forms import OTHER_SECRET, PASSKEY_NOT_ACCEPTED, CodeForm, EnrolForm, PasswordForm
from .models import new_seed
from .reauth import require_recent

ENROLMENT_SEED = "enrolment_seed"


class PasswordView(LoginView):
    """Takes name and password. With STAFF_SECOND_FACTOR that opens only the next step."""

    authentication_form = PasswordForm
    template_name = "admin/login.html"
    next_page = "admin:index"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page = {"title": _("Log in"), "app_path": self.request.get_full_path()}
        return super().get_context_data(**admin.site.each_context(self.request), **page, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        user, following = form.get_user(), self.get_success_url()
        if settings.STAFF_SECOND_FACTOR:
            sessions.pending_start(self.request, user, following)
            return HttpResponseRedirect(reverse("admin:second_factor"))
        response = HttpResponseRedirect(following)
        sessions.staff_enter(self.request, response, user)
        return response


@method_decorator([never_cache, sensitive_post_parameters()], name="dispatch")
class PendingView(FormView):  # type: ignore[type-arg]
    """A page for who has given the password and nothing more; others are sent to the start."""

    title: Any
    user: User

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        user = sessions.pending_user(request)
        if user is None:
            return HttpResponseRedirect(reverse("admin:login"))
        self.user = user
        return super().dispatch(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        site = admin.site.each_context(self.request)
        return super().get_context_data(**site, title=self.title, **kwargs)


class CodeView(PendingView):
    """Takes a passkey, a code from the phone, or a recovery code."""

    form_class = CodeForm
    template_name = "staff/code.html"
    title = _("Second step")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        user = sessions.pending_user(request)
        if user is not None and not second_factor.has_device(user):
            return HttpResponseRedirect(reverse("admin:second_factor_enrol"))
        return super().dispatch(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request, "user": self.user}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        question = passkeys.question(self.request, self.user)
        return super().get_context_data(passkey=question, **kwargs)

    def form_valid(self, form: CodeForm) -> HttpResponse:
        response = HttpResponseRedirect(sessions.pending_next(self.request))
        sessions.staff_enter_verified(self.request, response, self.user, form.device)
        return response

    def form_invalid(self, form: CodeForm) -> HttpResponse:
        if not sessions.pending_failed(self.request):
            return HttpResponseRedirect(reverse("admin:login"))
        return super().form_invalid(form)


class EnrolView(PendingView):
    """Sets up the second factor of an account that has none yet.

    The secret waits in the session, not at the account: two browsers never see the same one.
    """

    form_class = EnrolForm
    template_name = "staff/enrol.html"
    title = _("Set up the second step")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        user = sessions.pending_user(request)
        if user is not None and second_factor.has_device(user):
            return HttpResponseRedirect(reverse("admin:second_factor"))
        return super().dispatch(request, *args, **kwargs)

    @property
    def seed(self) -> str:
        return str(self.request.session.setdefault(ENROLMENT_SEED, new_seed()))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            picture=second_factor.secret_as_picture(self.user, self.seed),
            secret=second_factor.secret_in_words(self.seed),
            passkey=passkeys.invitation(self.request, self.user),
            **kwargs,
        )

    def enrol(self, answer: str, code: str) -> tuple[Device, list[str]] | None:
        if answer:
            return passkeys.enrol(request=self.request, user=self.user, answer=answer)
        code = code.replace(" ", "")
        return second_factor.enrol(user=self.user, seed=self.seed, code=code)

    def form_valid(self, form: EnrolForm) -> HttpResponse:
        answer, code = form.cleaned_data["passkey"], form.cleaned_data["code"]
        enrolled = self.enrol(answer, code)
        if enrolled is None:
            field, sentence = (None, PASSKEY_NOT_ACCEPTED) if answer else ("code", OTHER_SECRET)
            form.add_error(field, sentence)
            return self.form_invalid(form)
        device, codes = enrolled
        following = sessions.pending_next(self.request)
        response = recovery_codes_page(self.request, codes, following)
        sessions.staff_enter_verified(self.request, response, self.user, device)
        return response


def recovery_codes_view(request: HttpRequest) -> HttpResponse:
    """Tells how many recovery codes are left, and makes new ones for who confirms who they are."""
    user = request.user
    if not isinstance(user, User) or not second_factor.has_device(user):
        return HttpResponseRedirect(reverse("admin:index"))
    if request.method != "POST":
        context = {
            **admin.site.each_context(request),
            "title": _("Recovery codes"),
            "left": second_factor.recovery_codes_left(user),
        }
        return TemplateResponse(request, "staff/recovery_renew.html", context)
    if asked_again := require_recent(request):
        return asked_again
    codes = second_factor.recovery_codes_renew(user=user)
    return recovery_codes_page(request, codes, reverse("admin:index"))


def recovery_codes_page(request: HttpRequest, codes: list[str], following: str) -> TemplateResponse:
    """The only time that anybody sees `codes`."""
    context = {
        **admin.site.each_context(request),
        "title": _("Your recovery codes"),
        "codes": codes,
        "following": following,
    }
    return TemplateResponse(request, "staff/recovery_codes.html", context)
