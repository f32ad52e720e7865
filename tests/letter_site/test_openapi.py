"""openapi.json says what the API answers: every path, every field, and nothing else."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.utils import timezone

from deliveries.models import Delivery, DeliveryRow, Packet, WithdrawnRow
from letter_site.api_description import FILE
from signatures.models import Signature
from tests.factories import LetterFactory, SignatureFactory, TextFactory

DESCRIPTION = json.loads(FILE.read_text())
SCHEMAS = DESCRIPTION["components"]["schemas"]
PATHS = sorted(DESCRIPTION["paths"])
TYPES: dict[str, Any] = {
    "string": str,
    "integer": int,
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}
# A file of the packet, described by its own schema; and what the form's own script asks for.
NOT_FOR_PROGRAMS = {"/deliveries/{}/{}/manifest.json", "/letters/{}/challenge.json"}
FORMATS: dict[str, Any] = {
    "date": date.fromisoformat,
    "date-time": datetime.fromisoformat,
    "uri": lambda text: urlsplit(text).scheme in {"http", "https"} or 1 / 0,
    "uri-reference": urlsplit,
}


def faults(value: Any, schema: dict[str, Any], where: str = "answer") -> list[str]:
    """How `value` differs from what `schema` says; enough of JSON Schema for our own file."""
    if "$ref" in schema:
        return faults(value, SCHEMAS[schema["$ref"].rpartition("/")[2]], where)
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if type(value) not in [TYPES[kind] for kind in kinds]:
        return [f"{where} is {value!r}, not {kinds}"]
    if isinstance(value, dict):
        return _object_faults(value, schema, where)
    if isinstance(value, list):
        return [f for each in value for f in faults(each, schema["items"], f"{where}[]")]
    return _scalar_faults(value, schema, where)


def _object_faults(value: dict[str, Any], schema: dict[str, Any], where: str) -> list[str]:
    known = schema["properties"]
    found = [f"{where}.{key} is not documented" for key in value.keys() - known.keys()]
    found += [f"{where}.{key} is missing" for key in set(schema["required"]) - value.keys()]
    for key in value.keys() & known.keys():
        found += faults(value[key], known[key], f"{where}.{key}")
    return found


def _scalar_faults(value: Any, schema: dict[str, Any], where: str) -> list[str]:
    if value is None:
        return []
    found = []
    if value not in schema.get("enum", [value]):
        found.append(f"{where} is {value!r}, not one of {schema['enum']}")
    if isinstance(value, str) and not re.search(schema.get("pattern", ""), value):
        found.append(f"{where} does not match")
    if isinstance(value, int) and value < schema.get("minimum", value):
        found.append(f"{where} is too small")
    try:
        FORMATS.get(schema.get("format", ""), str)(value)
    except (ValueError, ZeroDivisionError):
        found.append(f"{where} is {value!r}, not a {schema['format']}")
    return found


def deliver(text, number: int, **fields: Any) -> Delivery:
    return Delivery.objects.create(
        number=number,
        letter=text.letter,
        state="ready",
        touched_at=timezone.now(),
        frozen_at=timezone.now(),
        **fields,
    )


@pytest.fixture
def site(db):
    """A letter with all there can be: names, a whole delivery and an addendum to it."""
    text = TextFactory(letter__slug="un-2011", letter__goal=10_000)
    TextFactory(letter__slug="closed", letter__closes_at=timezone.now())
    signature = SignatureFactory.create(text=text)
    whole = deliver(text, 1, kind="whole", handed_over_on=date(2026, 6, 5), note="Handed over.")
    Packet.objects.create(
        delivery=whole, recipient="A council", name="1-council", manifest_digest="a" * 64
    )
    row = DeliveryRow.objects.create(
        delivery=whole, number=1, signature_id=signature.id, digest="b" * 64
    )
    addendum = deliver(text, 2, kind="addendum", since=whole, total=1)
    WithdrawnRow.objects.create(addendum=addendum, row=row)
    return text


def fill_in(path: str) -> str:
    for name, parameter in DESCRIPTION["components"]["parameters"].items():
        path = path.replace(f"{{{name}}}", str(parameter["example"]))
    return path


def schema_of(path: str) -> dict[str, Any]:
    answer = DESCRIPTION["paths"][path]["get"]["responses"]["200"]
    return dict(answer["content"]["application/json"]["schema"])


@pytest.mark.parametrize("path", PATHS)
def test_every_documented_path_answers_as_documented(client, site, path):
    response = client.get(fill_in(path))

    assert response.status_code == 200
    assert response["Content-Type"] == "application/json"
    assert faults(response.json(), schema_of(path)) == []


def test_an_addendum_answers_as_documented(client, site):
    answer = client.get("/deliveries/2.json").json()

    assert faults(answer, schema_of("/deliveries/{delivery}.json")) == []
    assert answer["withdrawn"] == [{"delivery": 1, "number": 1}]
    assert answer["since"] == 1


@pytest.mark.parametrize("path", PATHS)
def test_any_site_may_read_and_any_cache_may_keep_it(client, site, path):
    response = client.get(fill_in(path))

    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert response["Cache-Control"] == "public, max-age=10"
    assert response.cookies == {}


@pytest.mark.parametrize("path", PATHS)
def test_nothing_can_be_changed_through_it(client, site, path):
    assert client.post(fill_in(path)).status_code == 405


@pytest.mark.parametrize("path", [path for path in PATHS if "{" in path])
def test_what_is_not_there_is_not_found(client, db, path):
    assert client.get(fill_in(path)).status_code == 404


def test_every_path_that_ends_in_json_is_documented():
    from django.urls import get_resolver

    patterns = get_resolver().url_patterns
    routes = {
        re.sub(r"<\w+:(\w+)>", "{}", f"/{prefix}{route.pattern}")
        for resolver in patterns
        if hasattr(resolver, "url_patterns") and str(resolver.pattern) in {"", "en/"}
        for prefix, route in _routes(resolver.url_patterns)
        if str(route.pattern).endswith(".json")
    }

    documented = {re.sub(r"{\w+}", "{}", path) for path in PATHS}
    assert routes - NOT_FOR_PROGRAMS == documented


def _routes(patterns, prefix=""):
    for each in patterns:
        if hasattr(each, "url_patterns"):
            yield from _routes(each.url_patterns, f"{prefix}{each.pattern}")
        else:
            yield prefix, each


def test_the_description_is_served_with_the_product(client):
    response = client.get("/openapi.json")

    assert response.json() == DESCRIPTION
    assert response["Access-Control-Allow-Origin"] == "*"


def test_every_field_has_a_description():
    silent = [
        f"{name}.{key}"
        for name, schema in SCHEMAS.items()
        for key, field in schema["properties"].items()
        if not field.get("description") and "$ref" not in field
    ]

    assert silent == []
    assert all(set(each["required"]) == set(each["properties"]) for each in SCHEMAS.values())


# Pages


def test_letters_are_read_page_by_page_without_a_gap(client, db, monkeypatch):
    monkeypatch.setattr("signatures.views.api.PAGE_SIZE", 2)
    for number in range(5):
        TextFactory(letter__slug=f"letter-{number}")
    LetterFactory(slug="draft", is_published=False)

    assert follow(client, "/letters.json", "letters", "letter") == [
        f"letter-{number}" for number in range(5)
    ]


def test_deliveries_are_read_page_by_page_without_a_gap(client, db, monkeypatch):
    monkeypatch.setattr("deliveries.api.PAGE_SIZE", 2)
    text = TextFactory()
    for number in range(1, 6):
        deliver(text, number, kind="whole")
    Delivery.objects.filter(number=3).update(state="failed")

    assert follow(client, "/deliveries.json", "deliveries", "delivery") == [5, 4, 2, 1]


def test_a_place_that_is_none_begins_at_the_beginning(client, site):
    found = client.get("/deliveries.json?before=x").json()["deliveries"]

    assert [each["delivery"] for each in found] == [2, 1]


def test_names_are_read_page_by_page_without_a_gap(client, site):
    for number in range(205):
        SignatureFactory(text=site, name=f"Someone {number}")

    names = follow(client, "/letters/un-2011/signatures.json", "signatures", "name")

    assert len(set(names)) == 206 == Signature.objects.count()


def follow(client, path: str | None, kind: str, key: str) -> list[object]:
    found = []
    while path:
        page = client.get(path).json()
        found += [each[key] for each in page[kind]]
        path = page["next"]
    return found
