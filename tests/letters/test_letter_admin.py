"""Organisers edit letters in the admin; what has been signed they can only read."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from letters.models import Letter, LetterText

LIST = "/admin/letters/letter/"
LOCK = "This letter has been signed."


@pytest.fixture
def change(letter) -> str:
    return f"{LIST}{letter.pk}/change/"


def form_of(client, url: str) -> dict[str, object]:
    """What a browser would post back from the page at `url`: every field that is not disabled."""
    context = client.get(url).context
    data: dict[str, object] = {}
    formsets = [inline.formset for inline in context["inline_admin_formsets"]]
    forms = [context["adminform"].form]
    for formset in formsets:
        forms += [formset.management_form, *formset.forms]
    for form in forms:
        for bound in form:
            if not bound.field.disabled:
                data |= posted(bound)
    return data


def posted(bound) -> dict[str, object]:
    value = bound.value()
    if hasattr(bound.field.widget, "decompress"):
        parts = bound.field.widget.decompress(value)
        return {f"{bound.html_name}_{i}": part or "" for i, part in enumerate(parts)}
    if value is None or value is False:
        return {}
    return {bound.html_name: value}


class TestAnUnsignedLetter:
    def test_every_part_of_it_can_be_changed(self, admin_client, letter, change):
        data = form_of(admin_client, change) | {
            "addressee": "The Court\r\nThe Hague",
            "texts-0-title": "Another title",
            "texts-0-body": "Other words.",
            "timeline-0-who": "Citizens",
        }

        response = admin_client.post(change, data)

        letter.refresh_from_db()
        text = letter.texts.get(language="en")
        assert (response.status_code, response.url) == (302, LIST)
        assert letter.addressee_lines == ["The Court", "The Hague"]
        assert (text.title, text.body) == ("Another title", "Other words.")
        assert letter.timeline.first().who == "Citizens"

    def test_saving_it_renews_the_digests(self, admin_client, letter, change):
        before = set(letter.texts.values_list("digest", flat=True))

        admin_client.post(change, form_of(admin_client, change) | {"sender": "A Club"})

        assert before.isdisjoint(letter.texts.values_list("digest", flat=True))

    def test_its_page_says_what_the_first_signature_will_lock(self, admin_client, change):
        page = admin_client.get(change).content.decode()

        assert "The first signature locks" in page
        assert LOCK not in page

    def test_binding_text_and_translation_can_change_places(self, admin_client, letter, change):
        data = form_of(admin_client, change)
        data["texts-0-is_courtesy_translation"] = "on"
        del data["texts-1-is_courtesy_translation"]

        response = admin_client.post(change, data)

        assert response.status_code == 302
        assert letter.texts.get(is_courtesy_translation=False).language == "fr"

    @pytest.mark.parametrize("binding", [0, 2])
    def test_it_needs_exactly_one_binding_text(self, admin_client, letter, change, binding):
        data = form_of(admin_client, change)
        if binding:
            del data["texts-1-is_courtesy_translation"]
        else:
            data["texts-0-is_courtesy_translation"] = "on"

        response = admin_client.post(change, data)

        assert response.status_code == 200
        assert "A letter has one binding text" in response.content.decode()

    def test_a_translation_can_be_removed(self, admin_client, letter, change):
        data = form_of(admin_client, change) | {"texts-1-DELETE": "on"}

        response = admin_client.post(change, data)

        assert response.status_code == 302
        assert [text.language for text in letter.texts.all()] == ["en"]

    def test_the_binding_text_alone_cannot_be_removed(self, admin_client, letter, change):
        data = form_of(admin_client, change) | {"texts-0-DELETE": "on"}

        response = admin_client.post(change, data)

        assert response.status_code == 200
        assert letter.texts.count() == 2

    def test_it_can_be_deleted(self, admin_client, letter):
        response = admin_client.post(f"{LIST}{letter.pk}/delete/", {"post": "yes"})

        assert response.status_code == 302
        assert not Letter.objects.exists()


class TestASignedLetter:
    def test_its_page_says_that_it_is_locked_and_why(self, admin_client, letter, change, sign):
        sign(letter)

        page = admin_client.get(change).content.decode()

        assert f"{LOCK} What people signed can no longer change" in page

    def test_its_signed_fields_are_disabled(self, admin_client, letter, change, sign):
        sign(letter)

        context = admin_client.get(change).context

        fields = context["adminform"].form.fields
        texts = context["inline_admin_formsets"][0].formset
        assert {name for name in fields if fields[name].disabled} == {
            "addressee", "cc", "sender", "letter_date",
        }  # fmt: skip
        for form in texts.initial_forms:
            assert {name for name in form.fields if form.fields[name].disabled} == {
                "language", "title", "body", "is_courtesy_translation",
            }  # fmt: skip
        assert texts.can_delete is False

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("addressee", "The Court"),
            ("cc", ""),
            ("sender", "A Club"),
            ("letter_date", "2012-06-04"),
            ("texts-0-title", "Another title"),
            ("texts-0-body", "Other words."),
            ("texts-1-body", "D'autres mots."),
        ],
    )
    def test_a_page_opened_before_the_first_signature_is_refused_with_the_reason(
        self, admin_client, letter, change, sign, name, value
    ):
        before = [list(model.objects.values()) for model in (Letter, LetterText)]
        data = form_of(admin_client, change) | {name: value}
        sign(letter)

        response = admin_client.post(change, data)

        assert response.status_code == 200
        assert LOCK in str(response.context["errors"])
        assert [list(model.objects.values()) for model in (Letter, LetterText)] == before

    def test_a_text_is_not_removed_whatever_is_posted(self, admin_client, letter, change, sign):
        sign(letter)
        data = form_of(admin_client, change) | {"texts-1-DELETE": "on"}

        admin_client.post(change, data)

        assert letter.texts.count() == 2

    def test_appeal_timeline_and_dates_stay_open(self, admin_client, letter, change, sign):
        sign(letter)
        before = set(letter.texts.values_list("digest", flat=True))
        data = form_of(admin_client, change) | {
            "texts-0-appeal": "Another appeal.",
            "timeline-0-what": "They were killed.",
            "goal": "900",
        }

        response = admin_client.post(change, data)

        letter.refresh_from_db()
        assert response.status_code == 302
        assert letter.texts.get(language="en").appeal == "Another appeal."
        assert letter.timeline.first().what == "They were killed."
        assert letter.goal == 900
        assert set(letter.texts.values_list("digest", flat=True)) == before

    def test_a_new_translation_is_welcome(self, admin_client, letter, change, sign):
        sign(letter)
        data = form_of(admin_client, change) | {
            "texts-TOTAL_FORMS": "3",
            "texts-2-letter": letter.pk,
            "texts-2-language": "es",
            "texts-2-title": "Una carta",
            "texts-2-body": "Señora,",
            "texts-2-is_courtesy_translation": "on",
        }

        response = admin_client.post(change, data)

        assert response.status_code == 302
        assert len(letter.texts.get(language="es").digest) == 64

    def test_it_cannot_be_deleted(self, admin_client, letter, sign):
        sign(letter)

        response = admin_client.post(f"{LIST}{letter.pk}/delete/", {"post": "yes"})

        assert response.status_code == 403
        assert Letter.objects.exists()


class TestSeveralLetters:
    @pytest.fixture
    def other(self, letter) -> Letter:
        other = Letter.objects.create(
            slug="other", addressee="B", sender="C", letter_date=letter.letter_date
        )
        other.texts.create(language="en", title="T", body="B", digest="0" * 64)
        return other

    def test_featuring_one_ends_the_featuring_of_the_other(self, admin_client, letter, other):
        url = f"{LIST}{other.pk}/change/"

        response = admin_client.post(url, form_of(admin_client, url) | {"is_featured": "on"})

        assert response.status_code == 302
        assert [found.slug for found in Letter.objects.filter(is_featured=True)] == ["other"]

    def test_the_list_shows_where_each_stands_and_its_languages(self, admin_client, other):
        page = admin_client.get(LIST).content.decode()

        assert "open for signature" in page
        assert "en, fr" in page

    def test_the_list_shows_the_title_of_the_binding_text(self, admin_client, letter, other):
        texts = letter.texts.order_by("is_courtesy_translation")
        binding, translation = texts.values_list("title", flat=True)

        page = admin_client.get(LIST).content.decode()

        assert f'<td class="field-title">{binding}</td>' in page
        assert '<td class="field-title">T</td>' in page
        assert translation not in page

    def test_the_list_asks_as_often_for_many_as_for_one(self, admin_client, letter):
        with CaptureQueriesContext(connection) as one:
            admin_client.get(LIST)
        for number in range(5):
            Letter.objects.create(
                slug=f"n{number}", addressee="B", sender="C", letter_date=letter.letter_date
            )

        with CaptureQueriesContext(connection) as many:
            admin_client.get(LIST)

        assert len(many) == len(one)

    def test_letters_are_not_deleted_in_bulk(self, admin_client, letter):
        response = admin_client.post(
            LIST, {"action": "delete_selected", "_selected_action": [letter.pk], "post": "yes"}
        )

        assert response.status_code in {200, 302}
        assert Letter.objects.exists()

    def test_a_new_letter_can_be_written_from_nothing(self, admin_client, db):
        url = f"{LIST}add/"
        data = form_of(admin_client, url) | {
            "slug": "new",
            "addressee": "The Court",
            "sender": "A Club",
            "letter_date": "2026-01-01",
            "texts-0-language": "en",
            "texts-0-title": "A title",
            "texts-0-body": "Words.",
        }

        response = admin_client.post(url, data)

        letter = Letter.objects.get(slug="new")
        assert response.status_code == 302
        assert len(letter.texts.get().digest) == 64

    def test_a_new_letter_without_words_is_refused(self, admin_client, db):
        url = f"{LIST}add/"
        data = form_of(admin_client, url) | {
            "slug": "new", "addressee": "A", "sender": "B", "letter_date": "2026-01-01",
        }  # fmt: skip

        response = admin_client.post(url, data)

        assert response.status_code == 200
        assert not Letter.objects.exists()


def test_staff_who_may_only_look_see_everything_and_change_nothing(
    client, django_user_model, letter, change
):
    user = django_user_model.objects.create_user("looker", password="x", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    client.force_login(user)

    seen = client.get(change)
    tried = client.post(change, {"sender": "A Club"})

    assert seen.status_code == 200
    assert "Madam," in seen.content.decode()
    assert tried.status_code == 403
