"""The statement that puts a signature into the table, written once and used for every signer.

Composing it anew costs more than all else that signing does, and planning it anew costs PostgreSQL
more than carrying it out: there it is prepared, once for each connection.

It inserts the signature twice, in the state that is wanted and as a `duplicate`, and lets the
unique constraints refuse one of them: the second because its id is taken already, or the first
because the same person's is live. So nothing that was sent is lost, and a duplicate takes as long
as a new signature. It asks the constraints and not the table, for a plan made while the table is
small may read all of it, and would be kept while the table grows. It inserts nothing where the
letter's text is not the one that was read.

The work for the background that comes with a signature is inserted by the same statement. All of
its row but ids and time is the same for everybody, and so is written into the statement.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from functools import cache
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from django.db import IntegrityError, connection, models, transaction
from django.db.models import Field
from django.utils.translation import gettext as _

from letters.models import LetterText

from .. import queue
from ..enums import State
from ..exceptions import TextChanged
from ..models import Signature

AnyField = Field[Any, Any]
# What every driver takes as it is, and what PostgreSQL's takes too; other values are made ready by
# their fields.
PLAIN = (models.CharField, models.BooleanField, models.IntegerField, models.ForeignKey)
PLAIN_IN_POSTGRESQL = (*PLAIN, models.TextField, models.UUIDField, models.DateTimeField)
ANY = "00000000-any-signature"  # where the id of each stands in the work for it


class Statement(NamedTuple):
    """SQL with a `%(name)s` for each value, and each value's type in the database's words."""

    name: str
    sql: str
    types: dict[str, str]


# Raw connections, and the names of the statements that each has prepared.
_prepared: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


def signature_store(row: Signature, text: LetterText, task: str = "") -> None:
    """Insert `row` and hand on `task`, of which it is the `signature_id`: both are kept or neither.

    The row's state becomes `duplicate` where the same person's signature is live. Raises
    TextChanged where `text` is not what it was when it was read, and IntegrityError where the
    row's source was read before or its id is another's.
    """
    values = _values(row) | {"text": text.pk, "read": text.digest}
    at_once = connection.vendor == "postgresql"
    along = task if at_once and queue.is_stored() else ""
    with nullcontext() if at_once else transaction.atomic():
        stored = _run(_statement(along), values)
        if not stored:
            raise _refusal(row, text)
        if task != along:
            queue.enqueue(task, signature_id=str(row.id))
    row.state = State(stored)
    row._state.adding = False  # noqa: SLF001 (as Model.save does)


def _refusal(row: Signature, text: LetterText) -> Exception:
    """Why neither row was inserted."""
    if Signature.objects.filter(pk=row.pk).exists():
        return IntegrityError("Another signature has this id already.")
    if LetterText.objects.filter(pk=text.pk, digest=text.digest).exists():
        return IntegrityError("A signature of the same source is stored already.")
    return TextChanged(
        _("The letter's text has changed since you opened it. Please read it again.")
    )


@cache
def _statement(task: str) -> Statement:
    """The insert, and that of the work that `task` has with the signature."""
    types = {field.attname: _type(field) for field in Signature._meta.concrete_fields}
    types |= {"text": "bigint", "read": "varchar"}
    if not task:
        return Statement("sign", _insert(), types)
    sql = (
        f"WITH stored AS ({_insert()}), handed_on AS ({_work(task)} FROM stored)"  # noqa: S608
        " SELECT state FROM stored"
    )
    return Statement(f"sign_and_{task}", sql, types)


def _insert() -> str:
    """The insert of two rows with one id, of which one is refused.

    Names of tables and columns are ours; every value is a placeholder.
    """
    texts = _table(LetterText)
    as_read = f"EXISTS (SELECT 1 FROM {texts} WHERE id = %(text)s AND digest = %(read)s)"  # noqa: S608
    names = [field.attname for field in Signature._meta.concrete_fields]
    values = ["tried.column1" if name == "state" else f"%({name})s" for name in names]
    # PostgreSQL refuses a prepared statement whose answer has got another type by a migration.
    stored = "CAST(state AS text)"
    return (
        f"INSERT INTO {_table(Signature)} ({_columns(Signature)})"  # noqa: S608
        f" SELECT {', '.join(values)}"
        f" FROM (VALUES (%(state)s), ('{State.DUPLICATE.value}')) AS tried"
        f" WHERE {as_read} ON CONFLICT DO NOTHING RETURNING {stored} AS state"
    )


def _work(task: str) -> str:
    """The insert of the work that `task` has with each row of what was stored."""
    row = queue.work_row(task, signature_id=ANY)
    written = json.dumps(row.args_kwargs)
    values = {field.attname: _literal(field, row) for field in row._meta.concrete_fields} | {
        "id": "gen_random_uuid()",
        "enqueued_at": "%(created_at)s",
        "args_kwargs": f"replace('{written}', '{ANY}', %(id)s::text)::jsonb",
    }
    into = f"INSERT INTO {_table(type(row))} ({_columns(type(row))})"
    return f"{into} SELECT {', '.join(values.values())}"


def _literal(field: AnyField, row: models.Model) -> str:
    value = field.get_db_prep_save(getattr(row, field.attname), connection)
    compose_sql: Callable[[str, list[Any]], str] = connection.ops.compose_sql  # type: ignore[attr-defined]
    return compose_sql("%s", [value]).replace("%", "%%")


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _columns(model: type[models.Model]) -> str:
    quote = connection.ops.quote_name
    return ", ".join(quote(field.column) for field in model._meta.concrete_fields)


def _type(field: AnyField) -> str:
    return str(field.db_type(connection))


def _values(row: Signature) -> dict[str, Any]:
    kept = row.__dict__
    plain, others = _names(connection.vendor)
    values = {name: kept[name] for name in plain}
    for name, make_ready in others:
        values[name] = make_ready(kept[name])
    return values


@cache
def _names(vendor: str) -> tuple[list[str], list[tuple[str, Callable[[Any], Any]]]]:
    """The names of the values that a driver takes as they are, and how others are made ready."""
    taken = PLAIN_IN_POSTGRESQL if vendor == "postgresql" else PLAIN
    fields = Signature._meta.concrete_fields
    plain = [field.attname for field in fields if isinstance(field, taken)]
    return plain, [(f.attname, _ready(f)) for f in fields if not isinstance(f, taken)]


def _ready(field: AnyField) -> Callable[[Any], Any]:
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
    """On PostgreSQL, but not behind a pool that hands out another connection for each transaction.

    Who runs one tells Django so by DISABLE_SERVER_SIDE_CURSORS, for the same reason.
    """
    if connection.vendor != "postgresql":
        return False
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
