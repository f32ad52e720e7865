"""The signer's own page shows where the signature was delivered, without knowing this app."""

from __future__ import annotations

from django import template

from signatures.models import Signature

from ..services.proofs import Proof, signature_proofs

register = template.Library()


@register.simple_tag
def delivery_proofs(signature: Signature) -> list[Proof]:
    """Every ready delivery in which `signature` stands, with what its owner needs to check it."""
    return signature_proofs(signature=signature)
