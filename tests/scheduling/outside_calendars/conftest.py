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
from tests.factories.calendar_server import ADDRESS, CalendarServer, calendar
from tests.factories.http_server import running
from tests.factories.https_fixtures import certificate, names, outbound_to

__all__ = ["certificate", "names", "outbound_to"]

AddCalendar = Callable[..., OutsideCalendar]


@pytest.fixture
def provider(
    certificate: Path, outbound_to: Callable[[int], None], settings: Any
) -> Iterator[CalendarServer]:
    """A provider of calendars. The timeout is long, because the machine may be busy."""
    with running(CalendarServer(certificate)) as server:
        outbound_to(server.server_port)
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
