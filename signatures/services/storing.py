"""The statement that puts a signature into the table, written once and used for every signer.

Composing it anew costs more than all else that signing does, and planning it anew costs PostgreSQL
more than carrying it out: there it is prepared, once for each connection.

It inserts the signature, and where a unique constraint refuses that, because the same person's is
live already, it inserts it as a `duplicate`: nothing that was sent is lost. It always tries both,
and one is always refused: a duplicate takes as long as a new signature. It asks the constraints and
not the table, for a plan made while the table is small may read all of it, and would be kept while
the table grows. It inserts nothing where the letter's text is not the one that was read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from django.db import connection, models, transaction
from django.db.models import Field

from letters.models import LetterText

from ..enums import State
from ..exceptions import TextChanged
from ..models import Signature

AnyField = Field[Any, Any]
# What a driver takes as it is; other values are made ready by their fields.
PLAIN = (models.CharField, models.BooleanField, models.IntegerField, models.ForeignKey)
WORK = "work_"  # before the names of the values of a row that is inserted along


class Statement(NamedTuple):
    """SQL with a `%(name)s` for each value, and each value's type in the database's words."""

    name: str
    sql: str
    types: dict[str, str]


# Raw connections, and the names of the statements that each has prepared.
_prepared: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


def signature_store(row: Signature, text: LetterText, work: models.Model | None = None) -> None:
    """Insert `row`, and `work` with it: both are kept or neither.

    The row's state becomes `duplicate` where the same person's signature is live. Raises
    TextChanged where `text` is not what it was when it was read.
    """
    values = dict(_values(row)) | {"text": text.pk, "read": text.digest}
    if connection.vendor == "postgresql":
        statement = _at_once(type(work) if work else None)
        stored = _run(statement, values | _named(WORK, work))
    else:
        stored = _one_by_one(values, work)
    if stored is None:
        raise TextChanged("The letter's text has just been changed. Please read it again.")
    row.state = State(stored)
    row._state.adding = False  # noqa: SLF001 (as Model.save does)


def _one_by_one(values: Mapping[str, Any], work: models.Model | None) -> str | None:
    """For SQLite, which takes one insert at a time."""
    with transaction.atomic(), connection.cursor() as cursor:
        wanted, otherwise = _inserts(after="true")
        cursor.execute(wanted, values)
        stored = cursor.fetchone()
        cursor.execute(otherwise, values)
        stored = stored or cursor.fetchone()
        if work and stored:
            work.save(force_insert=True)
    return stored[0] if stored else None


@cache
def _at_once(work: type[models.Model] | None) -> Statement:
    """Both inserts, and that of a row of the model `work` if there is one."""
    wanted, otherwise = _inserts(after="(SELECT count(*) FROM signed) >= 0")
    also, types = "", {field.attname: _type(field) for field in Signature._meta.concrete_fields}
    if work:
        values = f"SELECT {_places(work, WORK)} FROM stored"  # noqa: S608
        also = f", handed_on AS (INSERT INTO {_table(work)} ({_columns(work)}) {values})"
        types |= {WORK + field.attname: _type(field) for field in work._meta.concrete_fields}
    sql = (
        f"WITH signed AS ({wanted}), again AS ({otherwise}),"  # noqa: S608
        f" stored AS (SELECT state FROM signed UNION ALL SELECT state FROM again){also}"
        " SELECT state FROM stored"
    )
    name = f"sign_with_{work._meta.model_name}" if work else "sign"
    return Statement(name, sql, types | {"text": "bigint", "read": "varchar"})


@cache
def _inserts(after: str) -> tuple[str, str]:
    """The insert in the state that is wanted, and as a duplicate, which the first one's id refuses.

    `after` is true once the first has been tried. Names of tables and columns are ours; every value
    is a placeholder.
    """
    texts = _table(LetterText)
    as_read = f"EXISTS (SELECT 1 FROM {texts} WHERE id = %(text)s AND digest = %(read)s)"  # noqa: S608
    into = f"INSERT INTO {_table(Signature)} ({_columns(Signature)}) SELECT"
    values = _places(Signature)
    duplicate = values.replace("%(state)s", f"'{State.DUPLICATE.value}'")
    wanted = f"{into} {values} WHERE {as_read} ON CONFLICT DO NOTHING"
    otherwise = f"{into} {duplicate} WHERE {as_read} AND {after} ON CONFLICT (id) DO NOTHING"
    return f"{wanted} RETURNING state", f"{otherwise} RETURNING state"


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _columns(model: type[models.Model]) -> str:
    quote = connection.ops.quote_name
    return ", ".join(quote(field.column) for field in model._meta.concrete_fields)


def _places(model: type[models.Model], prefix: str = "") -> str:
    return ", ".join(f"%({prefix}{field.attname})s" for field in model._meta.concrete_fields)


def _type(field: AnyField) -> str:
    return str(field.db_type(connection))


def _values(row: models.Model) -> Iterator[tuple[str, Any]]:
    for field in row._meta.concrete_fields:
        value = row.__dict__[field.attname]
        make_ready = None if value is None else _ready(field)
        yield field.attname, make_ready(value) if make_ready else value


def _named(prefix: str, row: models.Model | None) -> dict[str, Any]:
    return {prefix + name: value for name, value in _values(row)} if row else {}


@cache
def _ready(field: AnyField) -> Callable[[Any], Any] | None:
    if isinstance(field, PLAIN):
        return None
    return lambda value: field.get_db_prep_save(value, connection)


def _run(statement: Statement, values: Mapping[str, Any]) -> str | None:
    with connection.cursor() as cursor:
        if _may_prepare():
            _prepare(cursor, statement)
            cursor.execute(_execution(statement.name, tuple(statement.types)), values)
        else:
            cursor.execute(statement.sql, values)
        found: tuple[str] | None = cursor.fetchone()
    return found[0] if found else None


def _may_prepare() -> bool:
    """Not behind a pool that hands out another connection for each transaction.

    Who runs one tells Django so by DISABLE_SERVER_SIDE_CURSORS, for the same reason.
    """
    return not connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS", False)


@cache
def _execution(name: str, values: tuple[str, ...]) -> str:
    return f"EXECUTE {name} ({', '.join(f'%({value})s' for value in values)})"


def _prepare(cursor: Any, statement: Statement) -> None:
    known = _prepared.setdefault(connection.connection, set())
    if statement.name in known:
        return
    types = statement.types
    numbered = statement.sql % {name: f"${place}" for place, name in enumerate(types, start=1)}
    cursor.execute(f"PREPARE {statement.name} ({', '.join(types.values())}) AS {numbered}")
    known.add(statement.name)
