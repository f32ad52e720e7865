"""A member of staff at a browser: logs in with a phone, opens pages, presses buttons."""

from __future__ import annotations

import re
from base64 import b32decode

from django_otp.oath import totp

from .rig import Rig
from .web import Answer, Fields, ask

LOGIN = "/admin/login/"
FIELD = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
SECRET = re.compile(rb'class="secret">([^<]+)<')
PASSWORD = re.compile(r"password (\S+)")


class Staff:
    """A new account in `role`, whose second factor is set up at the first login."""

    def __init__(self, rig: Rig, username: str, role: str) -> None:
        self.rig = rig
        self.cookies: dict[str, str] = {}
        made = rig.manage("create_organiser", "--username", username, "--role", role)
        found = PASSWORD.search(made)
        password = found[1] if found else ""
        self.get(LOGIN)
        page = self.press(LOGIN, {"username": username, "password": password, "next": "/admin/"})
        secret = SECRET.search(self.get(self.get(page.header("Location")).header("Location")).body)
        key = b32decode(secret[1].replace(b" ", b"")) if secret else b""
        self.press(f"{LOGIN}set-up/", {"code": f"{totp(key):06}"})

    def get(self, path: str) -> Answer:
        return self._ask(path, "GET", None)

    def press(self, path: str, fields: Fields) -> Answer:
        """Open the page at `path` as people do, fill in `fields`, and send its form."""
        token = FIELD.search(self.get(path).body)
        hidden = {"csrfmiddlewaretoken": token[1].decode() if token else ""}
        return self._ask(path, "POST", {**fields, **hidden})

    def _ask(self, path: str, method: str, form: Fields | None) -> Answer:
        sent = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        answer = ask(self.rig.port, path, method, form, {"Cookie": sent})
        for name, value in answer.headers:
            if name == "Set-Cookie":
                cookie, _, content = value.partition(";")[0].partition("=")
                self.cookies[cookie] = content
        return answer
