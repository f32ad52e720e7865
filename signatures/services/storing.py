"""The one statement that puts a signature into the table, written once and used for every signer.

Composing it anew costs more than all else that signing does, and planning it anew costs PostgreSQL
more than carrying it out: there it is prepared, once for each connection. It asks two questions
while it inserts: is there a live signature of the same person (then this one is a `duplicate`), and
is the text still the one that was read (else nothing is inserted).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from django.db import connection, models, transaction
from django.db.models import Field

from letters.models import LetterText

from ..enums import LIVE_STATES, State
from ..exceptions import TextChanged
from ..models import Signature

AnyField = Field[Any, Any]
# What a driver takes as it is; other values are made ready by their fields.
PLAIN = (models.CharField, models.BooleanField, models.IntegerField, models.ForeignKey)


class Kind(NamedTuple):
    """What makes two rows the same person, by the unique constraint that would refuse the second.

    The states stand in the statement as they are, or PostgreSQL would not see that the constraint's
    index fits.
    """

    name: str
    same: tuple[str, ...]
    condition: str


LIVE = ", ".join(f"'{state.value}'" for state in LIVE_STATES)
WAITING = Kind(
    "waiting",
    ("letter_id", "email_key", "person_key", "visibility", "wants_updates"),
    f"state = '{State.UNCONFIRMED.value}'",
)
MAILBOX = Kind("mailbox", ("letter_id", "email_key"), f"state IN ({LIVE})")
PERSON = Kind("person", ("letter_id", "person_key"), f"state IN ({LIVE}) AND email_key IS NULL")


class Statement(NamedTuple):
    """An INSERT with a `%s` for each value, and the type of each value in the database's words."""

    name: str
    sql: str
    types: list[str]


# Raw connections, and the names of the statements that each has prepared.
_prepared: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


def signature_store(row: Signature, text: LetterText) -> None:
    """Insert `row`; its state becomes `duplicate` where the same person's signature is live.

    Raises TextChanged where `text` is not what it was when it was read, and IntegrityError where
    somebody with the same keys was faster by less than an insert takes.
    """
    kind = _kind(row)
    values = {field.attname: _value(row, field) for field in _fields()}
    wanted = values.pop("state")
    same = [values[name] for name in kind.same]
    stored = _run(_statement(kind), [*values.values(), *same, wanted, text.pk, text.digest])
    if stored is None:
        raise TextChanged("The letter's text has just been changed. Please read it again.")
    row.state = State(stored[0])
    row._state.adding = False  # noqa: SLF001 (as Model.save does)


def signature_store_as_duplicate(row: Signature) -> None:
    """Insert `row` as a duplicate, which no unique constraint refuses."""
    row.state = State.DUPLICATE
    with transaction.atomic():
        row.save(force_insert=True)


def _kind(row: Signature) -> Kind:
    if row.state == State.UNCONFIRMED:
        return WAITING
    return MAILBOX if row.email_key else PERSON


@cache
def _fields() -> tuple[AnyField, ...]:
    """Every field of a signature, the state at the end: it is chosen by comparing the others."""
    fields = Signature._meta.concrete_fields
    return tuple(sorted(fields, key=lambda field: field.attname == "state"))


@cache
def _ready(field: AnyField) -> Callable[[Any], Any] | None:
    if isinstance(field, PLAIN):
        return None
    return lambda value: field.get_db_prep_save(value, connection)


def _value(row: Signature, field: AnyField) -> Any:
    value = row.__dict__[field.attname]
    make_ready = None if value is None else _ready(field)
    return make_ready(value) if make_ready else value


@cache
def _statement(kind: Kind) -> Statement:
    quote = connection.ops.quote_name
    table, texts = Signature._meta.db_table, LetterText._meta.db_table
    same = [field for name in kind.same for field in _fields() if field.attname == name]
    compared = " AND ".join(f"{quote(field.column)} = %s" for field in same)
    # Names of tables and columns are ours; every value is a placeholder.
    rival = f"SELECT 1 FROM {table} WHERE {compared} AND {kind.condition}"  # noqa: S608
    state = f"CASE WHEN EXISTS ({rival}) THEN '{State.DUPLICATE.value}' ELSE %s END"
    columns = ", ".join(quote(field.column) for field in _fields())
    sql = (
        f"INSERT INTO {table} ({columns})"  # noqa: S608
        f" SELECT {'%s, ' * (len(_fields()) - 1)}{state}"
        f" WHERE EXISTS (SELECT 1 FROM {texts} WHERE id = %s AND digest = %s) RETURNING state"
    )
    types = [_type(field) for field in (*_fields()[:-1], *same, _fields()[-1])]
    return Statement(f"sign_{kind.name}", sql, [*types, "bigint", "varchar"])


def _type(field: AnyField) -> str:
    return str(field.db_type(connection))


def _run(statement: Statement, values: Sequence[Any]) -> tuple[str] | None:
    with connection.cursor() as cursor:
        if _may_prepare():
            _prepare(cursor, statement)
            places = ", ".join(["%s"] * len(values))
            cursor.execute(f"EXECUTE {statement.name} ({places})", values)
        else:
            cursor.execute(statement.sql, values)
        found: tuple[str] | None = cursor.fetchone()
    return found


def _may_prepare() -> bool:
    """Not behind a pool that hands out another connection for each transaction.

    Who runs one tells Django so by DISABLE_SERVER_SIDE_CURSORS, for the same reason.
    """
    pooled = connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS", False)
    return connection.vendor == "postgresql" and not pooled


def _prepare(cursor: Any, statement: Statement) -> None:
    known = _prepared.setdefault(connection.connection, set())
    if statement.name in known:
        return
    numbered = statement.sql % tuple(f"${place}" for place in range(1, len(statement.types) + 1))
    cursor.execute(f"PREPARE {statement.name} ({', '.join(statement.types)}) AS {numbered}")
    known.add(statement.name)
