"""The staff's door: a thousand passwords, and a right one without a second factor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

from .finding import Finding
from .rig import Rig
from .staff import FIELD, LOGIN, PASSWORD
from .web import Answer, ask

PASSWORDS = 1_000
AT_ONCE = 8
CHECKED = 5
# Every page that the admin has for a list, and what it asks for before anything else.
ADDRESSES = """
from django.contrib import admin
from django.urls import reverse
print(reverse("admin:index"))
for model in admin.site._registry:
    for page in ("changelist", "add"):
        print(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}"))
"""


def findings(rig: Rig) -> Iterator[Finding]:
    rig.manage("create_organiser", "--username", "besieged")
    own = PASSWORD.search(rig.manage("create_organiser", "--username", "hurried"))
    yield from _besieged(rig)
    yield from _without_second_factor(rig, own[1] if own else "")


def _log_in(rig: Rig, username: str, password: str, sender: str) -> Answer:
    """Fill in the login form as a new browser at `sender` would."""
    away = {"X-Forwarded-For": sender}
    form = ask(rig.port, LOGIN, headers=away)
    token = FIELD.search(form.body)
    fields = {"username": username, "password": password, "next": "/admin/"}
    fields["csrfmiddlewaretoken"] = token[1].decode() if token else ""
    return ask(rig.port, LOGIN, "POST", fields, {**away, "Cookie": _cookies(form)})


def _cookies(answer: Answer) -> str:
    set_ = [value for name, value in answer.headers if name == "Set-Cookie"]
    return "; ".join(value.partition(";")[0] for value in set_)


def _besieged(rig: Rig) -> Iterator[Finding]:
    """Each password from an address of its own, eight at a time."""

    def guess(number: int) -> Answer:
        sender = f"198.51.{number >> 8}.{number & 255}"
        return _log_in(rig, "besieged", f"wrong passphrase {number}", sender)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        statuses = Counter(answer.status for answer in pool.map(guess, range(PASSWORDS)))
    log = (rig.logs / "gunicorn.log").read_text()
    reached, refused = log.count('"login failed"'), log.count('"login refused, too many attempts"')
    yield Finding("passwords tried", reached + refused, PASSWORDS, reached + refused == PASSWORDS)
    yield Finding("of them looked at by the checker", reached, f"<= {CHECKED}", reached <= CHECKED)
    yield Finding("kinds of answer to a wrong password", dict(statuses), "one", len(statuses) == 1)


def _without_second_factor(rig: Rig, password: str) -> Iterator[Finding]:
    addresses = rig.manage("shell", "--verbosity", "0", "--command", ADDRESSES).split()
    answer = _log_in(rig, "hurried", password, "198.51.100.200")
    cookie = {"Cookie": _cookies(answer), "X-Forwarded-For": "198.51.100.200"}
    opened = [page for page in addresses if ask(rig.port, page, headers=cookie).status == 200]
    led = answer.header("Location")
    yield Finding("a right password leads to", led, "a second step", "/login/" in led)
    what = f"pages of the admin ({len(addresses)}) open without a second one"
    yield Finding(what, opened or 0, 0, not opened and len(addresses) > 10)
