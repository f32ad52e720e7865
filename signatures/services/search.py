"""Finding signatures by words, at any size of the table."""

from __future__ import annotations

from functools import reduce
from operator import or_

from django.db import connection
from django.db.models import BooleanField, Q, TextField
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from ..models.signature import SignatureQuerySet
from ..normalise import clean_text

# The expression of the index `signature_words`, word for word, or PostgreSQL will not use it.
WORDS = """to_tsvector('simple', signatures_signature.name || ' ' ||
    signatures_signature.residence || ' ' || signatures_signature.occupation)"""
MATCH = f"{WORDS} @@ to_tsquery('simple', %s)"
FIELDS = ("name", "residence", "occupation")
MOST_WORDS = 8
FEW = 20_000


def signatures_matching(*, signatures: SignatureQuerySet, words: str) -> SignatureQuerySet:
    """Those among `signatures` in which every one of `words` begins a word of the three lines.

    Newest first. By an index on PostgreSQL; on SQLite each word may stand anywhere, and every row
    is looked at.
    """
    asked = clean_text(words).replace("\x00", "").split()[:MOST_WORDS]
    if not asked:
        return signatures
    if connection.vendor == "postgresql":
        return _by_index(signatures, _query(asked))
    for word in asked:
        anywhere = [Q((f"{field}__icontains", word)) for field in FIELDS]
        signatures = signatures.filter(reduce(or_, anywhere))
    return signatures.order_by("-id")


def _query(words: list[str]) -> str:
    """PostgreSQL's text search syntax for: each word is the beginning of one, in any order."""
    quoted = (word.replace("\\", "\\\\").replace("'", "''") for word in words)
    return " & ".join(f"'{word}':*" for word in quoted)


def _by_index(signatures: SignatureQuerySet, query: str) -> SignatureQuerySet:
    """Rare words are looked up and sorted; frequent ones are met by leafing from the newest back.

    PostgreSQL cannot tell how frequent a beginning is, and a wrong guess reads the whole table. So
    it is counted, and each way is spelled such that only its own index fits.
    """
    if _are_few(query):
        looked_up = signatures.filter(RawSQL(MATCH, [query], BooleanField()))  # noqa: S611
        return looked_up.order_by(Cast("id", TextField()).desc())
    met = RawSQL(f"({MATCH}) IS TRUE", [query], BooleanField())  # noqa: S611
    return signatures.filter(met).order_by("-id")


def _are_few(query: str) -> bool:
    sql = f"""WITH found AS MATERIALIZED (SELECT 1 FROM signatures_signature WHERE {MATCH})
        SELECT count(*) FROM (SELECT 1 FROM found LIMIT {FEW + 1}) AS counted"""  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [query])
        return int(cursor.fetchone()[0]) <= FEW
