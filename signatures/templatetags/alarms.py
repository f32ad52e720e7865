"""What staff are told on every page of theirs while a letter defends itself."""

from __future__ import annotations

from django import template

from ..models import Guard
from ..services.guard import guards_raised

register = template.Library()


@register.simple_tag
def alarms() -> list[Guard]:
    """The guards of letters that defend themselves at this moment, without staff having said so."""
    return guards_raised()
