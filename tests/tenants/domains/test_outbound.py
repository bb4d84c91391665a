"""Fetching a URL that a user entered: public addresses only, small and fast."""

from collections.abc import Iterator
from ipaddress import ip_address
from time import monotonic
from typing import Any

import pytest

from tenants.domains import outbound
from tenants.domains.outbound import FetchError, fetch, is_allowed_address
from tests.factories.fake_network import NameServer, WebServer, web_server
from tests.factories.http_server import HOST


@pytest.fixture
def web(settings: Any, names: NameServer) -> Iterator[WebServer]:
    """Start a web server that may be fetched from."""
    with web_server() as server:
        settings.OUTBOUND_PORTS = {"http": server.server_port, "https": 1}
        settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.1/32"]
        server.pages[HOST, "/page"] = b"word"
        yield server


def test_a_page_is_fetched(web: WebServer) -> None:
    assert fetch(f"http://{HOST}/page") == b"word"
    assert web.requests == [(HOST, "/page")]


def test_a_private_address_is_not_fetched(web: WebServer, settings: Any) -> None:
    settings.OUTBOUND_ALLOWED_NETWORKS = []

    with pytest.raises(FetchError, match="not a public address"):
        fetch(f"http://{HOST}/page")
    assert web.requests == []


def test_one_private_address_among_public_ones_is_not_allowed(web: WebServer, names: NameServer) -> None:
    names.records[HOST, "A"] = ["127.0.0.1", "10.0.0.1"]

    with pytest.raises(FetchError, match="not a public address"):
        fetch(f"http://{HOST}/page")
    assert web.requests == []


def test_a_redirect_to_an_allowed_address_is_followed(web: WebServer) -> None:
    web.moved[HOST, "/old"] = "/page"

    assert fetch(f"http://{HOST}/old") == b"word"


@pytest.mark.parametrize(
    "target",
    [
        "http://inside.example/secret",
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1/secret",
        "http://[::1]/secret",
        "http://localhost/secret",
        "file:///etc/passwd",
        "ftp://www.clinic.example/",
        "http://www.clinic.example:22/",
        "http://user@www.clinic.example/page",
        "http://[::1",
        "//",
        "/loop",
        "http://www.clinic.example/\u00e9",
    ],
)
def test_a_redirect_to_another_address_is_not_followed(
    web: WebServer, names: NameServer, target: str
) -> None:
    names.records["inside.example", "A"] = ["10.0.0.1"]
    web.moved[HOST, "/old"] = target
    web.moved[HOST, "/loop"] = "/loop"

    with pytest.raises(FetchError):
        fetch(f"http://{HOST}/old")
    assert {path for _host, path in web.requests} <= {"/old", "/loop"}


def test_only_the_first_bytes_are_read(web: WebServer) -> None:
    web.pages[HOST, "/large"] = b"x" * 100_000

    assert len(fetch(f"http://{HOST}/large")) == outbound.MAX_BYTES


def test_a_slow_response_is_abandoned(web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbound, "TIMEOUT_SECONDS", 1.2)
    web.pages[HOST, "/slow"] = b"x" * 1000
    web.slow = True

    began = monotonic()
    body = fetch(f"http://{HOST}/slow")

    assert monotonic() - began < 3
    assert len(body) < 5


def test_an_unreachable_server_is_an_error(web: WebServer, names: NameServer) -> None:
    for url in (f"http://{HOST}/none", f"https://{HOST}/page", "http://nowhere.example/"):
        with pytest.raises(FetchError):
            fetch(url)


# The shape an attacker would choose, and what it would reach.
_TRICKY = {
    "0.0.0.0": "this host",
    "0.1.2.3": "this network",
    "10.1.2.3": "private",
    "100.64.0.1": "carrier-grade NAT",
    "100.100.100.200": "metadata of a cloud, within carrier-grade NAT",
    "127.0.0.1": "loopback",
    "127.255.255.254": "the end of loopback",
    "168.63.129.16": "Azure's host",
    "169.254.169.254": "metadata of a cloud",
    "172.16.0.1": "private",
    "172.31.255.255": "the end of the private network",
    "192.0.0.9": "the nearest NAT gateway",
    "192.0.0.192": "metadata of a cloud",
    "192.0.2.1": "documentation",
    "192.88.99.1": "6to4 relays",
    "192.168.1.1": "private",
    "198.18.0.1": "benchmarks",
    "198.51.100.1": "documentation",
    "203.0.113.1": "documentation",
    "224.0.0.1": "multicast",
    "239.255.255.250": "multicast",
    "240.0.0.1": "reserved",
    "255.255.255.255": "broadcast",
    "::": "this host",
    "::1": "loopback",
    "::127.0.0.1": "IPv4-compatible loopback",
    "::8.8.8.8": "IPv4-compatible, which no network routes",
    "::ffff:10.0.0.1": "mapped private",
    "::ffff:127.0.0.1": "mapped loopback",
    "::ffff:169.254.169.254": "mapped metadata",
    "::ffff:192.88.99.1": "mapped 6to4 relays",
    "::ffff:0:127.0.0.1": "translated loopback (RFC 2765)",
    "64:ff9b::10.0.0.1": "NAT64 to a private address",
    "64:ff9b::127.0.0.1": "NAT64 to loopback",
    "64:ff9b::169.254.169.254": "NAT64 to metadata",
    "64:ff9b:1::8.8.8.8": "a network's own NAT64",
    "100::1": "discarded",
    "2001::1": "Teredo",
    "2001:0:4136:e378:8000:63bf:f5ff:fffe": "Teredo to 10.0.0.1",
    "2001:2::1": "benchmarks",
    "2001:20::1": "identifiers that are not routed",
    "2001:db8::1": "documentation",
    "2002:7f00:1::": "6to4 to loopback",
    "2002:a00:1::": "6to4 to a private address",
    "3fff::1": "documentation",
    "4000::1": "not allocated",
    "5f00::1": "segment routing inside a network",
    "fc00::1": "unique local",
    "fd00:ec2::254": "metadata of a cloud",
    "fe80::1": "link-local",
    "fec0::1": "site-local",
    "ff02::1": "multicast",
}


@pytest.mark.parametrize("address", _TRICKY)
def test_an_address_that_does_not_lead_to_the_internet_is_not_allowed(address: str) -> None:
    assert not is_allowed_address(ip_address(address)), _TRICKY[address]


@pytest.mark.parametrize(
    "address",
    ["8.8.8.8", "93.184.216.34", "100.63.255.255", "100.128.0.0", "172.32.0.1", "192.0.1.1", "198.20.0.1",
     "2606:4700::1111", "2a00:1450::1", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8"],
)  # fmt: skip
def test_a_public_address_is_allowed_also_behind_a_translation(address: str) -> None:
    assert is_allowed_address(ip_address(address))


def test_the_setting_allows_a_network_also_in_its_mapped_form(settings: Any) -> None:
    settings.OUTBOUND_ALLOWED_NETWORKS = ["10.0.0.0/8"]

    assert is_allowed_address(ip_address("::ffff:10.0.0.1"))
    assert not is_allowed_address(ip_address("::ffff:192.168.0.1"))
