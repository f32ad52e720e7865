"""Bind typeset pieces into one tagged PDF, in a process of its own: python bind.py JOB.json

Pages, structure (ISO 32000-1, 14.7) and outline are joined: the pieces' structure elements go
under one document element, and the numbers that lead from a page to them are counted on. Needs
nothing of this project.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, OutlineItem, Pdf


def main(job_file: str) -> None:
    """Bind `pieces` (paths, the first one gives the metadata) into `output`; print its pages."""
    job = json.loads(Path(job_file).read_text("utf-8"))
    print(json.dumps({"pages": bind(job)}))  # noqa: T201 - this is how the result is handed back


def bind(job: dict[str, Any]) -> int:
    """Do it; how many pages there are."""
    with Pdf.open(job["pieces"][0]) as book:
        structure = _Structure(book)
        for path in job["pieces"][1:]:
            with Pdf.open(path) as piece:
                before = len(book.pages)
                book.pages.extend(piece.pages)
                structure.take(piece, book.pages[before:])
        structure.close()
        _outline(book, job["outline"])
        book.save(
            job["output"], object_stream_mode=ObjectStreamMode.generate, deterministic_id=True
        )
        return len(book.pages)


class _Structure:
    """The structure tree of a book that grows."""

    def __init__(self, book: Pdf) -> None:
        self.book = book
        self.root = book.Root.StructTreeRoot
        self.document = _list(self.root.K)[0]
        self.parts = _list(self.document.K)
        self.numbers: list[Any] = list(self.root.ParentTree.Nums)
        self.next_key = int(self.root.ParentTreeNextKey)

    def take(self, piece: Pdf, pages: Any) -> None:
        """Hang the structure of `piece`, whose pages are `pages` here, under the document."""
        tree = self.book.copy_foreign(piece.Root.StructTreeRoot)
        for page in pages:
            page.obj.StructParents = int(page.obj.StructParents) + self.next_key
        for index, entry in enumerate(tree.ParentTree.Nums):
            self.numbers.append(entry if index % 2 else int(entry) + self.next_key)
        self.next_key += int(tree.ParentTreeNextKey)
        part = _list(tree.K)[0]
        part.S, part.P = Name.Part, self.document
        self.parts.append(part)

    def close(self) -> None:
        """Write down what was taken."""
        self.document.K = Array(self.parts)
        self.root.ParentTree = self.book.make_indirect(Dictionary(Nums=Array(self.numbers)))
        self.root.ParentTreeNextKey = self.next_key


def _list(value: Object) -> list[Any]:
    return list(value.as_list()) if isinstance(value, Array) else [value]


def _outline(book: Pdf, entries: list[dict[str, Any]]) -> None:
    """`entries`: title, page from 0, and entries below it."""
    with book.open_outline() as outline:
        outline.root[:] = [_item(entry) for entry in entries]


def _item(entry: dict[str, Any]) -> OutlineItem:
    item = OutlineItem(entry["title"], entry["page"])
    item.children.extend(_item(child) for child in entry.get("entries", []))
    return item


if __name__ == "__main__":
    main(sys.argv[1])
