"""A small bundle that tests write to disk and spoil in one place."""

from __future__ import annotations

from pathlib import Path

LETTER = """\
---
slug: small
addressee: |
  Her Excellency
  The Assembly
cc: [First Committee, Second Committee]
sender: A Society
letter_date: 2011-06-04
opens_at: 2026-01-02T03:04:05+02:00
closes_at: 2027-01-02 03:04:05
goal: 500
review: after
is_published: true
is_featured: true
contact: A Person
leaders: [First Leader, Second Leader]
sign_on_email: sign@example.org
provenance: Written for a test.
---
"""
ENGLISH = "---\ntitle: A letter\n---\n\nMadam,\n\nplease answer.\n"
FRENCH = "---\ntitle: Une lettre\nis_courtesy_translation: true\n---\n\nMadame,\n\nrépondez.\n"
TIMELINE = """\
- {when: 1989, who: Students, what: They were shot at.}
- {when: 1998-11-30, who: Founders, what: They were jailed.}
"""


def write_bundle(folder: Path, **changes: str | None) -> Path:
    """The bundle in `folder`; `changes` replaces files by their stem, None leaves one out.

    Stems have _ for each dot: letter, text_en, text_fr, appeal_en, timeline_en.
    """
    files: dict[str, str | None] = {
        "letter": LETTER,
        "text_en": ENGLISH,
        "text_fr": FRENCH,
        "appeal_en": "Please *sign*.\n",
        "timeline_en": TIMELINE,
    }
    folder.mkdir(exist_ok=True)
    for stem, content in (files | changes).items():
        suffix = ".yaml" if stem.startswith("timeline") else ".md"
        path = folder / (stem.replace("_", ".") + suffix)
        path.unlink(missing_ok=True)
        if content is not None:
            path.write_text(content, encoding="utf-8")
    return folder
