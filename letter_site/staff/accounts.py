"""Accounts and their groups, whose two names staff read in their own language."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import ManyToManyField
from django.forms import ModelMultipleChoiceField
from django.http import HttpRequest
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

# As the migrations call them.
NAMES = [gettext_noop("Moderators"), gettext_noop("Delivery staff")]


def group_words(group: Group) -> str:
    """The name of a group for whoever reads it; one that staff made is called what they call it."""
    return gettext(group.name) if group.name in NAMES else group.name


class GroupsField(ModelMultipleChoiceField):  # type: ignore[type-arg]
    """A choice of groups by their names in words."""

    def label_from_instance(self, obj: Any) -> str:
        return group_words(obj)


class StaffUserAdmin(UserAdmin):  # type: ignore[type-arg]
    """Django's, with the names of groups in words."""

    def formfield_for_manytomany(
        self, db_field: ManyToManyField[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelMultipleChoiceField[Any] | None:
        if db_field.name == "groups":
            kwargs["form_class"] = GroupsField
        return super().formfield_for_manytomany(db_field, request, **kwargs)


class StaffGroupAdmin(GroupAdmin):
    """Django's, with the names of groups in words."""

    list_display = ["called"]

    @admin.display(description=_("name"), ordering="name")
    def called(self, group: Group) -> str:
        return group_words(group)


def accounts_register() -> None:
    """Put them in the place of Django's, which have registered themselves by now."""
    admin.site.unregister([User, Group])
    admin.site.register(User, StaffUserAdmin)
    admin.site.register(Group, StaffGroupAdmin)
