"""The one statement that puts a signature into the table, written once and used for every signer.

Composing it anew costs more than all else that signing does. It asks two questions while it
inserts: is there a live signature of the same person (then this one is a `duplicate`), and is the
text still the one that was read (else nothing is inserted).
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import connection, transaction
from django.db.models import Field

from letters.models import LetterText

from ..enums import LIVE_STATES, State
from ..exceptions import TextChanged
from ..models import Signature

#: What makes two rows the same person, by the unique constraint that would refuse the second.
WAITING = ("letter_id", "email_key", "person_key", "visibility", "wants_updates")
MAILBOX = ("letter_id", "email_key")
PERSON = ("letter_id", "person_key")


def signature_store(row: Signature, text: LetterText) -> None:
    """Insert `row`; its state becomes `duplicate` where the same person's signature is live.

    Raises TextChanged where `text` is not what it was when it was read, and IntegrityError where
    somebody with the same keys was faster by less than an insert takes.
    """
    same, states = _rivals(row)
    wanted = State(row.state)
    values = [_value(row, field) for field in _fields()]
    asked = [_value(row, field) for field in _fields() if field.attname in same]
    place = [field.attname for field in _fields()].index("state")
    values[place : place + 1] = [*asked, *states, State.DUPLICATE.value, wanted.value]
    sql = _statement(same, len(states), bool(row.email_key))
    with connection.cursor() as cursor:
        cursor.execute(sql, [*values, text.pk, text.digest])
        stored = cursor.fetchone()
    if stored is None:
        raise TextChanged("The letter's text has just been changed. Please read it again.")
    row.state = State(stored[0])
    row._state.adding = False  # noqa: SLF001 (as Model.save does)


def signature_store_as_duplicate(row: Signature) -> None:
    """Insert `row` as a duplicate, which no unique constraint refuses."""
    row.state = State.DUPLICATE
    with transaction.atomic():
        row.save(force_insert=True)


def _rivals(row: Signature) -> tuple[tuple[str, ...], list[str]]:
    """The columns and the states in which another row would break a unique constraint."""
    if row.state == State.UNCONFIRMED:
        return WAITING, [State.UNCONFIRMED.value]
    live = [state.value for state in LIVE_STATES]
    return (MAILBOX, live) if row.email_key else (PERSON, live)


@cache
def _fields() -> tuple[Field[Any, Any], ...]:
    return tuple(Signature._meta.concrete_fields)


def _value(row: Signature, field: Field[Any, Any]) -> Any:
    return field.get_db_prep_save(getattr(row, field.attname), connection)


@cache
def _statement(same: tuple[str, ...], states: int, has_mailbox: bool) -> str:
    """The INSERT for one kind of signature, with a placeholder for every value."""
    quote = connection.ops.quote_name
    table, texts = quote(Signature._meta.db_table), quote(LetterText._meta.db_table)
    conditions = [f"{quote(f.column)} = %s" for f in _fields() if f.attname in same]
    conditions.append(f"{quote('state')} IN ({', '.join(['%s'] * states)})")
    if not has_mailbox:
        conditions.append(f"{quote('email_key')} IS NULL")
    # Names of tables and columns are ours; every value is a placeholder.
    rival = f"SELECT 1 FROM {table} WHERE {' AND '.join(conditions)}"  # noqa: S608
    choice = f"CASE WHEN EXISTS ({rival}) THEN %s ELSE %s END"
    values = [choice if field.attname == "state" else "%s" for field in _fields()]
    return (
        f"INSERT INTO {table} ({', '.join(quote(field.column) for field in _fields())})"  # noqa: S608
        f" SELECT {', '.join(values)}"
        f" WHERE EXISTS (SELECT 1 FROM {texts} WHERE {quote('id')} = %s AND {quote('digest')} = %s)"
        f" RETURNING {quote('state')}"
    )
