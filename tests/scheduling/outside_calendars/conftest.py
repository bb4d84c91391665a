"""Fixtures: a provider of calendars on a real socket, and a calendar of the doctor there."""

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from clinics.models import Doctor
from scheduling.models import OutsideCalendar
from scheduling.outside_calendars.services import add_calendar
from scheduling.outside_calendars.sources import checked_source
from tests.factories.calendar_server import ADDRESS, CalendarServer, calendar, calendar_server
from tests.factories.fake_network import NameServer, name_server
from tests.factories.webhook_receiver import HOST, make_certificate

AddCalendar = Callable[..., OutsideCalendar]


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for the provider's host."""
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def names(settings: Any) -> Iterator[NameServer]:
    """The name server that is queried. The provider's host is this machine."""
    with name_server() as server:
        settings.DNS_RESOLVERS = [server.address]
        server.records[HOST, "A"] = ["127.0.0.1"]
        yield server


@pytest.fixture
def provider(
    certificate: Path, names: NameServer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[CalendarServer]:
    """A provider of calendars. Reading one may take long here: the machine may be busy."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with calendar_server(certificate) as server:
        settings.OUTBOUND_PORTS = {"http": 1, "https": server.server_port}
        settings.OUTBOUND_ALLOWED_NETWORKS = ["127.0.0.1/32"]
        settings.OUTSIDE_CALENDAR_SECONDS = 60.0
        yield server


@pytest.fixture
def add(provider: CalendarServer, doctor: Doctor, now: datetime) -> AddCalendar:
    """Return a function that adds a calendar with these events to the doctor's."""

    def add_with(*events: str, **source: str) -> OutsideCalendar:
        provider.body = calendar(*events)
        assert doctor.user is not None
        found = checked_source(**{"address": ADDRESS, **source})
        return add_calendar(doctor=doctor, name="Family", source=found, by=doctor.user, now=now)

    return add_with
