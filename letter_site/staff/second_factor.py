"""The second factor: passkeys, codes from a phone (RFC 6238), and recovery codes on paper."""

from __future__ import annotations

import secrets
from base64 import b32encode
from collections.abc import Iterator
from datetime import timedelta

import segno
from django.conf import settings
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp.models import Device
from django_otp.oath import TOTP
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp_webauthn.models import WebAuthnCredential

from signatures.services.staff import StaffAction, staff_log

from .models import Phone, secret_of

CODE_DIGITS = 6
STEPS_AROUND_NOW = 1
RECOVERY_CODES = 10
# 120 bits: above the 112 at which ASVS 5.0 (6.5.2) asks for no slow hash.
RECOVERY_BYTES = 15
STORED_LENGTH = 16
CLOCKS_DIFFER = timedelta(minutes=1)  # at most, between two machines


def has_device(user: User) -> bool:
    """Whether `user` has set up a second factor."""
    return any(
        model.objects.filter(user=user, confirmed=True).exists()
        for model in (Phone, WebAuthnCredential)
    )


# Setting it up


def secret_in_words(seed: str) -> str:
    """The secret of `seed` as people type it: base 32 (RFC 4648) in groups of four."""
    return " ".join(groups(b32encode(secret_of(seed)).decode(), 4))


def secret_as_picture(user: User, seed: str) -> str:
    """The same as a QR code for the camera of a phone: the data URI of an SVG."""
    address = Phone(user=user, key=seed).config_url
    return str(segno.make(address, error="m").svg_data_uri(scale=4, border=4, light="#fff"))


def enrol(*, user: User, seed: str, code: str) -> tuple[Device, list[str]] | None:
    """Make a phone the second factor of `user` where `code` shows that it has the secret.

    Returns the device and the recovery codes, which nobody can read again, or None for a wrong
    code, or where another one was set up in the meantime.
    """
    totp = TOTP(secret_of(seed), digits=CODE_DIGITS)
    if not code.isdecimal() or not totp.verify(int(code), STEPS_AROUND_NOW):
        return None
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        if has_device(user):
            return None
        # The code that was just shown must not open anything a second time.
        device = Phone.objects.create(
            user=user, name="phone", key=seed, drift=totp.drift, last_t=totp.t()
        )
        staff_log(actor=user, action=StaffAction.ENROLLED)
        codes = recovery_codes_renew(user=user)
    return device, codes


@transaction.atomic
def recovery_codes_renew(*, user: User) -> list[str]:
    """Ten new recovery codes in place of those before. Only their digests are stored."""
    name = {"name": "recovery codes"}
    device, _new = StaticDevice.objects.get_or_create(user=user, defaults=name)
    device.token_set.all().delete()
    codes = [recovery_code() for _number in range(RECOVERY_CODES)]
    for code in codes:
        device.token_set.create(token=stored(user, code))
    staff_log(actor=user, action=StaffAction.RECOVERY_RENEWED)
    return codes


def recovery_codes_left(user: User) -> int:
    """How many recovery codes `user` has not used yet."""
    return int(StaticToken.objects.filter(device__user=user).count())


def recovery_code() -> str:
    """24 letters and digits in groups of six."""
    text = b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode().lower()
    return "-".join(groups(text, 6))


def stored(user: User, code: str) -> str:
    """What the database keeps of a recovery code, however its owner spaced it."""
    plain = "".join(character for character in code.casefold() if character.isalnum())
    salt = f"letter_site.staff.recovery:{user.pk}"
    digest = salted_hmac(salt, plain, secret=settings.PEPPER, algorithm="sha256").digest()
    return b32encode(digest).decode()[:STORED_LENGTH]


def groups(text: str, size: int) -> Iterator[str]:
    return (text[start : start + size] for start in range(0, len(text), size))


# Using it


@transaction.atomic
def verify(*, user: User, code: str) -> Device | None:
    """The device of `user` that takes `code`, once; None for a wrong one or one tried too soon.

    django-otp makes a device wait 1, 2, 4, … seconds after each wrong code.
    """
    typed = code.replace(" ", "")
    if not typed:
        return None
    if typed.isdecimal() and len(typed) == CODE_DIGITS:
        model, token = Phone, typed
    else:
        model, token = StaticDevice, stored(user, code)
    device = model.objects.select_for_update().filter(user=user, confirmed=True).first()
    if device is not None:
        _forget_the_future(device)
    if device is None or not device.verify_token(token):
        staff_log(actor=user, action=StaffAction.FACTOR_FAILED)
        return None
    if model is StaticDevice:
        left = {"left": recovery_codes_left(user)}
        staff_log(actor=user, action=StaffAction.RECOVERY_USED, details=left)
    return device


def _forget_the_future(device: Phone | StaticDevice) -> None:
    """Let nobody wait for a wrong code that was given before the clock was put back."""
    failed_at = device.throttling_failure_timestamp
    if failed_at and failed_at > timezone.now() + CLOCKS_DIFFER:
        device.throttle_reset(commit=False)


@transaction.atomic
def reset(*, user: User) -> bool:
    """Forget the second factor of `user`, who sets up a new one at the next login.

    Sessions that rest on it are refused from now on. Returns whether there was one.
    """
    models = (Phone, StaticDevice, WebAuthnCredential)
    removed = sum(model.objects.filter(user=user).delete()[0] for model in models)
    if removed:
        staff_log(actor=None, action=StaffAction.RESET, details={"account": user.username})
    return bool(removed)
