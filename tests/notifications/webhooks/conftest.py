"""Fixtures: a system of the clinic that receives webhooks, and an endpoint for it."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from notifications.models import WebhookEndpoint, WebhookEvent
from notifications.services.webhook_endpoints import create_endpoint
from tenants.accounts.models import User
from tests.factories.fake_network import NameServer, name_server
from tests.factories.webhook_receiver import HOST, URL, Receiver, make_certificate, webhook_receiver


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for the receiver's host."""
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def names(settings: Any) -> Iterator[NameServer]:
    """The name server that is queried. The receiver's host is this machine."""
    with name_server() as server:
        settings.DNS_RESOLVERS = [server.address]
        server.records[HOST, "A"] = ["127.0.0.1"]
        yield server


@pytest.fixture
def receiver(
    certificate: Path, names: NameServer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Receiver]:
    """The clinic's own system."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with webhook_receiver(certificate) as server:
        settings.OUTBOUND_PORTS = {"http": 1, "https": server.server_port}
        settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.1/32"]
        yield server


@pytest.fixture
def endpoint_and_secret(
    receiver: Receiver, admin: User, clock: object, now: datetime
) -> tuple[WebhookEndpoint, str]:
    """An endpoint that receives the events of bookings, and its secret."""
    types = [name for name in WebhookEvent.values if name.startswith("booking.")]
    return create_endpoint(url=URL, event_types=types, by=admin, now=now)


@pytest.fixture
def endpoint(endpoint_and_secret: tuple[WebhookEndpoint, str]) -> WebhookEndpoint:
    """An endpoint that receives the events of bookings."""
    return endpoint_and_secret[0]
