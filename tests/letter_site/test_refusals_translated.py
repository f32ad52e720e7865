"""What staff are told when something cannot be done, they are told in their own language."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.utils import timezone

from deliveries import exceptions as delivery_exceptions
from deliveries.enums import DeliveryState
from deliveries.exceptions import DeliveryError, SealingFailed
from deliveries.facts import Kind
from deliveries.models import Delivery
from deliveries.seal import check_recipient
from deliveries.services.building import _in_words
from deliveries.services.freezing import delivery_start
from signatures.enums import State
from signatures.exceptions import SignatureError
from signatures.services.moderation import signature_decide, signature_undo
from signatures.services.transitions import signature_move
from tests.factories import SignatureFactory, TextFactory

from .visible_words import untranslated

# What `str()` of these says is shown to staff; what mail and signing refuse has pages of its own.
SHOWN = {"SignatureError", "IllegalTransition", "AlreadyCounted"} | {
    name for name, kind in vars(delivery_exceptions).items() if isinstance(kind, type)
}
# Programs for a terminal, which speaks English.
TERMINAL = {"verify.py", "mirror.py"}
SERVICES = [
    path
    for folder in ("signatures/services", "deliveries")
    for path in sorted((settings.BASE_DIR / folder).rglob("*.py"))
    if path.name not in TERMINAL and "management" not in path.parts
]


def plain_refusals(source: str) -> Iterator[str]:
    """Sentences that a refusal is raised with and that gettext never saw."""
    for node in ast.walk(ast.parse(source)):
        if not (isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call)):
            continue
        if ast.unparse(node.exc.func) in SHOWN:
            said = [arg for arg in node.exc.args if isinstance(arg, ast.Constant | ast.JoinedStr)]
            yield from map(ast.unparse, said)


@pytest.mark.parametrize("path", SERVICES, ids=[path.name for path in SERVICES])
def test_no_service_refuses_in_words_that_nobody_can_translate(path: Path):
    assert list(plain_refusals(path.read_text())) == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ('raise SignatureError("No.")', ["'No.'"]),
        ('raise DeliveryError(f"No {x}.")', ["f'No {x}.'"]),
        ('raise SignatureError(_("No."))', []),
        ('raise ValueError("No.")', []),
        ("raise", []),
    ],
)
def test_a_plain_refusal_is_found(line, found):
    assert list(plain_refusals(line)) == found


# Signatures


@pytest.fixture
def moderator(db) -> User:
    return User.objects.create_user("moderator")


@pytest.mark.parametrize(
    ("before", "to"), [(State.UNCONFIRMED, State.ACCEPTED), (State.REJECTED, State.DUPLICATE)]
)
def test_a_decision_that_cannot_be_made(pseudo, moderator, before, to):
    row = SignatureFactory.create(state=before)

    with pytest.raises(SignatureError) as refused:
        signature_decide(signature_id=row.id, to=to, actor=moderator)

    assert untranslated(str(refused.value)) == set()


def test_a_move_names_both_states_in_the_readers_language(pseudo, db):
    row = SignatureFactory.create(state=State.REJECTED)

    with pytest.raises(SignatureError) as refused:
        signature_move(signature=row, to=State.DUPLICATE)

    assert str(refused.value).count("⟦") == 3


def test_a_decision_that_was_never_made_cannot_be_undone(pseudo, moderator):
    row = SignatureFactory.create()

    with pytest.raises(SignatureError) as refused:
        signature_undo(signature_id=row.id, actor=moderator)

    assert str(refused.value) == "⟦There is no decision to undo.⟧"


# Deliveries


@pytest.mark.parametrize("kind", Kind)
def test_a_list_with_nothing_in_it(pseudo, db, kind):
    letter = TextFactory.create().letter

    with pytest.raises(DeliveryError) as refused:
        delivery_start(letter=letter, kind=kind)

    assert untranslated(str(refused.value)) == set()


def test_a_key_that_is_none(pseudo):
    with pytest.raises(SealingFailed) as refused:
        check_recipient("age2")

    assert str(refused.value).startswith("⟦That is not an age public key")


@pytest.mark.parametrize("error", [OSError(28, "voll"), DeliveryError("⟦No.⟧")])
def test_the_reason_of_a_failure(pseudo, error):
    assert untranslated(_in_words(error)) <= {"voll"}


def test_what_the_worker_wrote_is_read_in_the_readers_language(pseudo):
    failed = Delivery(failure="The database did not answer.", step="pages set: 2,000 of 90,000")

    assert failed.failure_words == "⟦The database did not answer.⟧"
    assert untranslated(failed.step_words) == set()
    assert "2,000" in failed.step_words
    assert "90,000" in failed.step_words


@pytest.mark.parametrize("step", ["freezing the list", "pages set: 20 of 90", ""])
def test_a_step_is_read_in_english_as_it_was_written(step):
    assert Delivery(step=step).step_words == step
    assert Delivery(failure="").failure_words == ""


def test_a_failure_shows_on_the_staffs_pages_in_their_language(client, db):
    client.force_login(User.objects.create_superuser("organiser"))
    letter = TextFactory.create().letter
    moment = timezone.now()
    delivery = Delivery.objects.create(
        number=1, letter=letter, kind=Kind.WHOLE, state=DeliveryState.FAILED, touched_at=moment,
        failure="The database did not answer.",
    )  # fmt: skip

    for page in ("/admin/", f"/admin/deliveries/delivery/{delivery.pk}/change/"):
        response = client.get(page, headers={"Accept-Language": "fr"})

        assert "La base de données n’a pas répondu." in response.content.decode()


# Names in the menu and of groups


@pytest.mark.parametrize("page", ["/admin/auth/user/{user}/change/", "/admin/auth/group/"])
def test_the_groups_are_called_in_the_readers_language(client, db, page):
    organiser = User.objects.create_superuser("organiser")
    for name in ("Moderators", "Delivery staff", "Friends"):
        Group.objects.get_or_create(name=name)
    client.force_login(organiser)

    response = client.get(page.format(user=organiser.pk), headers={"Accept-Language": "fr"})

    shown = response.content.decode()
    assert all(name in shown for name in ("Modération", "Équipe de remise", "Friends"))


@pytest.mark.parametrize("app", ["letters", "signatures", "deliveries"])
def test_an_application_is_called_in_the_readers_language(pseudo, app):
    assert untranslated(str(apps.get_app_config(app).verbose_name)) == set()
