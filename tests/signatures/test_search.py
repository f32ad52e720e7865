"""Finding signatures by words."""

from __future__ import annotations

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from letters.models import LetterText
from signatures.models import Signature
from signatures.services import search
from signatures.services.search import signatures_matching
from tests.factories import SignatureFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def people(text: LetterText) -> None:
    for name, residence, occupation in [
        ("Amal Haddad", "Beirut, Lebanon", "teacher"),
        ("Omar Haddadin", "Amman", "baker"),
        ("王小明", "北京", "医生"),
        ("བསྟན་འཛིན", "ལྷ་ས", "དགེ་རྒན"),
        ("Seán O'Connor-Nguyễn", "Hanoi", "engineer"),
    ]:
        SignatureFactory.create(text=text, name=name, residence=residence, occupation=occupation)


def found(words: str) -> list[str]:
    matching = signatures_matching(signatures=Signature.objects.all(), words=words)
    return [signature.name for signature in matching]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("haddad", ["Omar Haddadin", "Amal Haddad"]),
        ("haddadin", ["Omar Haddadin"]),
        ("HADDAD amal", ["Amal Haddad"]),
        ("haddad beirut teach", ["Amal Haddad"]),
        ("haddad hanoi", []),
        ("王小", ["王小明"]),
        ("北京", ["王小明"]),
        ("བསྟན", ["བསྟན་འཛིན"]),
        ("O'Connor-Nguyễn", ["Seán O'Connor-Nguyễn"]),
        ("nguyễn", ["Seán O'Connor-Nguyễn"]),
        ("100%", []),
    ],
)
@pytest.mark.parametrize(("few", "page"), [(search.FEW, 100), (0, 100), (search.FEW, 0)])
def test_every_word_begins_a_word_of_the_three_lines(people, monkeypatch, words, names, few, page):
    """However often it is met: rarely, often in all, or often among the newest."""
    monkeypatch.setattr(search, "FEW", few)
    monkeypatch.setattr(search, "PAGE", page)

    assert found(words) == names


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs DATABASE_URL")
@pytest.mark.parametrize(("few", "page"), [(search.FEW, 100), (0, 100), (search.FEW, 0)])
def test_on_postgresql_the_middle_of_a_word_is_not_its_beginning(people, monkeypatch, few, page):
    monkeypatch.setattr(search, "FEW", few)
    monkeypatch.setattr(search, "PAGE", page)

    assert found("mal") == []


def test_no_words_are_no_question(people):
    assert len(found("  ")) == 5


@given(st.text(max_size=30))
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_nothing_that_can_be_typed_breaks_the_search(words: str):
    assert isinstance(found(words), list)


@pytest.mark.parametrize(
    "words", ["'", "''", "\\", "a' | 'b", "!x", "a & b", ":*", "a:b", "<->", "%"]
)
def test_what_means_something_to_the_database_is_only_text(people, words: str):
    assert "王小明" not in found(words)


@pytest.mark.postgres
@pytest.mark.skipif(connection.vendor != "postgresql", reason="needs DATABASE_URL")
def test_postgresql_answers_by_the_index(people):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        matching = signatures_matching(signatures=Signature.objects.all(), words="haddad")

        plan = matching.explain()

    assert "signature_words" in plan


def test_other_filters_go_on_top(people, text):
    rejected = SignatureFactory.create(text=text, name="Rana Haddad", state="rejected")

    matching = signatures_matching(
        signatures=Signature.objects.filter(state="rejected"), words="haddad"
    )

    assert list(matching) == [rejected]
