"""Puts our admin site in the place of Django's, so that `@admin.register` goes on working."""

from __future__ import annotations

from django.apps import AppConfig
from django.contrib import admin
from django.contrib.admin.apps import AdminConfig


class StaffConfig(AppConfig):
    """What the door keeps of its own."""

    name = "letter_site.staff"
    verbose_name = "staff"


class StaffAdminConfig(AdminConfig):
    """The admin, behind our door."""

    default_site = "letter_site.staff.site.StaffAdminSite"

    def ready(self) -> None:
        super().ready()
        # django-otp shows every secret to every superuser. A lost phone is what
        # `reset_second_factor` is for.
        from django_otp.plugins.otp_static.models import StaticDevice
        from django_otp.plugins.otp_totp.models import TOTPDevice

        # The background's queue is the operator's to watch, with `status`.
        from django_tasks_db.models import DBTaskResult

        admin.site.unregister([StaticDevice, TOTPDevice, DBTaskResult])

        from .accounts import accounts_register

        accounts_register()
