"""Letters and signatures for tests. People are generated; nobody here is real."""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib import import_module
from typing import Any

import factory
from django.apps import apps
from django.contrib.auth.models import Group, User

from letters.models import Letter, LetterText
from letters.services import text_save
from signatures import keys
from signatures.enums import State, Visibility
from signatures.models import Signature
from signatures.sealing import seal

STAFF_MIGRATIONS = [
    "signatures.migrations.0002_staff_groups",
    "signatures.migrations.0005_update_permissions",
    "signatures.migrations.0008_moderators_see_intake",
    "deliveries.migrations.0002_delivery_permissions",
]


class LetterFactory(factory.django.DjangoModelFactory[Letter]):
    """A published letter that is open, without a text of its own."""

    class Meta:
        model = Letter

    slug = factory.Sequence(lambda n: f"letter-{n}")
    addressee = "The Assembly\n1 Assembly Square"
    cc = "The Council"
    sender = "A committee"
    letter_date = date(2011, 6, 4)
    is_published = True


class TextFactory(factory.django.DjangoModelFactory[LetterText]):
    """A binding text in English, with the letter it belongs to."""

    class Meta:
        model = LetterText

    letter = factory.SubFactory(LetterFactory)
    language = "en"
    title = "An open letter"
    body = "We ask for an answer."

    @classmethod
    def _create(cls, model_class: type[LetterText], *args: Any, **kwargs: Any) -> LetterText:
        return text_save(text=model_class(**kwargs))


class SignatureFactory(factory.django.DjangoModelFactory[Signature]):
    """An accepted, confirmed signature without a kept address; keys follow from the fields.

    `email="…"` gives it a mailbox, `sealed=True` keeps the address as well.
    """

    class Meta:
        model = Signature

    class Params:
        email = factory.Sequence(lambda n: f"person-{n}@example.org")
        sealed = False

    text = factory.SubFactory(TextFactory)
    name = factory.Sequence(lambda n: f"Person {n}")
    residence = "Springfield"
    occupation = "Baker"
    state = State.ACCEPTED
    visibility = Visibility.PUBLIC
    created_at = datetime(2026, 6, 4, 12, tzinfo=UTC)
    confirmed_at = factory.LazyAttribute(
        lambda o: o.created_at if o.email and o.state == State.ACCEPTED else None
    )
    decided_at = factory.LazyAttribute(
        lambda o: o.created_at if not o.email and o.state == State.ACCEPTED else None
    )
    email_sealed = factory.LazyAttribute(lambda o: seal(o.email) if o.email and o.sealed else None)
    email_key = factory.LazyAttribute(
        lambda o: keys.email_key(o.text.letter_id, o.email, o.name) if o.email else None
    )
    person_key = factory.LazyAttribute(
        lambda o: keys.person_key(o.text.letter_id, o.name, o.residence, o.occupation)
    )

    @classmethod
    def _create(cls, model_class: type[Signature], *args: Any, **kwargs: Any) -> Signature:
        text = kwargs.pop("text")
        kwargs |= {"letter": text.letter, "text_digest": text.digest, "language": text.language}
        return super()._create(model_class, *args, **kwargs)


def make_moderator(username: str = "moderator") -> User:
    """A member of staff in the group Moderators."""
    return _make_staff(username, "Moderators")


def make_delivery_staff(username: str = "deliverer") -> User:
    """A member of staff in the group Delivery staff."""
    return _make_staff(username, "Delivery staff")


def _make_staff(username: str, group: str) -> User:
    user = User.objects.create_user(username, password="a long enough passphrase", is_staff=True)
    user.groups.add(_group(group))
    return user


def _group(name: str) -> Group:
    """The group as the migrations make it; a test that empties the tables takes it along."""
    if not Group.objects.filter(name=name).exists():
        for module in STAFF_MIGRATIONS:
            for operation in import_module(module).Migration.operations:
                operation.code(apps, None)
    return Group.objects.get(name=name)
