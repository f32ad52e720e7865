"""Words one after another, as the reader's language writes them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce

from django.utils.translation import gettext as _


def listed(words: Iterable[str]) -> str:
    """`words` in one line, empty ones left out: "a, b", in Arabic "a، b", in Chinese "a、b".

    Built of pairs, like the list patterns of Unicode's CLDR: a translator sees what is separated.
    """
    return reduce(_pair, filter(None, words), "")


def _pair(so_far: str, word: str) -> str:
    # Translators: elements of a list, such as "same name, same residence", as many as there are.
    return _("%(list)s, %(next)s") % {"list": so_far, "next": word} if so_far else word
