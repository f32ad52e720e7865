"""The same single insert, and the same bytes."""

from __future__ import annotations

import os
from pathlib import Path

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from .models import BareSignature


class BareForm(forms.ModelForm):  # type: ignore[type-arg]
    """Validates what it stores."""

    class Meta:
        model = BareSignature
        fields = ["name", "residence", "occupation", "email", "visibility", "wants_updates"]


def page(_request: HttpRequest) -> HttpResponse:
    """Bytes that are compressed already."""
    return HttpResponse(PAGE, headers={"Content-Encoding": "br"})


def sign(request: HttpRequest) -> HttpResponse:
    """One row."""
    form = BareForm(request.POST)
    if not form.is_valid():
        return HttpResponse(form.errors.as_json(), status=422)
    row = form.save()
    return HttpResponseRedirect(f"/s/{row.pk}/")


PAGE = Path(os.environ["BARE_PAGE"]).read_bytes()
