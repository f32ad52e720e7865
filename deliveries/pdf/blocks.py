"""Markdown as plain data for the typesetter, so that no text is ever read as its markup."""

from __future__ import annotations

from typing import Any

from markdown_it import MarkdownIt
from markdown_it.tree import SyntaxTreeNode

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
_STYLES = {"strong": "strong", "em": "emph", "code_inline": "code"}

Block = dict[str, Any]
Span = dict[str, str]


def blocks_of(markdown: str) -> list[Block]:
    """The blocks of `markdown` (CommonMark with tables; HTML in it is text).

    Each has a `kind`: heading (`level`, `spans`), paragraph (`spans`), list (`ordered`, `items`:
    blocks each), quote (`blocks`), code (`text`), table (`rows`: cells: spans) or rule.
    """
    return _blocks(SyntaxTreeNode(_markdown.parse(markdown)).children)


def _blocks(nodes: list[SyntaxTreeNode]) -> list[Block]:
    return [_block(node) for node in nodes]


def _block(node: SyntaxTreeNode) -> Block:
    match node.type:
        case "heading":
            return {"kind": "heading", "level": int(node.tag[1:]), "spans": _inline(node)}
        case "bullet_list" | "ordered_list":
            items = [_blocks(item.children) for item in node.children]
            return {"kind": "list", "ordered": node.type == "ordered_list", "items": items}
        case "blockquote":
            return {"kind": "quote", "blocks": _blocks(node.children)}
        case "table":
            rows = [[_inline(cell) for cell in row.children] for row in _table_rows(node)]
            return {"kind": "table", "rows": rows}
        case "fence" | "code_block":
            return {"kind": "code", "text": node.content.rstrip("\n")}
        case "hr":
            return {"kind": "rule"}
    return {"kind": "paragraph", "spans": _inline(node)}


def _table_rows(table: SyntaxTreeNode) -> list[SyntaxTreeNode]:
    return [row for part in table.children for row in part.children]


def _inline(node: SyntaxTreeNode) -> list[Span]:
    return [span for inline in node.children for span in _spans(inline.children, "")]


def _spans(nodes: list[SyntaxTreeNode], style: str) -> list[Span]:
    spans: list[Span] = []
    for node in nodes:
        if node.children and node.type != "image":
            spans += _spans(node.children, _STYLES.get(node.type, style))
        elif node.type == "hardbreak":
            spans.append({"text": "\n", "style": ""})
        else:
            text = " " if node.type == "softbreak" else node.content
            spans.append({"text": text, "style": _STYLES.get(node.type, style)})
    return [span for span in spans if span["text"]]
