"""One picture by the typesetter, in a process of its own: python draw.py < JOB.json > PICTURE.png

The typesetter keeps fonts and layout in memory, which a web server's process should not. Needs
nothing of this project.
"""

from __future__ import annotations

import json
import sys

import typst


def main() -> None:
    """Draw `template` with `data` and `fonts` of the job; end with code 1 where it cannot be."""
    job = json.load(sys.stdin)
    picture = typst.compile(
        job["template"],
        format="png",
        ppi=72.0,
        font_paths=job["fonts"],
        sys_inputs={"data": json.dumps(job["data"])},
    )
    sys.stdout.buffer.write(picture)


if __name__ == "__main__":
    try:
        main()
    except typst.TypstError as error:
        sys.exit(str(error))
