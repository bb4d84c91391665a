"""Links that add an appointment to an online calendar."""

from datetime import datetime
from urllib.parse import parse_qsl, urlsplit

import pytest

from clinics.models import Patient
from notifications.calendar_files import booking_event
from notifications.calendar_links import CALENDAR_LINKS
from scheduling.models import Booking
from tests.factories.clinic_client import ClinicClient
from tests.factories.pages import sign_in
from tests.factories.visit_types import make_visit_type

MICROSOFT = {
    "path": "/calendar/action/compose",
    "rru": "addevent",
    "startdt": "2026-05-25T17:30:00Z",
    "enddt": "2026-05-25T18:00:00Z",
}
EXPECTED = {
    "google": (
        "calendar.google.com/calendar/render",
        {"action": "TEMPLATE", "dates": "20260525T173000Z/20260525T180000Z"},
        ("text", "details"),
    ),
    "outlook": ("outlook.live.com/calendar/0/deeplink/compose", MICROSOFT, ("subject", "body")),
    "office365": ("outlook.office.com/calendar/0/deeplink/compose", MICROSOFT, ("subject", "body")),
}


@pytest.fixture
def browser(clinic: object, clock: object, patient: Patient) -> ClinicClient:
    """A browser in which the patient is signed in."""
    client = ClinicClient(clinic)  # type: ignore[arg-type]
    sign_in(client, patient)
    return client


@pytest.mark.parametrize("calendar", list(CALENDAR_LINKS))
def test_an_online_calendar_is_told_what_the_calendar_file_has(
    booking: Booking, browser: ClinicClient, calendar: str, now: datetime
) -> None:
    visit_type = make_visit_type(name="Fertility clinic")
    Booking.objects.filter(pk=booking.pk).update(visit_type=visit_type, reason="Chest pain")
    event = booking_event(Booking.objects.get(pk=booking.pk), attendee=booking.patient.user)
    page, fields, (title, details) = EXPECTED[calendar]

    answer = browser.get(f"/appointments/{booking.pk}/calendar/{calendar}")

    address = urlsplit(answer["Location"])
    assert (answer.status_code, f"{address.netloc}{address.path}") == (302, page)
    assert dict(parse_qsl(address.query)) == {
        **fields,
        title: event.summary,
        details: f"{event.description}\n\n{event.url}",
        "location": event.location,
    }
    assert "Fertility" not in answer["Location"]
    assert "+" not in address.query


def test_a_cancelled_appointment_is_not_added(booking: Booking, browser: ClinicClient, now: datetime) -> None:
    Booking.objects.filter(pk=booking.pk).update(status="CANCELLED", cancelled_at=now)

    answer = browser.get(f"/appointments/{booking.pk}/calendar/google")

    assert (answer.status_code, answer["Location"]) == (303, f"/appointments/{booking.pk}")
