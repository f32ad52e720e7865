"""A form that cannot be taken comes back with everything in it and a sentence beside each fault."""

from __future__ import annotations

import re

import pytest
from django.utils.html import escape

from letters.services import letter_save, text_save
from signatures.models import Signature

from .posting import form_data

FIELD = re.compile(r'id="id_(\w+)_error">\s*<p>.*?</span> (.*?)</p>', re.DOTALL)
SUMMARY = re.compile(r'class="error-summary".*?</ul>', re.DOTALL)


def beside_fields(response) -> dict[str, str]:
    return dict(FIELD.findall(response.content.decode()))


def summary(response) -> str:
    found = SUMMARY.search(response.content.decode())
    return found.group() if found else ""


def test_every_value_is_kept(post):
    response = post(
        name="Amal <b>Haddad</b>",
        residence="Beirut",
        occupation="",
        email="amal@example.org",
        visibility="counted",
        wants_updates="on",
        website="kept too",
    )

    page = response.content.decode()
    assert response.status_code == 422
    for value in ("Amal &lt;b&gt;Haddad&lt;/b&gt;", "Beirut", "amal@example.org", "kept too"):
        assert f'value="{value}"' in page
    assert re.search(r'value="counted"[^>]* checked', page)
    assert re.search(r'name="wants_updates"[^>]* checked', page)
    assert re.search(r'name="consent"[^>]* checked', page)


def test_the_stamp_of_the_first_page_is_kept(post, text):
    stamp = form_data(text)["rendered"]

    response = post(name="", rendered=stamp)

    assert f'value="{stamp}"' in response.content.decode()


@pytest.mark.parametrize(
    ("changes", "field", "sentence"),
    [
        ({"name": ""}, "name", "Write your name."),
        ({"name": None}, "name", "Write your name."),
        ({"name": " \t "}, "name", "Write your name."),
        ({"name": "x" * 201}, "name", "Please use at most 200 characters."),
        ({"residence": ""}, "residence", "Write where you live; city and country are enough."),
        ({"residence": "x" * 151}, "residence", "Please use at most 150 characters."),
        ({"occupation": ""}, "occupation", "Write what you do."),
        ({"occupation": "x" * 151}, "occupation", "Please use at most 150 characters."),
        (
            {"name": "Amal\u202eHaddad"},
            "name",
            "Please remove the characters that change the direction of the text.",
        ),
        ({"name": "Amal\x07"}, "name", "Please remove the hidden control characters."),
        ({"name": "Amal\x00"}, "name", "Please remove the hidden control characters."),
        ({"name": "..."}, "name", "Please write at least one letter or number."),
        ({"name": "ㅤ"}, "name", "Please write at least one letter or number."),
        ({"name": "a" + "\u0301" * 6}, "name", "Please use fewer accents on one letter."),
        ({"occupation": "see https://x.example"}, "occupation", "Please leave out web addresses."),
        (
            {"email": "nobody"},
            "email",
            "Write an address such as name@example.org, or leave this empty.",
        ),
        (
            {"email": "a@b@example.org"},
            "email",
            "Write an address such as name@example.org, or leave this empty.",
        ),
        ({"visibility": "secret"}, "visibility", "Choose one of the three."),
        ({"consent": None}, "consent", "Tick the box if you agree; without it we may not sign."),
    ],
)
def test_a_fault_is_told_beside_its_field_and_in_the_summary(post, changes, field, sentence):
    response = post(**changes)

    assert response.status_code == 422
    assert beside_fields(response) == {field: sentence}
    assert escape(sentence) in summary(response)
    assert not Signature.objects.exists()


def test_every_fault_is_told_at_once(client, text):
    response = client.post("/letters/peace/sign/", {})

    assert response.status_code == 422
    assert set(beside_fields(response)) == {"name", "residence", "occupation", "consent"}
    assert summary(response).count("<li>") == 4


def test_the_title_says_that_there_is_an_error(post):
    assert "<title>Error: An open letter</title>" in post(name="").content.decode()


@pytest.mark.parametrize(
    ("field", "limit"), [("name", 200), ("residence", 150), ("occupation", 150)]
)
def test_the_longest_text_is_accepted(post, field, limit):
    value = "é" * (limit - 1) + "x"

    assert post(**{field: value}).status_code == 303
    assert getattr(Signature.objects.get(), field) == value


def test_length_is_measured_as_the_text_is_stored(post):
    assert post(name="  " + "é" * 200 + "  ").status_code == 303


def test_a_changed_text_is_to_be_read_again_and_then_signed(post, text):
    stamp = form_data(text)["rendered"]
    text.body = "We ask for an answer, and soon."
    text_save(text=text)

    response = post(rendered=stamp)

    page = response.content.decode()
    assert response.status_code == 422
    assert "The letter&#x27;s text has changed since you opened it" in summary(response)
    assert "We ask for an answer, and soon." in page
    (fresh,) = re.findall(r'name="rendered" value="([^"]+)"', page)
    assert fresh != stamp
    assert post(rendered=fresh).status_code == 303


@pytest.mark.parametrize(
    ("dates", "sentence"),
    [
        ({"closes_at": "2020-01-01T00:00:00+00:00"}, "Signing has ended"),
        (
            {"opens_at": "2120-01-01T00:00:00+00:00"},
            "This letter is not open for signature yet",
        ),
    ],
)
def test_a_post_outside_the_signing_time_gets_a_plain_page_with_what_was_typed(
    post, letter, dates, sentence
):
    for name, value in dates.items():
        setattr(letter, name, value)
    letter_save(letter=letter)

    response = post(name="Amal <i>", email="amal@example.org")

    page = response.content.decode()
    assert response.status_code == 200
    assert f"<h1>{sentence}</h1>" in page
    assert "Amal &lt;i&gt;" in page
    assert "amal@example.org" in page
    assert "no-store" in response["Cache-Control"]
    assert not Signature.objects.exists()


def test_an_empty_post_outside_the_signing_time_gets_the_plain_page_too(client, letter):
    letter.closes_at = "2020-01-01T00:00:00+00:00"
    letter_save(letter=letter)

    response = client.post("/letters/peace/sign/", {})

    assert response.status_code == 200
    assert "What you typed" not in response.content.decode()
