"""The IMAP server that the tests of this folder share."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from .imap_server import Dovecot, dovecot_path


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """A really running Dovecot; without the package these tests are skipped, loudly."""
    if not dovecot_path():
        warnings.warn("Dovecot is not installed: IMAP stays untested.", stacklevel=1)
        pytest.skip("install Debian's dovecot-imapd to test IMAP")
    root = Path(tempfile.mkdtemp(prefix="imap-"))  # tmp_path is closed to Dovecot's own users
    root.chmod(0o755)
    server = Dovecot(root)
    server.start()
    yield server
    server.stop()
    shutil.rmtree(root, ignore_errors=True)
