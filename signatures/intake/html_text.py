"""HTML mail to plain text: the lines a reader sees, table rows as cells, quotations as `>`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from itertools import zip_longest

MOST_NESTED_TABLES = 20
DEEPEST_QUOTE = 20
_HIDDEN = {
    "script",
    "style",
    "head",
    "title",
    "template",
    "object",
    "noscript",
    "select",
    "textarea",
}
_BLOCKS = {
    "div", "li", "dt", "dd", "pre", "form", "section", "article", "header", "footer", "center",
    "address", "body", "caption", "tbody", "thead", "fieldset", "legend", "br", "main", "nav",
}  # fmt: skip
_PARAGRAPHS = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl"}
# Marks in the text for what only the whole of it can settle; mail has no use for these characters.
_ROW, _CELL, _ROW_END, _QUOTE, _QUOTE_END, _BREAK = "\x1d\x1c\x1e\x0e\x0f\x1f"
_MARKS = re.compile("[\x0e\x0f\x1c-\x1f\x00]")
_INNERMOST_ROW = re.compile(f"{_ROW}([^{_ROW}{_ROW_END}]*){_ROW_END}")
_SPACES = re.compile(r"[ \t\r\n\f\xa0\u3000]+")
_TAG = re.compile(r"(/?)([a-zA-Z][\w:-]{0,30}|[!?])")
LONGEST_ATTRIBUTE = 2_000
_WHITE = re.compile(r"[ \t\r\n\f]+")


def html_to_text(html: str) -> str:
    """Return the visible text. A table's row becomes one line with tabs between the cells.

    Cells of several lines are read side by side when they have as many lines as each other, and
    one after the other if not. Tags may be unclosed, crossed or unknown; nothing raises and
    nothing is fetched.
    """
    text = "".join(_parts(_without_comments(_MARKS.sub("", html))))
    for _ in range(MOST_NESTED_TABLES):
        text, rows = _INNERMOST_ROW.subn(lambda row: _row(row[1]), text)
        if not rows:
            break
    text = text.replace(_CELL, "\t").replace(_ROW, "\n").replace(_ROW_END, "\n")
    return re.sub(r"\n\s*\n", "\n\n", _quoted(text)).strip("\n")


def _without_comments(html: str) -> str:
    first, *others = html.split("<!--")
    return first + "".join(rest.partition("-->")[2] for rest in others)


def _parts(html: str) -> Iterator[str]:
    """Text and marks, one after the other. Linear: the standard library's parser is quadratic on
    unclosed comments and tags, and a stranger chooses what comes in here."""
    hidden, preformatted = "", False
    text, *pieces = html.split("<")
    yield unescape(_WHITE.sub(" ", text))
    for piece in pieces:
        name, ending, text = _tag(piece)
        if hidden:
            hidden = "" if ending and name in {hidden, "html"} else hidden
        elif name in _HIDDEN and not ending:
            hidden = name
        else:
            yield _closing(name) if ending else _opening(name)
        preformatted = not ending if name == "pre" else preformatted
        if not hidden:
            yield unescape(text if preformatted else _WHITE.sub(" ", text))


def _tag(piece: str) -> tuple[str, bool, str]:
    """The name of the tag, whether it ends something, and the text behind it."""
    found = _TAG.match(piece)
    if not found:
        return "", False, "<" + piece
    inside, _, text = piece[found.end() :].partition(">")
    while (inside.count('"') % 2 or inside.count("'") % 2) and ">" in text[:LONGEST_ATTRIBUTE]:
        more, _, text = text.partition(">")
        inside += more + " "
    return found[2].lower(), bool(found[1]), text


def _opening(tag: str) -> str:
    if tag == "br":
        return "\n"
    marks = {"tr": _ROW, "td": _CELL, "th": _CELL, "hr": "\n-----\n", "blockquote": f"\n{_QUOTE}\n"}
    return marks.get(tag) or _closing(tag, ending=False)


def _closing(tag: str, ending: bool = True) -> str:
    if tag in _PARAGRAPHS:
        return "\n\n"
    if tag in _BLOCKS:
        return "" if tag == "br" else _BREAK
    marks = {"tr": _ROW_END, "table": "\n", "blockquote": f"\n{_QUOTE_END}\n"}
    return marks.get(tag, "") if ending else "\n" if tag == "table" else ""


def _row(content: str) -> str:
    before, *cells = content.split(_CELL)
    filled = [cell for cell in (before, *cells) if _bare(cell)]
    if len(filled) < 2:
        return "\n" + "".join(filled) + "\n"
    columns = [[line for line in map(_bare, _broken(cell).split("\n")) if line] for cell in cells]
    side_by_side = len({len(column) for column in columns if column}) == 1
    if not side_by_side or _bare(before) or _QUOTE in content:
        return "\n" + "\n".join(filled) + "\n"
    rows = zip_longest(*(column or [""] for column in columns), fillvalue="")
    return "\n" + "\n".join("\t".join(row) for row in rows) + "\n"


def _broken(text: str) -> str:
    """Settle the breaks around blocks: any number of them end one line, none makes a blank one."""
    return re.sub(rf"[ ]*(?:{_BREAK}[ ]*)+(\n?)", "\n", text)


def _bare(text: str) -> str:
    return _SPACES.sub(" ", text.replace(_BREAK, " ")).strip() if "\n" not in text else _lines(text)


def _lines(text: str) -> str:
    return "\n".join(filter(None, map(_bare, text.split("\n"))))


def _quoted(text: str) -> str:
    """Write `>` before each line for every quotation it stands in."""
    lines: list[str] = []
    depth = 0
    for line in _broken(text).split("\n"):
        if line.strip() in {_QUOTE, _QUOTE_END}:
            depth = max(0, depth + (1 if line.strip() == _QUOTE else -1))
        else:
            clean = re.sub(r"[ \xa0]+", " ", _MARKS.sub("", line)).strip(" ")
            lines.append(f"{'>' * min(depth, DEEPEST_QUOTE)} {clean}" if depth else clean)
    return "\n".join(lines)
