"""The letter of 2011 is quoted word for word: people sign that text and no other."""

from __future__ import annotations

import html
import re
from datetime import date
from pathlib import Path

import pytest

from letters.content import read_bundle
from letters.models import Letter
from letters.rendering import render_markdown
from letters.services import letter_load, text_canonical, text_for, timeline_for

ROOT = Path(__file__).parents[2]
BUNDLE = ROOT / "letters" / "content" / "un-2011"
SOURCE = ROOT.parent / "shared" / "letter" / "un-2011.txt"

# First and last words of every paragraph as published, the four demands among them.
PARAGRAPHS = [
    ("Dear Mr.", "Mr. Secretary-General:"),
    ("Twenty-two years ago today,", "of their own citizens."),
    ("Young men and women vanished", "history of modern China."),
    ("The criminals who authorized", "to abuse Chinese citizens."),
    ("In 1998, the regime engaged", "human rights defenders followed."),
    ("And it is not only political", "own government for accountability."),
    ("We draw your attention to", "human right situation in China."),
    ("This situation has a clear", "systematic human rights violations."),
    ("We can tell you that", "in its own constitution."),
    ("The regime’s willingness to abrogate", "and current criminal behavior."),
    ("With respect to Libya,", "Chinese citizens’ human rights."),
    ("We believe that the UN Charter,", "of challenging Member States."),
    ("We strongly urge you to", "requiring that all Member States:"),
    ("demand an immediate end", "human rights in China;"),
    ("take necessary measures to prevent", "human rights in China;"),
    ("freeze all funds,", "human rights in China;"),
    ("refer the Tiananmen Square Massacre,", "initiate investigations proprio motu."),
    ("Should China use its UN", "its international treaty obligations."),
    ("Additionally, the General Assembly", "inhumane treatment of its people."),
    ("Failure to act now against", "international peace and security."),
    ("Yours sincerely,", "Yours sincerely,"),
]
DIGEST = "9aab359b89e899260b021338c844c7f9eb7c1a4fef49a6a1897e96242cb55d1c"


@pytest.fixture(scope="module")
def bundle():
    return read_bundle(BUNDLE)


@pytest.fixture(scope="module")
def page(bundle) -> str:
    return render_markdown(bundle.texts[0].body)


def paragraphs(page: str) -> list[str]:
    """The words of each paragraph and list item as a reader sees them."""
    found = re.findall(r"<(p|li)>(.*?)</\1>", page, re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]+>", "", words)).strip() for _, words in found]


class TestTheWords:
    def test_every_paragraph_begins_and_ends_as_published(self, page):
        read = paragraphs(page)

        assert len(read) == len(PARAGRAPHS)
        for words, (first, last) in zip(read, PARAGRAPHS, strict=True):
            assert words.startswith(first)
            assert words.endswith(last)

    def test_every_word_is_as_published(self, page):
        if not SOURCE.exists():
            pytest.skip("the source text lies outside the repository")
        lines = SOURCE.read_text(encoding="utf-8").splitlines()
        start, end = lines.index("Dear Mr. Secretary-General:"), lines.index("Yours sincerely,")

        assert paragraphs(page) == lines[start : end + 1]

    def test_the_four_demands_are_one_list_after_the_sentence_that_asks_for_them(self, page):
        before, after = page.split("<ul>")

        assert before.rstrip().endswith("requiring that all Member States:</p>")
        assert after.split("</ul>")[0].count("<li>") == 4
        assert page.count("<li>") == 4

    def test_its_typography_and_its_odd_spellings_are_kept(self, bundle):
        body = bundle.texts[0].body

        assert {mark: body.count(mark) for mark in "’“”–—"} == {
            "’": 15,
            "“": 4,
            "”": 4,
            "–": 3,
            "—": 2,
        }
        assert "'" not in body
        assert '"' not in body
        assert "an ever worsening human right situation" in body
        assert "“a national threat”, simply" in body

    @pytest.mark.django_db
    def test_the_digest_that_people_sign_is_this_one(self, bundle):
        letter = letter_load(bundle=bundle).letter

        text = text_for(letter, "en")

        assert text is not None
        assert text.digest == DIGEST
        assert text_canonical(text=text).startswith(
            "To: His Excellency Ban Ki-moon, The United Nations, 1 United Nations Plaza, "
            "New York, New York 10017-3515\n"
            "Cc: Member States of the UN Security Council; "
            "Member States of the UN Human Rights Council; European Parliament\n"
            "From: Initiatives for China\n"
            "Date: 2011-06-04\n"
            "Language: en\n"
            "Title: Open Letter to the Secretary-General of United Nations\n"
            "\n"
            "Dear Mr. Secretary-General:\n"
        )


class TestTheLetter:
    def test_it_says_who_leads_and_whom_to_ask(self, bundle):
        assert bundle.leaders.split("\n") == [
            "Dr. YANG Jianli, President, Initiatives for China",
            "Dr. HAN Lianchao, Vice President, Initiatives for China",
        ]
        assert bundle.contact == (
            "Laura Butera, Director of International Programs, Initiatives for China"
        )
        assert bundle.sign_on_email == "letterUN2011@gmail.com"
        assert bundle.letter_date == date(2011, 6, 4)
        assert "word for word" in bundle.provenance

    @pytest.mark.django_db
    def test_it_is_featured_open_and_addressed_to_four(self, bundle):
        letter_load(bundle=bundle)

        letter = Letter.objects.published().get(is_featured=True)
        assert letter.is_open
        assert letter.recipients == [
            "His Excellency Ban Ki-moon",
            "Member States of the UN Security Council",
            "Member States of the UN Human Rights Council",
            "European Parliament",
        ]

    @pytest.mark.django_db
    def test_its_timeline_leads_from_1989_to_2011(self, bundle):
        letter = letter_load(bundle=bundle).letter

        years = [event.when[:4] for event in timeline_for(letter, "en")]

        assert years == ["1989", "1998", "1999", "2008", "2008", "2008", "2010", "2011"]

    def test_appeal_and_timeline_are_our_own_words(self, bundle):
        if not SOURCE.exists():
            pytest.skip("the source text lies outside the repository")
        source = words_of(SOURCE.read_text(encoding="utf-8"))
        ours = [bundle.texts[0].appeal, *(event.what for event in bundle.timeline)]

        borrowed = [run for text in ours for run in runs(words_of(text), 6) if run in source]

        assert borrowed == []


def words_of(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.lower()))


def runs(words: str, length: int) -> list[str]:
    each = words.split()
    return [" ".join(each[i : i + length]) for i in range(len(each) - length + 1)]
