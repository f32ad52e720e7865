"""A sheet of paper is typed in by keyboard alone, a few lines at a time."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from letters.models import LetterText
from signatures.enums import Source
from signatures.models import Signature
from signatures.services.paper import sheet_enter, sheet_lines
from signatures.services.signing import Signatory
from signatures.services.staging import staged_dismiss
from tests.factories import make_moderator

pytestmark = pytest.mark.django_db

PAGE = "/admin/signatures/intakeitem/paper/"


@pytest.fixture
def desk(client: Client) -> Client:
    client.force_login(make_moderator())
    return client


def typed(text: LetterText, first: str = "", **cells: str) -> dict[str, str]:
    """A posted grid: `row_0_name="Jane"` and so on."""
    return {
        "letter": str(text.letter.id),
        "sheet": "7 & 8",
        "scan": "folder 3",
        "first": first,
        "row-TOTAL_FORMS": "20",
        "row-INITIAL_FORMS": "0",
        **{name.replace("_", "-"): value for name, value in cells.items()},
    }


def focus(page: str) -> str:
    """The name of the field in which typing begins."""
    (found,) = re.findall(r"<(?:input|select)[^>]* autofocus[^>]*>", page)
    return re.search(r'name="([^"]+)"', found)[1]  # type: ignore[index]


class TestTheKeyboard:
    def test_a_new_sheet_begins_with_its_number(self, desk: Client, text):
        page = desk.get(PAGE).content.decode()

        assert focus(page) == "sheet"
        assert f'<option value="{text.letter.id}" selected>' in page

    def test_saving_leads_to_the_next_line_of_the_same_sheet(self, desk: Client, text):
        data = typed(text, row_0_name="Jane Test", row_2_name="阿凡提·买买提")

        response = desk.post(PAGE, data, follow=True)

        page = response.content.decode()
        assert response.redirect_chain[0][0].endswith("&sheet=7+%26+8&scan=folder+3")
        assert focus(page) == "row-0-name"
        assert '<label class="visually-hidden" for="id_row-0-name">Name 4</label>' in page
        assert 'value="folder 3"' in page
        assert "Jane Test</a>" in page

    def test_what_is_typed_next_stands_below(self, desk: Client, text):
        desk.post(PAGE, typed(text, row_0_name="Jane Test"))

        desk.post(PAGE, typed(text, first="2", row_0_name="Joe Test"))

        refs = Signature.objects.order_by("id").values_list("source_ref", flat=True)
        assert list(refs) == ["sheet 7 & 8 line 1", "sheet 7 & 8 line 2"]

    def test_typing_goes_on_at_the_first_mistake(self, desk: Client, text):
        data = typed(text, row_0_name="Jane Test", row_1_occupation="Baker")

        page = desk.post(PAGE, data).content.decode()

        assert focus(page) == "row-1-name"
        assert "Nothing was saved yet" in page
        assert not Signature.objects.exists()

    def test_an_error_stands_in_its_own_cell(self, desk: Client, text):
        page = desk.post(PAGE, typed(text, row_0_name="J", row_0_email="x")).content.decode()

        (cell,) = (cell for cell in page.split("<td>") if 'name="row-0-email"' in cell)
        assert "Write an address such as name@example.org" in cell
        assert 'aria-invalid="true"' in cell

    def test_a_line_beyond_any_sheet_is_refused(self, desk: Client, text):
        page = desk.post(PAGE, typed(text, first="101", row_0_name="J")).content.decode()

        assert "Nothing was saved yet" in page
        assert not Signature.objects.exists()

    def test_a_sheet_longer_than_the_printed_one_goes_on(self, desk: Client, text):
        desk.post(PAGE, typed(text, row_19_name="Jane Test"))

        query = {"letter": text.letter.id, "sheet": "7 & 8"}
        page = desk.get(PAGE, query).content.decode()

        assert "Name 21</label>" in page
        assert "Name 22</label>" not in page


class TestWhatWasEntered:
    def enter(self, text: LetterText, sheet: str, **names: str) -> None:
        people = {int(line[1:]): Signatory(name=name) for line, name in names.items()}
        actor = make_moderator(f"m{sheet}")
        sheet_enter(text=text, sheet=sheet, scan="", people=people, actor=actor)

    def test_it_is_listed_by_line(self, text):
        self.enter(text, "7", l9="Jane Test", l2="Joe Test")
        self.enter(text, "70", l1="Amal Haddad")

        lines = sheet_lines(letter=text.letter, sheet="7")

        assert {line: row and row.name for line, row in lines.items()} == {
            2: "Joe Test",
            9: "Jane Test",
        }

    def test_a_line_that_was_taken_back_is_not_typed_again(self, desk: Client, text):
        self.enter(text, "7", l1="Jane Test")
        staged_dismiss(
            signature_id=Signature.objects.get(source=Source.PAPER).id, actor=make_moderator("x")
        )

        page = desk.get(PAGE, {"letter": text.letter.id, "sheet": "7"}).content.decode()

        assert sheet_lines(letter=text.letter, sheet="7") == {1: None}
        assert "taken back" in page
        assert "Name 2</label>" in page
