"""The audit log in the reader's language; what is stored stays in one, to be searched."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ..enums import State
from ..models import AuditEntry

SWEPT = "swept "

#: What is stored in `AuditEntry.action`, with its words. A state stands for the decision for it.
ACTIONS: dict[str, Any] = {
    **{state.value: state.label for state in State},
    "confirmed": _("confirmed"),
    "confirmed again": _("confirmed again"),
    "same again": _("same again"),
    "not me": _("not me"),
    "corrected": _("corrected"),
    "visibility": _("changed who sees the name"),
    "erased": _("erased"),
    "seen": _("seen"),
    "undone": _("undone"),
    "not a signature": _("not a signature"),
    "possible duplicate": _("possible duplicate"),
    "no more possible duplicate": _("no possible duplicate any more"),
    "told apart": _("told apart: two people"),
    "sheet entered": _("sheet entered"),
    "entered by hand": _("entered by hand"),
    "exported": _("exported"),
    "purged": _("purged"),
    "update sent": _("update sent"),
    "delivery asked for": _("delivery asked for"),
    "delivery recorded": _("delivery recorded"),
    "packet downloaded": _("packet downloaded"),
    "sweep begun": _("decision about many begun"),
    "sweep taken back": _("decision about many taken back"),
    "names hidden": _("names hidden"),
    "proof of work asked": _("proof of work asked"),
    "defences set": _("defences set"),
    "logged in": _("logged in"),
    "logged out": _("logged out"),
    "second factor set up": _("second factor set up"),
    "second factor failed": _("second factor failed"),
    "second factor reset": _("second factor reset"),
    "recovery code used": _("recovery code used"),
    "recovery codes renewed": _("recovery codes renewed"),
    "passkey added": _("passkey added"),
    "passkey removed": _("passkey removed"),
    "identity confirmed": _("identity confirmed"),
    "identity not confirmed": _("identity not confirmed"),
}


def action_words(entry: AuditEntry) -> str:
    """What was done; as it is stored where it has no words."""
    if entry.action.startswith(SWEPT):
        number = entry.action.removeprefix(SWEPT)
        return gettext("decision about many, number %(number)s") % {"number": number}
    return str(ACTIONS.get(entry.action, entry.action))


def state_words(state: str) -> str:
    """One of the states in words, "" for none."""
    return str(State(state).label) if state in State.values else state
