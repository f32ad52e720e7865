"""How often one network may sign: believed addresses, held and refused, and nothing kept."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.core.cache import caches
from django.test import RequestFactory

from signatures import ratelimit
from signatures.models import Signature
from signatures.ratelimit import client_address, network_of

AWAY = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": "redis://127.0.0.1:1/0",
    }
}


def asked(remote: str, forwarded: str | None = None):
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=remote, headers=headers)


@pytest.fixture
def limits(settings):
    """Days, so that no test stands astride two windows."""
    settings.SIGN_RATE_HOLD = "2/d"
    settings.SIGN_RATE_REFUSE = "4/d"
    return settings


@pytest.mark.parametrize(
    ("proxies", "forwarded", "believed"),
    [
        (0, None, "10.0.0.1"),
        (0, "203.0.113.9", "10.0.0.1"),
        (1, None, "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.7, 203.0.113.9", "203.0.113.9"),
        (1, "", "10.0.0.1"),
        (1, "203.0.113.9,", "10.0.0.1"),
        (2, "203.0.113.9, 192.0.2.4", "203.0.113.9"),
        (2, "198.51.100.7, 203.0.113.9,192.0.2.4", "203.0.113.9"),
        (2, "192.0.2.4", "10.0.0.1"),
    ],
)
def test_only_what_trusted_proxies_wrote_is_believed(settings, proxies, forwarded, believed):
    settings.TRUSTED_PROXIES = proxies

    assert client_address(asked("10.0.0.1", forwarded)) == believed


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::ffff:203.0.113.9", "203.0.113.9"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        ("unix:", "unknown"),
        ("<script>", "unknown"),
    ],
)
def test_a_sender_is_an_ipv4_address_or_an_ipv6_64(address, network):
    assert network_of(address) == network


def test_above_the_first_limit_signatures_are_held_and_look_the_same(limits, post):
    responses = [post(name=f"Person {number}", email="a@example.org") for number in range(4)]

    rows = Signature.objects.order_by("id")
    assert {response.status_code for response in responses} == {303}
    assert [row.hold_reasons for row in rows] == [[], [], ["rate"], ["rate"]]
    assert [row.state for row in rows] == ["unconfirmed", "unconfirmed", "pending", "pending"]


def test_above_the_second_limit_they_are_refused_with_everything_kept(limits, post):
    for number in range(4):
        post(name=f"Person {number}")

    response = post(name="One <too> many", residence="Beirut", email="a@example.org")

    page = response.content.decode()
    assert response.status_code == 429
    assert 1 <= int(response["Retry-After"]) <= 86400
    for value in ("One &lt;too&gt; many", "Beirut", "a@example.org"):
        assert f'value="{value}"' in page
    assert re.search(r'name="consent"[^>]* checked', page)
    assert Signature.objects.count() == 4


def test_a_faulty_form_costs_nothing(limits, post):
    for _ in range(5):
        assert post(name="").status_code == 422

    assert post().status_code == 303


def test_another_network_has_its_own_limits(limits, client, post, text):
    for number in range(5):
        post(name=f"Person {number}")
    client.defaults["REMOTE_ADDR"] = "203.0.113.9"

    assert post(name="Another").status_code == 303
    assert Signature.objects.latest("id").hold_reasons == []


def test_a_forged_header_opens_no_new_account(limits, post):
    limits.TRUSTED_PROXIES = 1
    responses = [
        post(name=f"Person {n}", headers={"X-Forwarded-For": f"198.51.100.{n}, 203.0.113.9"})
        for n in range(5)
    ]

    assert [response.status_code for response in responses] == [303, 303, 303, 303, 429]


def test_off_means_off(settings, post):
    settings.SIGN_RATE_HOLD = settings.SIGN_RATE_REFUSE = None

    for number in range(15):
        post(name=f"Person {number}")

    assert {tuple(row.hold_reasons) for row in Signature.objects.all()} == {()}


def test_while_the_cache_is_away_signatures_are_kept_and_held(limits, post):
    limits.CACHES = AWAY

    response = post(email="a@example.org")

    row = Signature.objects.get()
    assert response.status_code == 303
    assert (row.state, row.hold_reasons) == ("pending", ["limits"])


def test_a_cache_that_keeps_nothing_means_held(limits, post):
    limits.CACHES = {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}

    post()

    assert Signature.objects.get().hold_reasons == ["limits"]


def test_no_address_is_in_the_cache(limits, client, post):
    client.defaults["REMOTE_ADDR"] = "203.0.113.9"

    post()

    kept = str(vars(caches["default"]))
    assert "203.0.113.9" not in kept
    assert "ratelimit-salt:" in kept


def test_the_key_of_an_address_is_another_one_every_day(monkeypatch):
    keys = set()
    for day in (4, 5):
        moment = datetime(2026, 6, day, 12, tzinfo=UTC)
        monkeypatch.setattr("signatures.ratelimit.timezone.now", lambda moment=moment: moment)
        keys |= {ratelimit._key("sign", asked("203.0.113.9")) for _ in range(2)}

    assert len(keys) == 2


@pytest.mark.parametrize(
    ("written", "network"),
    [
        ("192.0.2.1:443", "192.0.2.1"),
        ("[2001:db8::1]:443", "2001:db8::/64"),
        ("[2001:db8::1]", "2001:db8::/64"),
        ("2001:db8::1", "2001:db8::/64"),
        ("not an address", "unknown"),
    ],
)
def test_a_port_is_no_part_of_an_address(written, network):
    assert network_of(written) == network


def test_limits_of_two_periods_are_counted_apart(settings, post):
    settings.SIGN_RATE_HOLD = "2/d"
    settings.SIGN_RATE_REFUSE = "3/2d"

    responses = [post(name=f"Person {number}") for number in range(4)]

    assert [response.status_code for response in responses] == [303, 303, 303, 429]
    reasons = Signature.objects.order_by("id").values_list("hold_reasons", flat=True)
    assert list(reasons) == [[], [], ["rate"]]


@pytest.mark.parametrize(
    ("hold", "refuse", "statuses"), [("1/d", None, [303, 303]), (None, "1/d", [303, 429])]
)
def test_one_limit_may_be_off(settings, post, hold, refuse, statuses):
    settings.SIGN_RATE_HOLD, settings.SIGN_RATE_REFUSE = hold, refuse

    assert [post(name=f"Person {number}").status_code for number in range(2)] == statuses
