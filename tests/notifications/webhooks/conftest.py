"""Fixtures: a system of the clinic that receives webhooks, and an endpoint for it."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from notifications.models import WebhookEndpoint, WebhookEvent
from notifications.services.webhook_endpoints import create_endpoint
from tenants.accounts.models import User
from tests.factories.http_server import running
from tests.factories.https_fixtures import certificate, names, outbound_to
from tests.factories.webhook_receiver import URL, Receiver

__all__ = ["certificate", "names", "outbound_to"]


@pytest.fixture
def receiver(certificate: Path, outbound_to: Callable[[int], None]) -> Iterator[Receiver]:
    """The clinic's own system."""
    with running(Receiver(certificate)) as server:
        outbound_to(server.server_port)
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
