"""Every page of the admin, by role: who opens it, who is refused. A new page needs a line here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import models
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from deliveries.enums import DeliveryState
from deliveries.facts import Kind
from deliveries.models import Delivery
from signatures.models import AuditEntry, Guard, IntakeItem, Suggestion, Sweep, Update
from tests.factories import (
    SignatureFactory,
    TextFactory,
    make_delivery_staff,
    make_moderator,
)

# By route: M moderators, D delivery staff, O organisers (superusers), - staff without a group; who
# is missing gets 403.
LISTS = {
    "auth_group": "O",
    "auth_user": "O",
    "deliveries_delivery": "DO",
    "letters_letter": "DMO",
    "signatures_auditentry": "DMO",
    "signatures_guard": "MO",
    "signatures_intakeitem": "MO",
    "signatures_signature": "DMO",
    "signatures_suggestion": "MO",
    "signatures_sweep": "MO",
    "signatures_update": "DO",
}
ADDING = {
    "auth_group": "O",
    "auth_user": "O",
    "letters_letter": "O",
    "signatures_guard": "MO",
    "signatures_update": "DO",
}
# A letter that is signed stays; signatures are erased by their signers, all else by nobody.
DELETING = {"signatures_update": "DO"}
OWN = {
    "attack_desk": "MO",
    "attack_look": "MO",
    "clusters": "MO",
    "delivery_prepare": "DO",
    "index": "-DMO",
    "paper_entry": "MO",
    "passkeys": "-DMO",
    "password_change": "-DMO",
    "recovery_codes": "-DMO",
}
# Actions, and pages about one thing, whose rights the tests of that thing ask for.
ELSEWHERE = {
    "acknowledgement", "autocomplete", "auth_user_password_change", "app_list", "duplicates_find",
    "intake_enter",
    "jsi18n", "login", "logout", "packet_download", "password_change_done", "second_factor",
    "second_factor_enrol", "signature_decide", "signature_staged", "update_send", "view_on_site",
}  # fmt: skip
ENDINGS = ("changelist", "add", "change", "delete", "history")


def one_of_each() -> dict[str, models.Model]:
    """Something for every list to show."""
    text, now, by = TextFactory.create(), timezone.now(), User.objects.get(username="organiser")
    letter = text.letter
    first, second = (SignatureFactory.create(text=text) for _number in range(2))
    moments = {"since": now, "until": now, "started_at": now}
    return {
        "deliveries_delivery": Delivery.objects.create(
            number=1, letter=letter, kind=Kind.WHOLE, touched_at=now, frozen_at=now,
            state=DeliveryState.READY,
        ),
        "letters_letter": letter,
        "signatures_auditentry": AuditEntry.objects.create(action="seen"),
        "signatures_guard": Guard.objects.create(letter=letter),
        "signatures_intakeitem": IntakeItem.objects.create(letter=letter, ref="<1@x>", kind="mail"),
        "signatures_signature": first,
        "signatures_suggestion": Suggestion.objects.create(first=first, second=second, score=1),
        "signatures_sweep": Sweep.objects.create(
            letter=letter, decision="hold", reason="x", decided_by=by, **moments
        ),
        "signatures_update": Update.objects.create(letter=letter, subject="News", body="x"),
    }  # fmt: skip


@pytest.fixture
def clients(db) -> dict[str, Client]:
    """A browser of each role, by its letter; `-` is staff without any."""
    people = {
        "M": make_moderator(),
        "D": make_delivery_staff(),
        "O": User.objects.create_superuser("organiser"),
        "-": User.objects.create_user("outsider", is_staff=True),
    }
    browsers = {role: Client() for role in people}
    for role, person in people.items():
        browsers[role].force_login(person)
    return browsers


def opened_by(clients: dict[str, Client], route: str, *args: object) -> str:
    """The roles that get the page; every other is refused with 403."""
    statuses = {
        role: client.get(reverse(f"admin:{route}", args=args)).status_code
        for role, client in clients.items()
    }
    assert set(statuses.values()) <= {200, 403}, statuses
    return "".join(sorted(role for role, status in statuses.items() if status == 200))


def expected(roles: str) -> str:
    return "".join(sorted(roles))


def routes(patterns: list[URLPattern | URLResolver]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns)
        elif pattern.name:
            yield pattern.name


def test_every_page_of_the_admin_has_its_line_here():
    (found,) = [each for each in get_resolver().url_patterns if "admin" in str(each.pattern)]
    assert isinstance(found, URLResolver)

    named = set(routes(found.url_patterns))

    of_lists = {f"{model}_{ending}" for model in LISTS for ending in ENDINGS}
    assert named - of_lists == set(OWN) | ELSEWHERE


def test_every_list_has_its_line_here():
    names = [model._meta for model in admin.site._registry]

    assert {f"{meta.app_label}_{meta.model_name}" for meta in names} == set(LISTS)


@pytest.mark.parametrize("model", LISTS)
def test_a_list_opens_for_those_who_work_with_it(clients, model):
    assert opened_by(clients, f"{model}_changelist") == expected(LISTS[model])


@pytest.mark.parametrize("model", LISTS)
def test_only_some_may_add(clients, model):
    TextFactory.create()

    assert opened_by(clients, f"{model}_add") == expected(ADDING.get(model, ""))


@pytest.mark.parametrize("route", OWN)
def test_a_page_of_our_own_opens_for_those_who_work_with_it(clients, route):
    TextFactory.create()

    shown = {
        role: client.get(reverse(f"admin:{route}"), follow=True).status_code
        for role, client in clients.items()
    }

    assert {role for role, status in shown.items() if status == 200} == set(OWN[route])
    assert set(shown.values()) <= {200, 403}


@pytest.mark.parametrize("model", [model for model in LISTS if not model.startswith("auth")])
def test_what_is_on_a_list_opens_for_those_who_may_see_the_list(clients, model):
    key = one_of_each()[model].pk

    assert opened_by(clients, f"{model}_change", key) == expected(LISTS[model])


@pytest.mark.parametrize("model", [model for model in LISTS if not model.startswith("auth")])
def test_nothing_that_counts_can_be_deleted(clients, model):
    key = one_of_each()[model].pk

    assert opened_by(clients, f"{model}_delete", key) == expected(DELETING.get(model, ""))


def test_a_stranger_opens_nothing(db, client):
    pages = [f"{model}_changelist" for model in LISTS] + [f"{model}_add" for model in LISTS]

    for route in [*pages, *OWN]:
        response = client.get(reverse(f"admin:{route}"))

        assert response.status_code == 302
        assert response["Location"].startswith("/admin/login/")


def test_who_has_left_the_staff_opens_nothing(clients):
    User.objects.update(is_staff=False)

    for client in clients.values():
        assert client.get(reverse("admin:index")).status_code == 302
