"""One piece of work with the typesetter, in a process of its own: python worker.py JOB.json

The typesetter keeps what it has laid out in memory, so each piece gets a process that ends. Reads
a job and prints its result as JSON. Needs nothing of this project.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import Any

import typst

_NOT_DRAWN = re.compile(r'the text `"(.+?)"` could not be displayed')


def main(job_file: str) -> None:
    """Typeset `template` with its data and fonts; print pages, or what no font draws."""
    job = json.loads(Path(job_file).read_text("utf-8"))
    print(json.dumps(_typeset(job)))  # noqa: T201 - this is how the result is handed back


def _typeset(job: dict[str, Any]) -> dict[str, Any]:
    compiler = typst.Compiler(
        job["template"],
        root=job["root"],
        font_paths=job["fonts"],
        ignore_system_fonts=not job["system_fonts"],
        sys_inputs={"data": job["data"]},
    )
    try:
        compiler.compile(
            output=job["output"], format="pdf", pdf_standards=["ua-1"], timestamp=job["timestamp"]
        )
    except typst.TypstError as error:
        missing = sorted(set("".join(_NOT_DRAWN.findall(error.diagnostic))))
        return {"missing": missing} if missing else {"error": error.message}
    return {"pages": int(compiler.query("<pages>", field="value", one=True))}


if __name__ == "__main__":
    main(sys.argv[1])
