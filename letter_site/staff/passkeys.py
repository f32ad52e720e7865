"""Passkeys: a second factor that no false site can talk anybody out of (W3C WebAuthn, level 3).

A browser signs a challenge for the address it stands on. Codes from a phone can be typed anywhere,
so an account with a passkey takes none: they are forgotten when the first one is added.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth.models import User
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django_otp.models import Device
from django_otp_webauthn.exceptions import OTPWebAuthnApiError
from django_otp_webauthn.helpers import WebAuthnHelper
from django_otp_webauthn.models import WebAuthnCredential
from webauthn.helpers.exceptions import WebAuthnException

from signatures.services.staff import StaffAction, staff_log

from . import second_factor
from .models import Phone

# What the site waits for, in the session, until the first answer comes, whatever that is.
ASKED = "passkey_asked"
INVITED = "passkey_invited"
# A browser's answer is JSON of somebody's making.
MALFORMED = (ValueError, TypeError, KeyError, RecursionError)
REFUSALS = (OTPWebAuthnApiError, WebAuthnException, IntegrityError, *MALFORMED)


@dataclass(frozen=True)
class Question:
    """What a page hands to the browser: `options` is JSON for what `kind` of ceremony."""

    kind: str
    options: str


def is_possible(request: HttpRequest) -> bool:
    """Whether `request` came to the address that passkeys are bound to."""
    origin = request.build_absolute_uri("/").rstrip("/")
    return origin in settings.OTP_WEBAUTHN_ALLOWED_ORIGINS


def passkeys_of(user: User) -> QuerySet[WebAuthnCredential]:
    """The passkeys of `user`, oldest first."""
    passkeys: QuerySet[WebAuthnCredential] = WebAuthnCredential.objects.filter(user=user)
    return passkeys.order_by("pk")


# Adding one


def invitation(request: HttpRequest, user: User) -> Question | None:
    """What makes a browser offer a new passkey for `user`; None where it cannot be."""
    if not is_possible(request):
        return None
    options, request.session[INVITED] = WebAuthnHelper(request).register_begin(user)
    return Question("create", json.dumps(options))


def enrol(*, request: HttpRequest, user: User, answer: str) -> tuple[Device, list[str]] | None:
    """Make a passkey the second factor of `user`, who has none yet.

    Returns it and the recovery codes, which nobody can read again; None for an answer that is not
    accepted, or where something else was set up in the meantime.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        has_one = second_factor.has_device(user)
        device = None if has_one else add(request=request, user=user, answer=answer)
        return device and (device, second_factor.recovery_codes_renew(user=user))


@transaction.atomic
def add(*, request: HttpRequest, user: User, answer: str, name: str = "") -> Device | None:
    """Keep the passkey of `answer` under `name`; None where it is not accepted.

    Codes from a phone open the account no longer.
    """
    device = _answered(request, INVITED, user, answer, WebAuthnHelper(request).register_complete)
    if device is not None:
        device.name = name
        device.save(update_fields=["name"])
        Phone.objects.filter(user=user).delete()
        staff_log(actor=user, action=StaffAction.PASSKEY_ADDED)
    return device


# Using it


def question(request: HttpRequest, user: User) -> Question | None:
    """What the passkeys of `user` have to answer; None where there is none, or none can."""
    if not is_possible(request) or not passkeys_of(user).exists():
        return None
    # Who is asked has given the passphrase: having the device is enough, no PIN.
    helper = WebAuthnHelper(request)
    options, request.session[ASKED] = helper.authenticate_begin(user, False)
    return Question("get", json.dumps(options))


def verify(*, request: HttpRequest, user: User, answer: str) -> Device | None:
    """The passkey of `user` that gave `answer` to the last question of this session, or None."""
    device = _answered(request, ASKED, user, answer, WebAuthnHelper(request).authenticate_complete)
    if device is None:
        staff_log(actor=user, action=StaffAction.FACTOR_FAILED)
    return device


def _answered(
    request: HttpRequest,
    waiting: str,
    user: User,
    answer: str,
    complete: Callable[..., WebAuthnCredential],
) -> WebAuthnCredential | None:
    state = request.session.pop(waiting, None)
    if state is None:
        return None
    try:
        with transaction.atomic():
            return complete(user, state, json.loads(answer))
    except REFUSALS:
        return None


@transaction.atomic
def remove(*, passkey: WebAuthnCredential) -> bool:
    """Forget `passkey`; False for an account's last one, which would leave only a password."""
    user = User.objects.select_for_update().get(pk=passkey.user_id)
    if not passkeys_of(user).exclude(pk=passkey.pk).exists():
        return False
    passkey.delete()
    staff_log(actor=user, action=StaffAction.PASSKEY_REMOVED)
    return True
