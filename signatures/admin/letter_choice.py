"""Choosing a letter in a form of the admin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Field, ForeignKey
from django.http import HttpRequest

from letters.models import Letter

if TYPE_CHECKING:
    from django.contrib.admin import ModelAdmin
    from django.forms import Field as FormField

    Admin = ModelAdmin[Any]
else:
    Admin = object


class ChoosesLetter(Admin):
    """Leaves out the icons that Django puts beside a letter.

    They make, change or delete a letter in the middle of something else.
    """

    def formfield_for_dbfield(
        self, db_field: Field[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> FormField | None:
        if isinstance(db_field, ForeignKey) and db_field.related_model is Letter:
            return self.formfield_for_foreignkey(db_field, request, **kwargs)
        return super().formfield_for_dbfield(db_field, request, **kwargs)
