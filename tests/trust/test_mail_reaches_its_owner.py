"""A confirmation goes to the domain that was written, not to one that is spelt alike."""

from __future__ import annotations

from email.utils import parseaddr

import pytest
from django.core import mail
from django.core.mail.message import sanitize_address


@pytest.mark.parametrize(
    ("written", "reached"),
    [
        ("amal@example.org", "amal@example.org"),
        ("amal@bücher.example", "amal@xn--bcher-kva.example"),
        # IDNA 2008 (RFC 5891) knows ß and ς; IDNA 2003, which Python's own codec and so Django
        # speak, would send these two to somebody else's domain.
        ("amal@straße.example", "amal@xn--strae-oqa.example"),
        ("amal@πύργος.example", "amal@xn--oxaybeh6d.example"),
        ("amal@بريد.example", "amal@xn--ngbof4h.example"),
    ],
)
def test_it_goes_to_the_domain_that_was_written(signed, background, written, reached):
    signed(email=written)

    background()

    (address,) = mail.outbox[0].to
    assert parseaddr(sanitize_address(address, "utf-8"))[1] == reached
