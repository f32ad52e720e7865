"""Finding signatures by words, at any size of the table."""

from __future__ import annotations

import re
from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import BooleanField, Q, TextField
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from ..models.signature import SignatureQuerySet
from ..normalise import clean_text

TABLE = "signatures_signature"
LINES = f"{TABLE}.name || ' ' || {TABLE}.residence || ' ' || {TABLE}.occupation"
# As in the index `signature_words`, or PostgreSQL will not use it.
MATCH = f"to_tsvector('simple', {LINES}) @@ to_tsquery('simple', %s)"
LETTERS = re.compile(r"[^\W_]+")
FIELDS = ("name", "residence", "occupation")
MOST_WORDS = 8
FEW = 8_000
NEWEST, PAGE = 20_000, 100


def signatures_matching(*, signatures: SignatureQuerySet, words: str) -> SignatureQuerySet:
    """Those among `signatures` in which every one of `words` begins a word of the three lines.

    Newest first. By an index on PostgreSQL; on SQLite each word may stand anywhere, and every row
    is looked at.
    """
    asked = clean_text(words).replace("\x00", "").split()[:MOST_WORDS]
    if not asked:
        return signatures
    if connection.vendor == "postgresql":
        return _by_index(signatures, asked)
    for word in asked:
        anywhere = [Q((f"{field}__icontains", word)) for field in FIELDS]
        signatures = signatures.filter(reduce(or_, anywhere))
    return signatures.order_by("-id")


def _query(words: list[str]) -> str:
    """PostgreSQL's text search syntax for: each word is the beginning of one, in any order."""
    quoted = (word.replace("\\", "\\\\").replace("'", "''") for word in words)
    return " & ".join(f"'{word}':*" for word in quoted)


def _by_index(signatures: SignatureQuerySet, words: list[str]) -> SignatureQuerySet:
    """Rare words are looked up and sorted; frequent ones are met by leafing from the newest back.

    PostgreSQL cannot tell how frequent a beginning is, and a wrong guess reads the whole table. So
    it is counted, and each way is spelled such that only its own index fits.
    """
    query = _query(words)
    if not _are_often_met(words, query) and _are_few(query):
        looked_up = signatures.filter(RawSQL(MATCH, [query], BooleanField()))  # noqa: S611
        return looked_up.order_by(Cast("id", TextField()).desc())
    met, values = _met(words, query)
    return signatures.filter(RawSQL(met, values, BooleanField())).order_by("-id")  # noqa: S611


def _met(words: list[str], query: str) -> tuple[str, list[str]]:
    """MATCH for one signature at a time, asked only of those that contain the letters of `words`.

    That is ten times quicker to see. PostgreSQL does not guess how often a CASE is true.
    """
    contained = [f"%{piece}%" for word in words for piece in LETTERS.findall(word)]
    letters = "".join(f" WHEN NOT lower({LINES}) LIKE lower(%s) THEN false" for _ in contained)
    return f"(CASE{letters} WHEN {MATCH} THEN true ELSE false END)", [*contained, query]


def _are_often_met(words: list[str], query: str) -> bool:
    """Whether a page can be filled from the newest signatures alone."""
    met, values = _met(words, query)
    sql = f"""SELECT count(*) FROM (
        SELECT 1 FROM (SELECT * FROM {TABLE} ORDER BY id DESC LIMIT {NEWEST}) AS {TABLE}
        WHERE {met} LIMIT {PAGE}) AS met"""  # noqa: S608
    return _number(sql, values) == PAGE


def _are_few(query: str) -> bool:
    sql = f"""WITH found AS MATERIALIZED (SELECT 1 FROM {TABLE} WHERE {MATCH})
        SELECT count(*) FROM (SELECT 1 FROM found LIMIT {FEW + 1}) AS counted"""  # noqa: S608
    return _number(sql, [query]) <= FEW


def _number(sql: str, values: list[str]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.fetchone()[0])
