"""The admin site: Django's own, with a second lock."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.contrib.admin import AdminSite
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from signatures.services.staff import StaffAction, staff_log

from .passkey_view import PasskeysView
from .views import CodeView, EnrolView, PasswordView, recovery_codes_view


class StaffAdminSite(AdminSite):
    """Every page asks `has_permission`, so no page opens without the second factor."""

    site_header = site_title = _("Open letters")
    index_title = _("What there is to do")

    def has_permission(self, request: HttpRequest) -> bool:
        if not super().has_permission(request):
            return False
        verified: Any = getattr(request.user, "otp_device", None)
        return not settings.STAFF_SECOND_FACTOR or verified is not None

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [
            path("login/code/", login_not_required(CodeView.as_view()), name="second_factor"),
            path(
                "login/set-up/", login_not_required(EnrolView.as_view()), name="second_factor_enrol"
            ),
            path("passkeys/", self.admin_view(PasskeysView.as_view()), name="passkeys"),
            path("recovery-codes/", self.admin_view(recovery_codes_view), name="recovery_codes"),
            *super().get_urls(),
        ]

    @method_decorator(never_cache)
    @login_not_required
    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if request.method == "GET" and self.has_permission(request):
            return HttpResponseRedirect(reverse("admin:index"))
        return cast("HttpResponse", PasswordView.as_view(extra_context=extra_context)(request))

    def logout(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        user = request.user
        response = super().logout(request, extra_context)
        if isinstance(user, User) and not request.user.is_authenticated:
            staff_log(actor=user, action=StaffAction.LOGGED_OUT)
        return response
