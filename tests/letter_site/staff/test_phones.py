"""What the database keeps of a phone does not make its codes."""

from __future__ import annotations

from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice
from hypothesis import given
from hypothesis import strategies as st

from letter_site.staff.models import new_seed, secret_of

from .door import INDEX, code_of, give_code, give_password, with_phone

SEEDS = st.binary(min_size=32, max_size=32).map(bytes.hex)


def test_what_is_stored_makes_no_code_that_opens(client, jane):
    key, _codes = with_phone(jane)
    give_password(client)

    kept = TOTPDevice.objects.get(user=jane).key

    assert key not in kept
    assert give_code(client, code_of(kept)).status_code == 200
    assert give_code(client, code_of(kept[:40])).status_code == 200


def test_the_same_seed_under_another_pepper_is_another_phone(settings):
    seed = new_seed()
    before = secret_of(seed)

    settings.PEPPER = "another " * 5

    assert secret_of(seed) != before


def test_a_device_of_before_goes_on_working(client, jane):
    device = TOTPDevice.objects.create(user=jane, name="phone")
    give_password(client)

    response = give_code(client, code_of(device.key))

    assert response.url == INDEX
    assert client.get(INDEX).status_code == 200


def test_the_phone_of_one_browser_stays_the_same_until_it_is_set_up(jane):
    client = Client()
    give_password(client)

    pages = [client.get("/admin/login/set-up/").content for _visit in range(2)]

    assert pages[0].split(b'class="secret">')[1][:40] == pages[1].split(b'class="secret">')[1][:40]


@given(seed=SEEDS)
def test_a_secret_has_the_length_that_phones_expect(seed):
    assert len(secret_of(seed)) == 20
    assert secret_of(seed) == secret_of(seed)
    assert secret_of(seed).hex() not in seed
