"""However a booking is cancelled, its email cancels the calendar entry that was sent before (RFC 5546)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from icalendar import Calendar

from clinics.models import ClinicSettings, Doctor, Patient
from scheduling.clock.recurrence import Unit
from scheduling.clock.time_off import TimeOffSpec
from scheduling.models import Booking, Slot
from scheduling.recurring_visits.services import book_series
from scheduling.time_off.decisions import Action
from scheduling.time_off.give import give_time_off
from tenants.accounts.models import User
from tenants.models import Clinic
from tests.factories.admin_pages import submit_form
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import user_of
from tests.factories.schedule import make_booking, make_slot
from tests.notifications.conftest import Inbox
from tests.notifications.test_booking_emails import invitation

API = "/api/appointments"
DAY = date(2027, 1, 12)


@pytest.fixture
def now() -> datetime:
    """Monday 4 January 2027, 08:00 in London."""
    return datetime(2027, 1, 4, 8, tzinfo=UTC)


@pytest.fixture
def slots(doctor: Doctor, now: datetime) -> list[Slot]:
    """The doctor's slots at 10:00 on three Tuesdays, from 12 January 2027."""
    ClinicSettings.objects.update(email="desk@riverside.example")
    first = datetime(2027, 1, 12, 10, tzinfo=UTC)
    return [make_slot(doctor, first + timedelta(weeks=week)) for week in range(3)]


@pytest.fixture
def booking(slots: list[Slot], patient: Patient, now: datetime) -> Booking:
    """A booking on Tuesday 12 January 2027, 10:00."""
    return make_booking(slots[0], patient, now=now)


@dataclass(frozen=True, slots=True)
class People:
    """Those who cancel, and a client for the clinic's host."""

    patient: User
    admin: User
    api: Callable[[User], ClinicClient]
    desk: ClinicClient
    now: datetime


@pytest.fixture
def people(
    clinic: Clinic,
    patient: Patient,
    admin: User,
    *,
    client_for: Callable[..., ClinicClient],
    clock: Any,
    now: datetime,
) -> People:
    """The patient and an admin, who is also signed in to the clinic's admin, at `now`."""
    desk = ClinicClient(clinic)
    desk.force_login(admin)
    return People(user_of(patient), admin, lambda user: client_for(clinic, user), desk, now)


def by_the_patient(booking: Booking, people: People) -> None:
    response = people.api(people.patient).post(f"{API}/bookings/{booking.pk}/cancel/", {})
    assert response.status_code == 200


def by_staff_with_the_api(booking: Booking, people: People) -> None:
    response = people.api(people.admin).post(f"{API}/bookings/{booking.pk}/cancel/", {"reason": "Fire drill"})
    assert response.status_code == 200


def by_staff_in_the_admin(booking: Booking, people: People) -> None:
    data = {"action": "cancel_selected", "_selected_action": [str(booking.pk)], "confirmed": "yes"}
    assert "1 booking cancelled." in submit_form(people.desk, "scheduling/booking/", data)


def by_time_off(booking: Booking, people: People) -> None:
    give_time_off(
        doctor=booking.doctor,
        spec=TimeOffSpec(DAY, DAY),
        by=people.admin,
        others=Action.CANCEL,
        now=people.now,
    )


def entries(mail: EmailMessage) -> tuple[Any, Any]:
    """Return the calendar and its event. The method in the header equals that in the calendar."""
    (attached,) = [found for found in mail.walk() if found.get_content_type() == "text/calendar"]
    calendar, event = invitation(mail)
    assert attached.get_param("method") == calendar["METHOD"]
    return calendar, event


def series_entries(mail: EmailMessage) -> dict[str, Any]:
    """Return the events of an email about several visits, by UID."""
    files = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
    events = [Calendar.from_ical(part.get_content()).walk("VEVENT")[0] for part in files]
    return {str(event["UID"]): event for event in events}


def check_cancels(cancellation: EmailMessage, confirmation: EmailMessage) -> None:
    calendar, event = entries(cancellation)
    before_calendar, before = entries(confirmation)
    assert (before_calendar["METHOD"], calendar["METHOD"]) == ("REQUEST", "CANCEL")
    assert event["STATUS"] == "CANCELLED"
    assert event["SEQUENCE"] > before["SEQUENCE"]
    same = ("UID", "ORGANIZER", "ATTENDEE")
    assert [event[name] for name in same] == [before[name] for name in same]
    assert event["DTSTART"].to_ical() == before["DTSTART"].to_ical()


@pytest.mark.parametrize(
    "cancel", [by_the_patient, by_staff_with_the_api, by_staff_in_the_admin, by_time_off]
)
def test_a_cancelled_booking_is_cancelled_in_the_calendar_whoever_cancels(
    booking: Booking,
    people: People,
    *,
    cancel: Callable[[Booking, People], None],
    run_queue: Callable[[], list[str]],
    inbox: Inbox,
    clock: Any,
) -> None:
    """BC01."""
    run_queue()
    clock.shift(timedelta(minutes=1))

    cancel(booking, people)
    run_queue()

    confirmation, cancellation = inbox.mails()
    check_cancels(cancellation, confirmation)


def test_a_cancelled_series_cancels_each_of_its_calendar_entries(
    slots: list[Slot],
    people: People,
    patient: Patient,
    *,
    run_queue: Callable[[], list[str]],
    inbox: Inbox,
    clock: Any,
) -> None:
    """BC01."""
    booked = book_series(
        patient=patient,
        by=people.patient,
        doctor=slots[0].doctor,
        first=DAY,
        clock=600,
        unit=Unit.WEEK,
        every=1,
        count=3,
        now=people.now,
    )
    run_queue()
    (confirmation,) = inbox.mails()
    clock.shift(timedelta(minutes=1))

    response = people.api(people.patient).post(f"{API}/series/{booked.series.pk}/cancel/", {})
    run_queue()

    assert response.status_code == 200
    cancellation = inbox.mails()[1]
    booked_entries, cancelled_entries = series_entries(confirmation), series_entries(cancellation)
    assert len(booked_entries) == len(cancelled_entries) == 3
    for uid, event in cancelled_entries.items():
        assert event["STATUS"] == "CANCELLED"
        assert event["SEQUENCE"] > booked_entries[uid]["SEQUENCE"]
        assert event["DTSTART"].to_ical() == booked_entries[uid]["DTSTART"].to_ical()
