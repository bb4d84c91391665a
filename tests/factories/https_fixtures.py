"""Fixtures for servers outside the installation. Import them in the conftest of a folder that needs them."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.factories.fake_network import NameServer, name_server
from tests.factories.http_server import HOST, make_certificate


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key and a certificate for `HOST`."""
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def names(settings: Any) -> Iterator[NameServer]:
    """The name server that the application uses. `HOST` is this machine."""
    with name_server() as server:
        settings.DNS_RESOLVERS = [server.address]
        server.records[HOST, "A"] = ["127.0.0.1"]
        yield server


@pytest.fixture
def outbound_to(certificate: Path, names: NameServer, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that lets the application send requests to a server on this machine."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    def allow(port: int) -> None:
        settings.OUTBOUND_PORTS = {"http": 1, "https": port}
        settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.1/32"]

    return allow
