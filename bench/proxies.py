"""The proxies of deploy/, with our configurations, on ports of their own and without TLS."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from .postgres import NotHere, free_port
from .servers import NOWHERE, ROOT, running, wait_until_ready

STATIC = "/bare/page"  # the same bytes as a file of nginx's own

# What belongs to the machine in deploy/nginx.conf, and what stands for it here.
NGINX = {
    r"/run/nginx\.pid": "{folder}/nginx.pid",
    r"/var/cache/nginx/letter": "{folder}/cache",
    r"listen 80;": "listen 127.0.0.1:{other};",
    r"listen \[::\]:\d+.*;": "",
    r"listen 443 ssl http2;": "listen 127.0.0.1:{port};",
    r"ssl_\w+ .*;": "",
    r"letter\.example": "127.0.0.1",
    r"server 127\.0\.0\.1:8000;": "server 127.0.0.1:{upstream};",
    r"location / \{": "location = {static} {{ alias {folder}/page; default_type text/html;"
    " {headers} }}\n        location / {{",
}


@contextmanager
def nginx(
    upstream: int, folder: Path, page: bytes = b"", headers: Mapping[str, str] | None = None
) -> Iterator[int]:
    """The port of nginx in front of `upstream`, with `page` as a file at STATIC, and `headers`.

    Raises NotHere where it is not installed, and ValueError where the configuration has changed
    so much that nothing here fits it.
    """
    place = folder / "nginx"
    place.mkdir(mode=0o755)
    (place / "page").write_bytes(page)
    folder.chmod(0o755)  # its workers are another user, and read the page in it
    port = free_port()
    also = " ".join(f'add_header {name} "{value}";' for name, value in (headers or {}).items())
    ports = {"port": port, "other": free_port(), "upstream": upstream}
    words = (ROOT / "deploy" / "nginx.conf").read_text()
    for ours, theirs in NGINX.items():
        words, found = re.subn(
            ours, theirs.format(static=STATIC, headers=also, folder=place, **ports), words
        )
        if not found:
            raise ValueError(f"deploy/nginx.conf has no {ours!r} any more")
    (place / "nginx.conf").write_text(words)
    command = ["nginx", "-p", str(place), "-c", str(place / "nginx.conf"), "-g", "daemon off;"]
    with _running(command, {}, port):
        yield port


@contextmanager
def caddy(upstream: int, folder: Path) -> Iterator[int]:
    """The port of Caddy in front of `upstream`; raises NotHere where it is not installed."""
    port = free_port()
    place = folder / "caddy"
    place.mkdir()
    env = {
        "SITE_URL": f"http://127.0.0.1:{port}",
        "UPSTREAM": f"127.0.0.1:{upstream}",
        "HTTP_PORT": str(free_port()),
        "HTTPS_PORT": str(free_port()),
        "HOME": str(place),
        **_buffering(),
        "XDG_DATA_HOME": str(place),
        "XDG_CONFIG_HOME": str(place),
    }
    command = ["caddy", "run", "--adapter", "caddyfile"]
    command += ["--config", str(ROOT / "deploy" / "Caddyfile")]
    with _running(command, env, port):
        yield port


def _buffering() -> dict[str, str]:
    """What deploy/Caddyfile asks of a Caddy before 2.6.3, such as Debian 12 has."""
    if not shutil.which("caddy"):
        return {}
    done = subprocess.run(["caddy", "version"], capture_output=True, text=True, check=True)
    version = tuple(int(part) for part in re.findall(r"\d+", done.stdout)[:3])
    return {"BUFFERING": "buffer_requests"} if version < (2, 6, 3) else {}


@contextmanager
def _running(command: list[str], env: dict[str, str], port: int) -> Iterator[None]:
    if not shutil.which(command[0]):
        raise NotHere(f"{command[0]} is not installed here (Debian: apt install {command[0]}).")
    with running(command, os.environ | env, NOWHERE):
        wait_until_ready(port)
        yield
