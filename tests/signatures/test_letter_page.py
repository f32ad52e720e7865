"""The letter's page, the list of letters, the embed, and who sees what of the names."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from letters.services import letter_save
from signatures.models import CountChange
from tests.factories import LetterFactory, SignatureFactory, TextFactory

PUBLIC = [
    "/",
    "/letters/",
    "/letters/peace/",
    "/letters/peace/signatures/",
    "/letters/peace/signatures.json",
    "/letters/peace/count.json",
    "/letters/peace/embed/",
    "/privacy/",
    "/fr/letters/peace/",
    "/letters/nowhere/",
    "/nowhere",
]
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


def content(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def reschedule(letter, **dates):
    for name, value in dates.items():
        setattr(letter, name, value)
    letter_save(letter=letter)


# Phases


def test_an_open_letter_shows_its_text_and_the_form(client, text):
    page = content(client.get("/letters/peace/"))

    assert "We ask for an answer." in page
    assert '<form method="post" action="/letters/peace/sign/"' in page


@pytest.mark.parametrize(
    ("dates", "sentence"),
    [
        ({"opens_at": timezone.now() + timedelta(days=1)}, "Not open for signature yet"),
        ({"closes_at": timezone.now() - timedelta(days=1)}, "Signing has ended"),
    ],
)
def test_outside_the_signing_time_the_form_is_gone(client, letter, dates, sentence):
    reschedule(letter, **dates)

    page = content(client.get("/letters/peace/"))

    assert f"{sentence}</h2>" in page
    assert "<form" not in page


def test_an_unpublished_letter_is_not_there(client, letter):
    reschedule(letter, is_published=False)

    for path in ("", "signatures/", "signatures.json", "count.json", "embed/"):
        assert client.get(f"/letters/peace/{path}").status_code == 404


# The front page and the list


def test_the_featured_letter_is_the_front_page(client, text):
    TextFactory.create(letter__slug="bread")

    assert 'action="/letters/peace/sign/"' in content(client.get("/"))


def test_the_only_letter_is_the_front_page(client, letter):
    reschedule(letter, is_featured=False)

    assert 'action="/letters/peace/sign/"' in content(client.get("/"))


def test_without_a_featured_one_several_letters_are_a_list_with_the_open_ones_first(client, letter):
    reschedule(letter, is_featured=False, closes_at=timezone.now())
    TextFactory.create(letter__slug="bread", letter__letter_date="2001-01-01", title="For bread")

    page = content(client.get("/"))

    assert "/letters/peace/" in page
    assert page.index('href="/letters/bread/"') < page.index('href="/letters/peace/"')


def test_without_any_letter_the_front_page_says_so(client, db):
    assert "No letter is published yet" in content(client.get("/"))


def test_a_letter_without_words_does_not_take_the_list_down(client, text):
    LetterFactory.create(slug="empty")

    page = content(client.get("/letters/"))

    assert "/letters/peace/" in page
    assert "/letters/empty/" not in page
    assert client.get("/letters/empty/").status_code == 404


# Headers and cookies


@pytest.mark.parametrize("path", PUBLIC)
def test_no_public_page_sets_a_cookie_or_asks_for_one(client, text, path):
    client.cookies["another-sites"] = "something"

    response = client.get(path)

    assert response.cookies == {}
    assert "Cookie" not in response.get("Vary", "")
    assert "Accept-Language" not in response.get("Vary", "")


@pytest.mark.parametrize("path", PUBLIC)
def test_every_public_page_carries_the_security_headers(client, text, path):
    headers = client.get(path).headers

    expected = POLICY if "embed" not in path else headers["Content-Security-Policy"]
    assert headers["Content-Security-Policy"] == expected
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Permissions-Policy"] == "camera=(), microphone=(), geolocation=()"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/", "/letters/", "/letters/peace/", "/privacy/", "/nowhere"])
def test_other_sites_may_not_use_or_frame_a_page(client, text, path):
    headers = client.get(path).headers

    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["X-Frame-Options"] == "DENY"


def test_on_tls_browsers_are_told_to_stay_there_for_two_years(client, text):
    response = client.get("/letters/peace/", secure=True)

    assert response["Strict-Transport-Security"] == ("max-age=63072000; includeSubDomains; preload")


@pytest.mark.parametrize(
    "path", ["/", "/letters/peace/", "/letters/", "/letters/peace/signatures/", *PUBLIC[4:7]]
)
def test_a_proxy_may_keep_a_public_page(client, text, path):
    assert client.get(path)["Cache-Control"].startswith("public, max-age=")


def test_two_visitors_get_the_same_bytes(client, text, monkeypatch):
    monkeypatch.setattr("signatures.forms.time.time", lambda: 1_000_000_000.0)

    assert client.get("/letters/peace/").content == client.get("/letters/peace/").content


def test_no_page_loads_anything_from_elsewhere(client, text):
    for path in PUBLIC:
        page = client.get(path).content.decode()
        assert 'src="http' not in page
        assert 'src="//' not in page
        assert 'rel="stylesheet" href="http' not in page


# The embed and the JSON that other sites may read


def test_the_embed_may_be_framed_by_anybody(client, text):
    response = client.get("/letters/peace/embed/")

    assert response["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; frame-ancestors *"
    )
    assert "X-Frame-Options" not in response
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert 'href="http://testserver/letters/peace/"' in response.content.decode()
    assert "<script" not in response.content.decode()


def test_other_sites_may_read_the_count(client, letter):
    CountChange.objects.create(letter=letter, day="2026-06-04", change=3)
    reschedule(letter, goal=10)

    response = client.get("/letters/peace/count.json")

    assert response.json() == {"letter": "peace", "count": 3, "goal": 10}
    assert response["Access-Control-Allow-Origin"] == "*"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"


# Names: only accepted and public ones, anywhere

HIDDEN = [
    {"state": state, "visibility": "public"}
    for state in ("unconfirmed", "pending", "rejected", "duplicate")
] + [{"state": "accepted", "visibility": hidden} for hidden in ("recipient", "counted")]


@pytest.mark.parametrize("path", PUBLIC[:7])
def test_only_accepted_and_public_names_are_shown(client, text, path):
    SignatureFactory.create(text=text, name="Shown Person")
    for number, hidden in enumerate(HIDDEN):
        SignatureFactory.create(
            text=text, name=f"Hidden {number}", residence="Hidden", occupation="Hidden", **hidden
        )

    page = client.get(path).content.decode()

    assert "Hidden" not in page
    assert ("Shown Person" in page) == (path in {"/", *PUBLIC[2:5]})


def test_another_letters_names_are_not_shown(client, text):
    SignatureFactory.create(text=TextFactory.create(), name="Other Person")

    assert "Other Person" not in content(client.get("/letters/peace/signatures/"))


def test_names_come_in_pages_of_a_hundred_newest_first(client, text):
    for number in range(201):
        SignatureFactory.create(text=text, name=f"Person {number:03}")

    first = client.get("/letters/peace/signatures.json").json()
    second = client.get(first["next"]).json()
    third = client.get(second["next"]).json()

    pages = [[row["name"] for row in page["signatures"]] for page in (first, second, third)]
    assert [len(page) for page in pages] == [100, 100, 1]
    assert [*pages[0], *pages[1], *pages[2]] == [
        f"Person {number:03}" for number in range(200, -1, -1)
    ]
    assert third["next"] is None


def test_exactly_a_hundred_names_are_one_page(client, text):
    for _ in range(100):
        SignatureFactory.create(text=text)

    page = client.get("/letters/peace/signatures.json").json()

    assert (len(page["signatures"]), page["next"]) == (100, None)


def test_a_page_stays_where_it_was_while_others_sign(client, text):
    for number in range(101):
        SignatureFactory.create(text=text, name=f"Person {number:03}")
    older = client.get("/letters/peace/signatures.json").json()["next"]

    SignatureFactory.create(text=text, name="A newcomer")

    assert [row["name"] for row in client.get(older).json()["signatures"]] == ["Person 000"]


def test_the_html_list_leads_to_older_names_and_back(client, text):
    for number in range(101):
        SignatureFactory.create(text=text, name=f"Person {number:03}")

    page = content(client.get("/letters/peace/signatures/"))
    older_url = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0]
    older = content(client.get(older_url))

    assert "Person 000" not in page
    assert "Person 000" in older
    assert 'href="/letters/peace/signatures/">Newest' in older


def test_a_name_in_json_says_three_things_only(client, text):
    SignatureFactory.create(text=text, name="阿凡提·买买提", residence="Ürümqi", occupation="عامل")

    assert client.get("/letters/peace/signatures.json").json() == {
        "letter": "peace",
        "signatures": [{"name": "阿凡提·买买提", "residence": "Ürümqi", "occupation": "عامل"}],
        "next": None,
    }


@pytest.mark.parametrize("cursor", ["x", "%00", "é", "A" * 43, "'; DROP TABLE signatures; --"])
@pytest.mark.parametrize("path", ["signatures/", "signatures.json"])
def test_a_place_that_is_not_ours_is_not_found(client, text, path, cursor):
    response = client.get(f"/letters/peace/{path}", {"before": cursor})

    assert response.status_code == 404


def test_an_id_is_no_cursor(client, text):
    row = SignatureFactory.create(text=text)

    response = client.get("/letters/peace/signatures.json", {"before": str(row.id)})

    assert response.status_code == 404


def test_a_name_is_escaped_wherever_it_stands(client, text):
    SignatureFactory.create(text=text, name="<script>alert(1)</script>")

    for path in ("/", "/letters/peace/signatures/"):
        page = content(client.get(path))
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


# A page costs the same at any size


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/", 7),
        ("/letters/peace/", 6),
        ("/letters/peace/signatures/", 4),
        ("/letters/peace/signatures.json", 2),
        ("/letters/peace/count.json", 2),
        ("/letters/peace/embed/", 3),
    ],
)
@pytest.mark.parametrize("signers", [0, 30])
def test_a_page_asks_as_many_questions_for_thirty_signers_as_for_none(
    client, text, django_assert_num_queries, path, queries, signers
):
    for _ in range(signers):
        SignatureFactory.create(text=text)

    with django_assert_num_queries(queries):
        client.get(path)


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
@pytest.mark.parametrize("path", PUBLIC[:8])
def test_pages_to_read_take_no_posts(client, text, path, method):
    assert getattr(client, method)(path).status_code == 405
