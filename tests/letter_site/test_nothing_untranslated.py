"""A made-up language puts ⟦ ⟧ around all that it translates; no English may stand outside them.

What people wrote (letter, names, news) is in Armenian script here, so that every Latin word that is
left over is one of the site's own that nobody can translate.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.core.management import call_command
from django.template.loader import render_to_string
from django.urls import get_resolver, reverse
from django.utils import timezone

from deliveries.enums import DeliveryState
from deliveries.facts import Kind
from deliveries.models import KIND_WORDS, Delivery, Packet
from letters.models import Letter, LetterText, TimelineEvent
from signatures import emails
from signatures.enums import State, Visibility
from signatures.forms import ChangeForm
from signatures.models import CountChange, Signature, Update
from signatures.services.places import places_recount
from signatures.tokens import Purpose, make_token
from tests.factories import SignatureFactory, TextFactory
from tests.signatures.posting import form_data

from .visible_words import untranslated, untranslated_in_page

WORDS = "Բառեր"
SLUG = "2011"

TEMPLATES = sorted((settings.BASE_DIR / "templates").rglob("*.*"))
ERRORS = [path.name for path in TEMPLATES if re.fullmatch(r"[45]\d\d.html", path.name)]
# Answers for programs, and pictures.
NO_PAGES = re.compile(
    r"json|image|qr_code|digests|manifest|updates_feed|^challenge$|^sheet$|^sign$"
)
OWN = {
    "signature": Purpose.PAGE,
    "signature_confirm": Purpose.CONFIRM,
    "signature_not_me": Purpose.NOT_ME,
    "signature_change": Purpose.PAGE,
    "signature_withdraw": Purpose.PAGE,
    "signature_erase": Purpose.PAGE,
    "unsubscribe": Purpose.UNSUBSCRIBE,
}
TEMPLATE_CODE = re.compile(
    r"{% block (?:robots|body_?class) %}.*?{% endblock %}|&\w+;"
    r"|{% blocktranslate.*?{% endblocktranslate %}|{%.*?%}|{{.*?}}|{#.*?#}"
    r"|<(code|pre|script|style)\b.*?</\1>",
    re.DOTALL,
)
PLAIN_ATTRIBUTE = re.compile(r'\b(?:alt|title|aria-label|placeholder)="([^"]*)"')
TAG = re.compile(r"<[^>]*>")


@pytest.fixture
def text(db) -> LetterText:
    """The featured letter, with all that a letter can have."""
    binding = TextFactory.create(
        letter__slug=SLUG,
        letter__is_featured=True,
        letter__sender=WORDS,
        letter__addressee=WORDS,
        letter__cc=WORDS,
        letter__contact=WORDS,
        letter__leaders=WORDS,
        letter__goal=1000,
        letter__sign_on_email="1@example.org",
        title=WORDS,
        body=WORDS,
        appeal=WORDS,
    )
    TimelineEvent.objects.create(letter=binding.letter, when="1989", who=WORDS, what=WORDS)
    return binding


@pytest.fixture
def campaign(text) -> Letter:
    """The same letter with names, a chart, places, news and a delivery."""
    letter = text.letter
    now = timezone.now()
    for _number in range(12):
        sign(text)
    CountChange.objects.create(letter=letter, day=now.date(), change=12)
    places_recount(letter=letter)
    Update.objects.create(
        letter=letter, subject=WORDS, body=WORDS, is_public=True, started_at=now, finished_at=now
    )
    fields = {"letter": letter, "state": DeliveryState.READY, "touched_at": now, "frozen_at": now}
    first = Delivery.objects.create(number=1, kind=Kind.WHOLE, total=12, note=WORDS, **fields)
    Delivery.objects.create(number=2, kind=Kind.ADDENDUM, since=first, **fields)
    Packet.objects.create(delivery=first, recipient=WORDS, name="1", manifest_digest="1" * 64)
    Delivery.objects.filter(number=1).update(handed_over_on=date(2026, 6, 5))
    return letter


def sign(text: LetterText, **changes: object) -> Signature:
    number = Signature.objects.count()
    fields = {"name": f"{WORDS} {number}", "residence": WORDS, "occupation": WORDS, **changes}
    return SignatureFactory.create(text=text, **fields)


def arguments(route: str, letter: Letter) -> list[object]:
    if route.startswith("delivery") and route != "delivery_list":
        return [1]
    return [] if route in {"home", "letter_list", "privacy", "delivery_list"} else [letter.slug]


def page_routes() -> list[str]:
    """Names of all public pages, those of one signature aside."""
    routes = set()
    for urlconf in ("signatures.urls", "deliveries.urls"):
        routes |= {key for key in get_resolver(urlconf).reverse_dict if isinstance(key, str)}
    return sorted(route for route in routes - set(OWN) if not NO_PAGES.search(route))


def own_address(row: Signature, route: str) -> str:
    purpose = OWN[route]
    version = row.link_version if purpose is Purpose.PAGE else 0
    return reverse(route, args=[make_token(purpose, row.id, version)])


# Pages


@pytest.mark.parametrize("route", page_routes())
@pytest.mark.parametrize("has_signatures", [True, False])
def test_no_page_shows_words_that_nobody_can_translate(
    pseudo, client, request, text, route, has_signatures
):
    if has_signatures or route == "delivery":
        request.getfixturevalue("campaign")

    response = client.get(reverse(route, args=arguments(route, text.letter)))

    assert response.status_code == 200
    assert untranslated_in_page(response.content.decode()) == set()


def test_no_letter_at_all_is_said_in_the_visitors_language(pseudo, client, db):
    response = client.get(reverse("home"))

    assert untranslated_in_page(response.content.decode()) == set()


@pytest.mark.parametrize("days", [{"opens_at": 9}, {"closes_at": -9}])
def test_a_letter_that_is_not_open_says_so_in_the_visitors_language(pseudo, client, text, days):
    for field, number in days.items():
        moment = timezone.now() + timedelta(days=number)
        Letter.objects.update(**{field: moment})

    shown = client.get(reverse("letter", args=[SLUG]))
    refused = client.post(reverse("sign", args=[SLUG]), form_data(text, name=WORDS))

    assert untranslated_in_page(shown.content.decode()) == set()
    assert "Haddad" not in refused.content.decode()
    assert untranslated_in_page(refused.content.decode()) <= {"Beirut", "Lebanon", "teacher"}


@pytest.mark.parametrize("state", sorted(set(State) - {State.WITHDRAWN}))
@pytest.mark.parametrize("route", OWN)
def test_no_page_of_a_signer_shows_words_that_nobody_can_translate(
    pseudo, client, text, state, route
):
    row = sign(text, state=state, sealed=True, wants_updates=True)

    shown = client.get(own_address(row, route))
    done = client.post(own_address(row, route), follow=True)
    afterwards = client.get(own_address(row, "signature"))

    for response in (shown, done, afterwards):
        assert untranslated_in_page(response.content.decode()) == set()


@pytest.mark.parametrize("template", ERRORS)
def test_an_error_is_said_in_the_visitors_language(pseudo, template):
    assert untranslated_in_page(render_to_string(template)) == set()


def test_a_post_from_elsewhere_is_refused_in_the_visitors_language(pseudo, client, text):
    address = reverse("sign", args=[SLUG])

    response = client.post(address, {}, headers={"Sec-Fetch-Site": "cross-site"})

    assert response.status_code == 403
    assert untranslated_in_page(response.content.decode()) == set()


def test_too_many_are_told_in_the_visitors_language(pseudo, client, text, settings):
    settings.SIGN_RATE_REFUSE = "1/d"
    lines = dict.fromkeys(("name", "residence", "occupation"), WORDS)

    for _number in range(2):
        response = client.post(reverse("sign", args=[SLUG]), form_data(text, **lines))

    assert response.status_code == 429
    assert untranslated_in_page(response.content.decode()) == set()


@pytest.mark.parametrize("mailbox", ["1@example.org", ""])
def test_a_copy_of_the_site_says_where_to_sign_in_the_visitors_language(
    pseudo, campaign, tmp_path, mailbox
):
    Letter.objects.update(sign_on_email=mailbox)

    call_command("mirror", str(tmp_path / "copy"), stdout=StringIO())

    pages = list((tmp_path / "copy" / "fr").rglob("*.html"))
    assert len(pages) > 5
    for page in pages:
        assert untranslated_in_page(page.read_text()) == set()


# Forms


@pytest.mark.parametrize(
    "wrong",
    [
        "", WORDS * 99, "\u202eԱ", "\x07Ա", "\x00Ա", "!!", "Ա" + "\u0323\u0301" * 4, "www.1.am",
    ],
)  # fmt: skip
def test_every_refusal_of_a_line_can_be_translated(pseudo, client, text, wrong):
    lines = dict.fromkeys(("name", "residence", "occupation", "email"), wrong)
    data = form_data(text, **lines, visibility="9", consent=None)

    response = client.post(reverse("sign", args=[SLUG]), data)

    assert response.status_code == 422
    page = re.sub(r'value="[^"]*"', "", response.content.decode())
    assert untranslated_in_page(page) == set()
    assert "⟦" in page


def test_a_text_that_changed_meanwhile_is_said_in_the_visitors_language(pseudo, client, text):
    data = form_data(text, name=WORDS, residence=WORDS, occupation=WORDS)
    LetterText.objects.update(body=f"{WORDS} {WORDS}", digest="1" * 64)

    response = client.post(reverse("sign", args=[SLUG]), data)

    assert response.status_code == 422
    assert untranslated_in_page(response.content.decode()) == set()


def test_the_labels_of_a_change_can_be_translated(pseudo):
    form = ChangeForm({})

    said = [str(word) for field in form for word in (field.label, field.help_text, *field.errors)]

    assert untranslated("\n".join(said)) == set()


@pytest.mark.parametrize(
    "words", [State.labels, Visibility.labels, DeliveryState.labels, KIND_WORDS.values()]
)
def test_the_words_of_a_choice_can_be_translated(pseudo, words):
    assert untranslated(" ".join(map(str, words))) == set()


# Mails


def send_all(row: Signature) -> None:
    common: dict[str, Any] = {"to": "1@example.org", "language": "fr", "signature_id": row.id}
    emails.send_confirmation(**common)
    emails.send_reminder(**common)
    emails.send_already_signed(**common, version=0)
    emails.send_update(**common, subject=WORDS, body=WORDS, body_html=WORDS)


def test_no_mail_says_words_that_nobody_can_translate(pseudo, text):
    send_all(sign(text))

    assert len(mail.outbox) == len(list(settings.BASE_DIR.glob("templates/emails/*-subject.txt")))
    for message in mail.outbox:
        assert isinstance(message, EmailMultiAlternatives)
        ((html, _kind),) = message.alternatives
        assert untranslated(f"{message.subject}\n{message.body}") == set()
        assert untranslated_in_page(str(html)) == set()


# Templates, of the organisers' pages too


@pytest.mark.parametrize("path", TEMPLATES, ids=[path.name for path in TEMPLATES])
def test_a_template_says_nothing_but_through_gettext(path: Path):
    html = TEMPLATE_CODE.sub("", path.read_text())

    said = " ".join([*PLAIN_ATTRIBUTE.findall(html), TAG.sub(" ", html)])

    assert untranslated(said) == set()


# The test itself has teeth.


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ("<p>⟦Read⟧ it</p>", {"it"}),
        ("<p>⟦<strong>3</strong> people ⟦of⟧ many⟧</p>", set()),
        ('<img alt="Code">', {"Code"}),
        ('<input type="submit" value="Go">', {"Go"}),
        ('<code>sha256sum</code> <a hreflang="fr">français</a> 12:00 UTC', set()),
        ('<meta name="description" content="Sign it">', {"Sign", "it"}),
    ],
)
def test_a_word_outside_is_found(html, found):
    assert untranslated_in_page(html) == found
