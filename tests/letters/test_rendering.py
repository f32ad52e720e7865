"""A letter's Markdown becomes plain HTML that carries nothing but the letter."""

from __future__ import annotations

import re

import pytest
from django.utils.safestring import SafeString
from hypothesis import given
from hypothesis import strategies as st

from letters.rendering import TAGS, render_markdown


def test_paragraphs_lists_and_emphasis_are_rendered():
    html = render_markdown("Dear *all*:\n\n- one\n- **two**\n\n3. three")

    assert html == (
        "<p>Dear <em>all</em>:</p>\n"
        "<ul>\n<li>one</li>\n<li><strong>two</strong></li>\n</ul>\n"
        '<ol start="3">\n<li>three</li>\n</ol>\n'
    )


def test_curly_quotes_and_dashes_are_left_as_they_are():
    assert render_markdown("“a” – ‘b’—c...") == "<p>“a” – ‘b’—c...</p>\n"


def test_the_result_is_marked_safe_for_templates():
    assert isinstance(render_markdown("a"), SafeString)


def test_html_in_the_text_is_shown_and_not_obeyed():
    html = render_markdown('<script>alert(1)</script> <b onclick="x()">b</b>')

    assert html == (
        '<p>&lt;script&gt;alert(1)&lt;/script&gt; &lt;b onclick="x()"&gt;b&lt;/b&gt;</p>\n'
    )


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "&#106;avascript:alert(1)",
        "data:text/html;base64,PHNjcmlwdD4=",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://example.org/",
    ],
)
def test_a_link_leads_only_to_the_web_or_a_mailbox(target):
    assert "href" not in render_markdown(f"[here]({target})")


@pytest.mark.parametrize("target", ["https://example.org/", "mailto:a@example.org"])
def test_a_link_tells_the_other_side_nothing(target):
    html = render_markdown(f"[here]({target})")

    assert html == f'<p><a href="{target}" rel="noopener noreferrer">here</a></p>\n'


def test_a_picture_is_dropped_because_it_would_ask_another_server():
    assert render_markdown("before ![x](https://example.org/x.png) after") == (
        "<p>before  after</p>\n"
    )


def test_a_top_heading_keeps_its_words_only():
    assert render_markdown("# Title\n\n## Part") == "Title\n<h2>Part</h2>\n"


FRAGMENTS = st.sampled_from(
    [
        "<script>",
        "</p>",
        "[a](",
        "javascript:",
        ")",
        "`",
        "![",
        "](",
        "<",
        "onload=",
        '"',
        "'",
        "&#x",
    ]
)


@given(st.lists(FRAGMENTS | st.text(max_size=5), max_size=30).map("".join))
def test_no_element_outside_the_list_ever_comes_out(text):
    html = render_markdown(text)

    assert set(re.findall(r"</?([a-zA-Z0-9]+)", html)) <= TAGS
    assert not re.search(r"<[^>]*\s(on\w+|style|src)\s*=", re.sub(r'"[^"]*"', '""', html))
