"""Which e-mail addresses are taken, and how they are stored."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from email_validator import EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from signatures.validators import clean_address

WORDS = st.text("amz019", min_size=1, max_size=30)
LOCALS = st.lists(WORDS, min_size=1, max_size=4).flatmap(
    lambda words: st.sampled_from("._+-").map(lambda sign: sign.join(words))
)
LABELS = st.lists(WORDS, min_size=1, max_size=3).map("-".join)
TOPS = st.sampled_from(["org", "museum", "onion", "arpa", "test", "local", "x", "a1", "1a"])
ADDRESSES = st.builds(
    lambda local, labels, top: f"{local}@{'.'.join([*labels, top])}",
    LOCALS,
    st.lists(LABELS, max_size=5),
    TOPS,
)


def library_says(address: str) -> str:
    """What email-validator makes of `address`; empty where it refuses it."""
    try:
        checked = validate_email(
            address, check_deliverability=False, allow_smtputf8=False, test_environment=True
        )
    except EmailNotValidError:
        return ""
    return checked.ascii_email or checked.normalized


def we_say(address: str) -> str:
    try:
        return clean_address(address)
    except ValidationError:
        return ""


@given(ADDRESSES)
@example("amal@example.onion")
@example("amal@localhost.local")
@example(f"{'a' * 64}@example.org")
@example(f"{'a' * 65}@example.org")
@example(f"amal@{'a' * 63}.org")
@example(f"amal@{'a' * 64}.org")
@example(f"amal@{'a.' * 123}org")
@example(f"amal@{'a.' * 124}org")
def test_an_address_of_the_usual_kind_is_what_the_library_makes_of_it(address):
    assert we_say(address) == library_says(address)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("amal@example.org", "amal@example.org"),
        ("amal.haddad+letter@mail.example.co.uk", "amal.haddad+letter@mail.example.co.uk"),
        ("Amal@Example.ORG", "Amal@example.org"),
        ("amal@bücher.example", "amal@xn--bcher-kva.example"),
        ("amal@straße.example", "amal@xn--strae-oqa.example"),
        ("o'connor@example.org", "o'connor@example.org"),
    ],
)
def test_an_address_is_stored_as_mail_servers_know_it(typed, stored):
    assert clean_address(typed) == stored


@pytest.mark.parametrize(
    "typed",
    ["amal", "amal@", "@example.org", "amal@example", "a b@example.org", "amal@example.onion",
     "amal@-example.org", "amal..haddad@example.org", "amal@example.org\nBcc: x@example.org"],
)  # fmt: skip
def test_what_no_mail_server_can_reach_is_refused(typed):
    with pytest.raises(ValidationError) as refusal:
        clean_address(typed)

    assert refusal.value.messages == [
        "Write an address such as name@example.org, or leave this empty."
    ]
