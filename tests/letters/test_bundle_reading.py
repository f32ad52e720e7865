"""A bundle is read whole, or refused with one line that names the file and the problem."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from letters.content import BundleEvent, BundleText, read_bundle
from letters.exceptions import BundleError

from .bundles import ENGLISH, LETTER, write_bundle


def refusal(folder) -> str:
    with pytest.raises(BundleError) as refused:
        read_bundle(folder)
    return str(refused.value)


def spoiled(old: str, new: str) -> str:
    assert old in LETTER
    return LETTER.replace(old, new)


class TestAGoodBundle:
    def test_it_holds_what_letter_md_says(self, tmp_path):
        bundle = read_bundle(write_bundle(tmp_path))

        assert bundle.slug == "small"
        assert bundle.addressee == "Her Excellency\nThe Assembly"
        assert bundle.cc == "First Committee\nSecond Committee"
        assert bundle.sender == "A Society"
        assert bundle.letter_date == date(2011, 6, 4)
        assert bundle.goal == 500
        assert bundle.review == "after"
        assert bundle.is_published is True
        assert bundle.is_featured is True
        assert bundle.contact == "A Person"
        assert bundle.leaders == "First Leader\nSecond Leader"
        assert bundle.sign_on_email == "sign@example.org"
        assert bundle.provenance == "Written for a test."

    def test_moments_are_aware_and_a_naive_one_is_utc(self, tmp_path):
        bundle = read_bundle(write_bundle(tmp_path))

        assert bundle.opens_at == datetime(2026, 1, 2, 1, 4, 5, tzinfo=UTC)
        assert bundle.closes_at == datetime(2027, 1, 2, 3, 4, 5, tzinfo=UTC)

    def test_each_text_comes_with_its_appeal(self, tmp_path):
        bundle = read_bundle(write_bundle(tmp_path))

        assert bundle.texts == (
            BundleText("en", "A letter", "Madam,\n\nplease answer.", False, "Please *sign*."),
            BundleText("fr", "Une lettre", "Madame,\n\nrépondez.", True, ""),
        )

    def test_events_keep_the_order_of_the_file(self, tmp_path):
        bundle = read_bundle(write_bundle(tmp_path))

        assert bundle.timeline == (
            BundleEvent("en", "1989", "Students", "They were shot at.", 0),
            BundleEvent("en", "1998-11-30", "Founders", "They were jailed.", 1),
        )

    def test_four_keys_and_one_text_are_enough(self, tmp_path):
        letter = "---\nslug: a\naddressee: B\nsender: C\nletter_date: 2011-06-04\ngoal:\n---\n"
        folder = write_bundle(
            tmp_path, letter=letter, text_fr=None, appeal_en=None, timeline_en=None
        )

        bundle = read_bundle(folder)

        assert (bundle.cc, bundle.leaders, bundle.contact, bundle.sign_on_email) == ("",) * 4
        assert (bundle.opens_at, bundle.closes_at, bundle.goal) == (None, None, None)
        assert (bundle.review, bundle.is_published, bundle.is_featured) == ("before", False, False)
        assert len(bundle.texts) == 1
        assert bundle.timeline == ()

    def test_a_byte_order_mark_and_windows_line_ends_are_no_matter(self, tmp_path):
        folder = write_bundle(tmp_path)
        (folder / "text.en.md").write_bytes(
            b"\xef\xbb\xbf" + ENGLISH.replace("\n", "\r\n").encode()
        )

        bundle = read_bundle(folder)

        assert bundle.texts[0].body == "Madam,\n\nplease answer."

    def test_a_rule_inside_the_text_is_part_of_the_text(self, tmp_path):
        folder = write_bundle(tmp_path, text_en=ENGLISH + "\n---\n\nP.S.")

        assert read_bundle(folder).texts[0].body.endswith("answer.\n\n---\n\nP.S.")


class TestMissingParts:
    def test_a_missing_folder_is_named(self, tmp_path):
        folder = tmp_path / "nowhere"

        assert refusal(folder) == f"{folder}: there is no such folder."

    def test_a_missing_letter_file_is_named(self, tmp_path):
        folder = write_bundle(tmp_path, letter=None)

        assert refusal(folder) == (
            f"{folder / 'letter.md'}: cannot be read (No such file or directory)."
        )

    @pytest.mark.parametrize("key", ["slug", "addressee", "sender", "letter_date"])
    @pytest.mark.parametrize("value", [None, "", '""'], ids=["no key", "no value", "empty"])
    def test_a_missing_key_is_named(self, tmp_path, key, value):
        lines = spoiled("addressee: |\n  Her Excellency\n  The Assembly", "addressee: A").split(
            "\n"
        )
        kept = [line for line in lines if not line.startswith(f"{key}:")]
        if value is not None and (key, value) != ("letter_date", '""'):
            kept.insert(1, f"{key}: {value}")
        folder = write_bundle(tmp_path, letter="\n".join(kept))

        assert refusal(folder) == f"{folder / 'letter.md'}: {key} is missing."

    def test_a_text_without_title_is_refused(self, tmp_path):
        folder = write_bundle(tmp_path, text_en="---\nis_courtesy_translation: false\n---\nMadam")

        assert refusal(folder) == f"{folder / 'text.en.md'}: title is missing."

    def test_a_text_without_words_is_refused(self, tmp_path):
        folder = write_bundle(tmp_path, text_en="---\ntitle: A letter\n---\n")

        assert refusal(folder) == (
            f"{folder / 'text.en.md'}: there is no text below the front matter."
        )

    @pytest.mark.parametrize("content", ["", "Madam", "---\n- a\n---\n", "---\ntitle: A"])
    def test_a_file_without_front_matter_is_refused(self, tmp_path, content):
        folder = write_bundle(tmp_path, text_en=content)

        assert refusal(folder) == (
            f"{folder / 'text.en.md'}: should begin with keys and values between two lines of ---."
        )

    def test_a_bundle_without_binding_text_is_refused(self, tmp_path):
        folder = write_bundle(tmp_path, text_en=None, appeal_en=None)

        assert refusal(folder) == (
            f"{folder}: exactly one text.<lang>.md must be no courtesy translation, not 0."
        )

    def test_a_bundle_with_two_binding_texts_is_refused(self, tmp_path):
        folder = write_bundle(tmp_path, text_es=ENGLISH)

        assert refusal(folder) == (
            f"{folder}: exactly one text.<lang>.md must be no courtesy translation, not 2."
        )

    def test_an_appeal_without_its_text_is_refused(self, tmp_path):
        folder = write_bundle(tmp_path, appeal_es="Firme.")

        assert refusal(folder) == (f"{folder / 'appeal.es.md'}: there is no text.es.md beside it.")


class TestImpossibleValues:
    @pytest.mark.parametrize(
        ("old", "new", "problem"),
        [
            ("slug: small", "slug: so small", "slug may only hold letters a-z, digits, - and _"),
            ("slug: small", "slug: 2011", "slug must be text (put it between quotes)"),
            ("goal: 500", "goal: 0", "goal must be greater than zero"),
            ("goal: 500", "goal: -5", "goal must be greater than zero"),
            ("goal: 500", "goal: true", "goal must be a whole number"),
            ("goal: 500", "goal: many", "goal must be a whole number"),
            ("review: after", "review: never", "review must be one of: before, after"),
            ("is_published: true", "is_published: 1", "is_published must be true or false"),
            ("cc: [First", "cc: [1, First", "cc must be a list of texts"),
            ("cc: [First Committee, Second Committee]", "cc: One", "cc must be a list"),
            ("letter_date: 2011-06-04", "letter_date: 4 June 2011",
             "letter_date must be a date such as 2011-06-04"),
            ("letter_date: 2011-06-04", "letter_date: 2011-06-04T00:00:00Z",
             "letter_date must be a date such as 2011-06-04"),
            ("opens_at: 2026-01-02T03:04:05+02:00", "opens_at: soon",
             "opens_at must be a date and time such as 2011-06-04T12:00:00Z"),
            ("opens_at: 2026-01-02T", "opens_at: 2028-01-02T",
             "closes_at must be later than opens_at"),
            ("contact: A Person", "contcat: A Person", "contcat is not a key that belongs here"),
            ("contact: A Person", "7: A Person", "7 is not a key that belongs here"),
        ],
    )  # fmt: skip
    def test_a_value_of_letter_md_is_refused_by_name(self, tmp_path, old, new, problem):
        folder = write_bundle(tmp_path, letter=spoiled(old, new))

        assert refusal(folder) == f"{folder / 'letter.md'}: {problem}."

    def test_words_below_letter_md_are_refused(self, tmp_path):
        folder = write_bundle(tmp_path, letter=LETTER + "Madam,")

        assert refusal(folder) == (
            f"{folder / 'letter.md'}: the letter's words belong in text.<lang>.md."
        )

    @pytest.mark.parametrize("stem", ["text", "appeal", "timeline"])
    def test_a_language_the_site_does_not_have_is_refused(self, tmp_path, stem, settings):
        settings.LANGUAGES = [("en", "English"), ("fr", "français")]
        folder = write_bundle(tmp_path, **{f"{stem}_xx": "- x"})
        suffix = "yaml" if stem == "timeline" else "md"

        assert (
            refusal(folder) == f"{folder / f'{stem}.xx.{suffix}'}: the site's languages are en, fr."
        )

    @pytest.mark.parametrize(
        ("entry", "problem"),
        [
            ("{when: 89, who: A, what: B}", "when must be a year or a date such as 1989-06-04"),
            ("{who: A, what: B}", "when must be a year or a date such as 1989-06-04"),
            ("{when: 1989, what: B}", "who is missing"),
            ("{when: 1989, who: A}", "what is missing"),
            ("{when: 1989, who: A, what: B, why: C}", "why is not a key that belongs here"),
        ],
    )
    def test_a_bad_event_is_named_by_its_place(self, tmp_path, entry, problem):
        timeline = f"- {{when: 1989, who: A, what: B}}\n- {entry}\n"
        folder = write_bundle(tmp_path, timeline_en=timeline)

        assert refusal(folder) == f"{folder / 'timeline.en.yaml'}: event 2: {problem}."

    def test_an_event_that_is_no_mapping_is_refused(self, tmp_path):
        folder = write_bundle(tmp_path, timeline_en="- 1989\n")

        assert refusal(folder) == (
            f"{folder / 'timeline.en.yaml'}: event 1: should be keys with values."
        )

    def test_a_timeline_that_is_no_list_is_refused(self, tmp_path):
        folder = write_bundle(tmp_path, timeline_en="when: 1989\n")

        assert refusal(folder) == f"{folder / 'timeline.en.yaml'}: should be a list of events."


class TestBrokenFiles:
    @pytest.mark.parametrize(
        ("old", "new", "problem"),
        [
            ("goal: 500", "goal: [500", "is broken YAML near line 12: "),
            ("contact: A Person", "contact: A: Person", "is broken YAML near line 15: "),
            ("letter_date: 2011-06-04", "letter_date: 2011-02-31", "is broken YAML: "),
            ("contact: A Person", "contact: \x07", "is broken YAML: "),
            ("contact: A Person", "contact: !!python/name:os.system", "is broken YAML near line"),
        ],
        ids=["bracket", "colon", "no such day", "control character", "python tag"],
    )
    def test_broken_yaml_is_one_line_with_the_file(self, tmp_path, old, new, problem):
        folder = write_bundle(tmp_path, letter=spoiled(old, new))

        line = refusal(folder)

        assert line.startswith(f"{folder / 'letter.md'}: {problem}")
        assert "\n" not in line

    def test_a_broken_timeline_is_named(self, tmp_path):
        folder = write_bundle(tmp_path, timeline_en="- {when: 1989")

        assert refusal(folder).startswith(
            f"{folder / 'timeline.en.yaml'}: is broken YAML near line 1: "
        )

    def test_endless_nesting_is_refused_and_does_not_crash(self, tmp_path):
        folder = write_bundle(tmp_path, timeline_en="[" * 5000)

        assert refusal(folder).startswith(f"{folder / 'timeline.en.yaml'}: is broken YAML: ")

    @pytest.mark.parametrize(
        "name", ["letter.md", "text.fr.md", "appeal.en.md", "timeline.en.yaml"]
    )
    def test_a_file_that_is_not_utf_8_is_named(self, tmp_path, name):
        folder = write_bundle(tmp_path)
        (folder / name).write_bytes("répondez".encode("latin-1"))

        assert refusal(folder) == f"{folder / name}: is not UTF-8 (at byte 1)."

    def test_a_nul_character_is_refused_because_no_database_takes_it(self, tmp_path):
        folder = write_bundle(tmp_path, text_en=ENGLISH + "\0")

        assert refusal(folder) == f"{folder / 'text.en.md'}: holds a NUL character."

    def test_a_folder_in_the_place_of_a_file_is_refused(self, tmp_path):
        folder = write_bundle(tmp_path, text_fr=None)
        (folder / "text.fr.md").mkdir()

        assert refusal(folder) == f"{folder / 'text.fr.md'}: cannot be read (Is a directory)."
