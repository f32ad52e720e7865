"""The site under test: production settings, its letter loaded, a member of staff logged in."""

from __future__ import annotations

import base64
import os
import secrets
import subprocess
import sys
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from .servers import ROOT, running

SLUG = "un-2011"
WSGI = "letter_site.wsgi:application"
BARE_WSGI = "bench.bare.wsgi:application"


@dataclass(frozen=True)
class Site:
    """The environment that the site and its commands run in."""

    env: dict[str, str]

    @property
    def database_url(self) -> str:
        return self.env["DATABASE_URL"]

    def manage(self, *arguments: str) -> list[str]:
        """The command line of a manage.py command."""
        return [sys.executable, "manage.py", *arguments]

    def worker(self, log: Path) -> AbstractContextManager[subprocess.Popen[bytes]]:
        """`manage.py db_worker`, as production runs it, but looking more often."""
        command = self.manage("db_worker", "--queue-name", "*", "--interval", "0.2")
        return running(command, self.env, log)

    def run(self, *command: str) -> str:
        """What `command` printed; raises CalledProcessError where it fails."""
        done = subprocess.run(
            command, cwd=ROOT, env=self.env, check=True, stdout=subprocess.PIPE, text=True
        )
        return done.stdout.strip()


def prepare(database_url: str, redis_url: str, data: Path) -> Site:
    """Migrate, load the letter, collect the static files; the rate limits are off.

    The load comes from one address, and what is measured is signing, not refusing.
    """
    site = Site(
        os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "bench.site_settings",
            "DEBUG": "0",
            "DATA_DIR": str(data),
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "SECRET_KEY": secrets.token_urlsafe(48),
            "PEPPER": secrets.token_urlsafe(32),
            "FIELD_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
            "ALLOWED_HOSTS": "127.0.0.1",
            "SITE_URL": "http://127.0.0.1",
            "EMAIL_URL": "",
            "SIGN_RATE_HOLD": "off",
            "SIGN_RATE_REFUSE": "off",
        }
    )
    site.run(*site.manage("migrate", "--verbosity", "0"))
    site.run(*site.manage("load_letter", f"letters/content/{SLUG}"))
    site.run(*site.manage("collectstatic", "--noinput", "--verbosity", "0"))
    return site


def log_in(site: Site) -> dict[str, str]:
    """The Cookie header of a member of staff who may do everything."""
    key = site.run(*site.manage("shell", "--verbosity", "0", "--command", LOG_IN))
    return {"Cookie": f"sessionid={key.splitlines()[-1]}"}


LOG_IN = """
from importlib import import_module
from time import time
from django.conf import settings
from django.contrib import auth
from django.contrib.auth.models import User
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp.plugins.otp_static.models import StaticDevice
user = User.objects.create_superuser("bench")
device = StaticDevice.objects.create(user=user, name="bench")
session = import_module(settings.SESSION_ENGINE).SessionStore()
session[auth.SESSION_KEY] = str(user.pk)
session[auth.BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session[auth.HASH_SESSION_KEY] = user.get_session_auth_hash()
session[DEVICE_ID_SESSION_KEY] = device.persistent_id
session["started_at"] = time()
session.save()
print(session.session_key)
"""


def prepare_bare(database_url: str, page: Path) -> Site:
    """The bare site on the same database, with `page` as the bytes that it serves."""
    site = Site(os.environ | {"DATABASE_URL": database_url, "BARE_PAGE": str(page)})
    site.run(sys.executable, "-m", "bench.bare.make_table")
    return site
