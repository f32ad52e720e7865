"""Changing the key under which addresses are kept."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from ..models import Signature
from ..models.signature import SignatureQuerySet
from ..sealing import reseal

BATCH = 500


def addresses_sealed() -> SignatureQuerySet:
    """Every signature that keeps an address, in a fixed order."""
    return Signature.objects.filter(email_sealed__isnull=False).order_by("id")


def addresses_reseal(*, on_progress: Callable[[int], object] = lambda _n: None) -> int:
    """Seal every kept address under the newest key, in batches; return how many.

    Raises SealBroken at the first that no key opens; the batches before it are done.
    """
    done, last = 0, None
    while True:
        with transaction.atomic():
            batch = addresses_sealed().select_for_update().only("id", "email_sealed")
            rows = list((batch.filter(id__gt=last) if last else batch)[:BATCH])
            for row in rows:
                row.email_sealed = reseal(row.email_sealed or "")
            Signature.objects.bulk_update(rows, ["email_sealed"])
        if not rows:
            return done
        done, last = done + len(rows), rows[-1].id
        on_progress(len(rows))
