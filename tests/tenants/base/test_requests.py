"""The client address that rate limits count by."""

from typing import Any

import pytest
from django.test import RequestFactory

from tenants.base.requests import rate_limit_address


@pytest.mark.parametrize(
    ("remote_address", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("", ""),
        ("unix:", ""),
    ],
)
def test_an_address_is_normalised_for_rate_limits(remote_address: str, address: str) -> None:
    assert rate_limit_address(RequestFactory().get("/", REMOTE_ADDR=remote_address)) == address


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "address"),
    [
        (False, "198.51.100.1", "192.0.2.1"),
        (True, "198.51.100.1", "198.51.100.1"),
        (True, "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        (True, "198.51.100.1,nonsense", ""),
        (True, "", "192.0.2.1"),
    ],
)
def test_only_the_last_forwarded_address_is_trusted_and_only_behind_a_proxy(
    settings: Any, behind_proxy: bool, forwarded: str, address: str
) -> None:
    settings.BEHIND_PROXY = behind_proxy
    request = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1", HTTP_X_FORWARDED_FOR=forwarded)

    assert rate_limit_address(request) == address
