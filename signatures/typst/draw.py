"""One drawing by the typesetter, in a process of its own: python draw.py < JOB.json > DRAWING

The typesetter keeps fonts and layout in memory, which a web server's process should not. Needs
nothing of this project.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import typst

# Pictures at one pixel a point; pages that a screen reader can read (PDF/UA-1, ISO 14289-1).
OPTIONS: dict[str, dict[str, Any]] = {"png": {"ppi": 72.0}, "pdf": {"pdf_standards": ["ua-1"]}}


def main() -> None:
    """Draw `template` with `data` and `fonts` of the job; end with code 1 where it cannot be."""
    job = json.load(sys.stdin)
    drawn: Any = typst.compile(
        job["template"],
        format=job["format"],
        font_paths=job["fonts"],
        sys_inputs={"data": json.dumps(job["data"])},
        **OPTIONS[job["format"]],
    )
    sys.stdout.buffer.write(drawn)


if __name__ == "__main__":
    try:
        main()
    except typst.TypstError as error:
        sys.exit(str(error))
