"""The words of a page that its visitor meets, and those among them that no catalogue knows."""

from __future__ import annotations

import re
from html.parser import HTMLParser

TRANSLATED = re.compile(r"⟦[^⟦⟧]*⟧")
LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
ADDRESS = re.compile(r"https?://\S+")
# Names of things, the same in every language.
NAMES = {"UTC", "Telegram", "WhatsApp", "Bluesky", "Facebook"}

UNSEEN = {"script", "style", "code", "pre"}
VOID = {"meta", "link", "input", "img", "br", "hr", "rect"}
READ_ALOUD = {"alt", "title", "aria-label", "placeholder", "data-count"}


class Reader(HTMLParser):
    """Collects what a visitor sees, or has read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.unseen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.seen += [values[name] or "" for name in READ_ALOUD & values.keys()]
        if tag == "meta" and "description" in (values.get("name") or values.get("property") or ""):
            self.seen.append(values["content"] or "")
        if values.get("type") == "submit":
            self.seen.append(values.get("value") or "")
        # A language is named in itself; words to copy hold the address of the page.
        is_unseen = tag in UNSEEN or "hreflang" in values or values.get("class") == "copy"
        if tag not in VOID and (self.unseen or is_unseen):
            self.unseen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.unseen and tag == self.unseen[-1]:
            self.unseen.pop()

    def handle_data(self, data: str) -> None:
        if not self.unseen:
            self.seen.append(data)


def untranslated(text: str) -> set[str]:
    """Latin words outside ⟦ ⟧ that are no names."""
    text = ADDRESS.sub("", text)
    while TRANSLATED.search(text):
        text = TRANSLATED.sub(" ", text)
    return set(LATIN_WORD.findall(text)) - NAMES


def untranslated_in_page(content: str) -> set[str]:
    reader = Reader()
    reader.feed(content)
    return untranslated("\n".join(reader.seen))
