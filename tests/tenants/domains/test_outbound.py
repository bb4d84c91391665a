"""Fetching a URL that a user entered: public addresses only, small and fast."""

from collections.abc import Iterator
from ipaddress import ip_address
from time import monotonic
from typing import Any

import pytest

from tenants.domains import outbound
from tenants.domains.outbound import FetchError, fetch, is_allowed_address
from tests.factories.fake_network import NameServer, WebServer, name_server, web_server

HOST = "www.clinic.example"


@pytest.fixture
def names(settings: Any) -> Iterator[NameServer]:
    """Start the name server that is queried."""
    with name_server() as server:
        settings.DNS_RESOLVERS = [server.address]
        server.records[HOST, "A"] = ["127.0.0.1"]
        yield server


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


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
        "224.0.0.1", "255.255.255.255", "198.18.0.1", "::1", "::", "fe80::1", "fc00::1", "ff02::1",
        "::ffff:10.0.0.1", "::ffff:8.8.8.8", "64:ff9b::a00:1", "2002:a00:1::", "2001:db8::1",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public_are_not_allowed(address: str) -> None:
    assert not is_allowed_address(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2606:4700::1111"])
def test_public_addresses_are_allowed(address: str) -> None:
    assert is_allowed_address(ip_address(address))
