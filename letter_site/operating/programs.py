"""Other people's programs at the ends of a stream: pg_dump, pg_restore, tar."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from tempfile import TemporaryFile
from typing import IO

from .exceptions import BackupError

PACKAGES = {"pg_dump": "postgresql-client", "pg_restore": "postgresql-client", "tar": "tar"}


def find_program(name: str) -> str:
    """Where `name` is; raises BackupError naming it and its Debian package where it is not."""
    found = shutil.which(name)
    if found is None:
        raise BackupError(f"{name} is not on the PATH (Debian: apt install {PACKAGES[name]}).")
    return found


@contextmanager
def output_of(command: list[str], env: Mapping[str, str] | None = None) -> Iterator[IO[bytes]]:
    """What `command` writes, to be read to its end; raises BackupError where it fails."""
    with _running(command, env, stdout=subprocess.PIPE) as process:
        assert process.stdout
        yield process.stdout


@contextmanager
def input_of(command: list[str], env: Mapping[str, str] | None = None) -> Iterator[IO[bytes]]:
    """Where `command` reads; it has done its work when the block ends, or BackupError is raised."""
    with _running(command, env, stdin=subprocess.PIPE) as process:
        assert process.stdin
        yield process.stdin
        process.stdin.close()


@contextmanager
def _running(
    command: list[str],
    env: Mapping[str, str] | None,
    stdin: int | None = None,
    stdout: int | None = None,
) -> Iterator[subprocess.Popen[bytes]]:
    program, *arguments = command
    with (
        TemporaryFile() as said,
        subprocess.Popen(  # noqa: S603 (fixed programs, no shell)
            [find_program(program), *arguments],
            env={**os.environ, **(env or {})},
            stdin=stdin,
            stdout=stdout,
            stderr=said,
        ) as process,
    ):
        try:
            yield process
        except (BackupError, BrokenPipeError) as error:
            # The stream broke: what the program complained of by now is the better reason. What it
            # says when it is ended is none.
            reason = _first_line(said)
            process.terminate()
            raise BackupError(f"{program} failed: {reason}" if reason else str(error)) from error
        if process.wait():
            reason = _first_line(said)
            raise BackupError(f"{program} failed: {reason}" if reason else f"{program} failed.")


def _first_line(said: IO[bytes]) -> str:
    """The program's first line. The lines after it may quote rows, which are people's."""
    return os.pread(said.fileno(), 500, 0).decode(errors="replace").partition("\n")[0].strip()
