"""A signature as the least one would store."""

from __future__ import annotations

from django.db import models


class BareSignature(models.Model):
    """The fields of the form, nothing else: no key, no state, no index but the primary key's."""

    name = models.CharField(max_length=200)
    residence = models.CharField(max_length=150)
    occupation = models.CharField(max_length=150)
    email = models.EmailField(blank=True)
    visibility = models.CharField(max_length=9, choices=[(v, v) for v in ("public", "recipient")])
    wants_updates = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
