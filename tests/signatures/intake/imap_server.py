"""A Dovecot of its own on loopback, and a proxy before it that cuts the line."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import threading
import time
from contextlib import suppress
from pathlib import Path

USER, PASSWORD = "campaign", "secret"
CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/log
ssl = no
disable_plaintext_auth = no
default_internal_user = {internal}
default_login_user = {login}
default_internal_group = {group}
first_valid_uid = 1
first_valid_gid = 1
mail_location = maildir:{root}/mail
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={owner} gid={owner_group} home={root}/home allow_all_users=yes
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
"""


def free_port() -> int:
    """Return a TCP port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Dovecot:
    """A server with one account; its mail is a Maildir under `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.port = free_port()
        self.url = f"imap://{USER}:{PASSWORD}@127.0.0.1:{self.port}/INBOX"
        self._owner = pwd.getpwnam("nobody") if os.getuid() == 0 else pwd.getpwuid(os.getuid())

    def start(self) -> None:
        """Start the server and wait until it answers, at most ten seconds."""
        for folder in ("run", "state", "home", "mail/cur", "mail/new", "mail/tmp"):
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        is_root = os.getuid() == 0
        group = "nogroup" if is_root else str(self._owner.pw_gid)
        config = CONFIG.format(
            root=self.root,
            port=self.port,
            password=PASSWORD,
            owner=self._owner.pw_name,
            owner_group=group,
            internal="dovecot" if is_root else self._owner.pw_name,
            login="dovenull" if is_root else self._owner.pw_name,
            group="dovecot" if is_root else group,
        )
        (self.root / "dovecot.conf").write_text(config)
        self._give_away()
        command = [dovecot_path() or "dovecot", "-F", "-c", str(self.root / "dovecot.conf")]
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE)
        self._wait()

    def _give_away(self) -> None:
        if os.getuid() == 0:
            for path in (self.root / "mail", self.root / "home"):
                for one in (path, *path.rglob("*")):
                    os.chown(one, self._owner.pw_uid, self._owner.pw_gid)

    def _wait(self) -> None:
        until = time.monotonic() + 10
        while time.monotonic() < until:
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1) as line:
                if line.recv(20).startswith(b"* OK"):
                    return
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(0.05)
                break
        log = self.root / "log"
        raise RuntimeError(log.read_text() if log.exists() else "dovecot does not start")

    def stop(self) -> None:
        """Stop the server that `start` started."""
        self._process.terminate()
        self._process.wait(10)

    def fill(self, messages: list[bytes]) -> None:
        """Replace the mail of the account, in this order."""
        for folder in ("cur", "new"):
            for old in (self.root / "mail" / folder).iterdir():
                old.unlink()
        for index in (self.root / "mail").glob("dovecot*"):
            index.unlink()
        for number, message in enumerate(messages):
            (self.root / "mail" / "new" / f"{1_300_000_000 + number}.{number}.host").write_bytes(
                message
            )
        self._give_away()

    def flags(self) -> list[str]:
        """The names of the files of mail: a message that was marked carries it in its name."""
        folder = self.root / "mail"
        return sorted(file.name for sub in ("cur", "new") for file in (folder / sub).iterdir())


def dovecot_path() -> str | None:
    """Where Dovecot is installed; Debian puts it where a user's PATH does not look."""
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")


class CuttingProxy:
    """Passes bytes to the server, and cuts each connection after so many bytes of its answers."""

    def __init__(self, port: int, cuts: list[int]) -> None:
        self._port = port
        self._cuts = cuts
        self.connections = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            left = self._cuts[self.connections] if self.connections < len(self._cuts) else None
            self.connections += 1
            server = socket.create_connection(("127.0.0.1", self._port))
            for source, target, limit in ((client, server, None), (server, client, left)):
                threading.Thread(target=_pass, args=(source, target, limit), daemon=True).start()

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()


def _pass(source: socket.socket, target: socket.socket, left: int | None) -> None:
    with suppress(OSError):
        while chunk := source.recv(4096 if left is None else min(4096, max(left, 1))):
            target.sendall(chunk)
            if left is not None:
                left -= len(chunk)
                if left <= 0:
                    break
    for end in (source, target):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()
