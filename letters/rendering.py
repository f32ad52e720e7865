"""Markdown to HTML that is safe to show."""

from __future__ import annotations

from html import unescape
from typing import Final

import nh3
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from markdown_it import MarkdownIt

# No h1, because the page has its own, and no images: a page asks nothing of anybody else's server.
TAGS: Final = {
    "a", "blockquote", "br", "code", "em", "h2", "h3", "h4", "hr", "li", "ol", "p", "pre",
    "strong", "ul",
}  # fmt: skip
ATTRIBUTES: Final = {"a": {"href", "title"}, "ol": {"start"}}
URL_SCHEMES: Final = {"http", "https", "mailto"}

_markdown: Final = MarkdownIt("commonmark", {"html": False})


def render_markdown(text: str) -> SafeString:
    """`text` (CommonMark 0.31, HTML in it shown as text) as HTML of a short list of elements.

    Links keep only http, https and mailto, and tell the other side neither page nor opener.
    """
    html = nh3.clean(
        _markdown.render(text), tags=TAGS, attributes=ATTRIBUTES, url_schemes=URL_SCHEMES
    )
    return mark_safe(html)  # noqa: S308 - nh3 has just cleaned it


def plain_summary(html: str, length: int) -> str:
    """What `html` begins with, as plain text of at most `length` characters on one line."""
    words = " ".join(unescape(strip_tags(html)).split())
    return str(Truncator(words).chars(length))
