"""The content of calendar feeds: which events and which details a patient and a doctor get."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from icalendar import Calendar

from clinics.models import Care, ClinicSettings, Doctor, Patient
from clinics.services.dependants import remove_carer
from notifications.calendar_files import booking_calendar_file
from notifications.selectors import bookings_in_feed
from notifications.services.feeds import create_feed
from scheduling.bookings.book import book_slot
from scheduling.bookings.cancel import cancel_booking
from scheduling.models import Booking
from tenants.accounts.models import User
from tenants.current import enter_clinic
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient
from tests.factories.people import make_dependant, make_doctor, make_patient
from tests.factories.queries import queries_of
from tests.factories.schedule import make_booking, make_slot

PATH = "/api/appointments/feeds/"
Fetch = Callable[..., Any]


@pytest.fixture
def fetch(clinic: Clinic, clock: Any, now: datetime) -> Fetch:
    """Return a function that fetches a user's feed, as a calendar program does."""
    addresses: dict[User, str] = {}

    def get(user: User, *, at: Clinic = clinic, **headers: str) -> Any:
        if user not in addresses:
            addresses[user] = f"{PATH}{create_feed(user=user, name='My phone', now=now).token}.ics"
        return ClinicClient(at).get(addresses[user], headers=headers)

    return get


def calendar(answer: Any) -> Any:
    """Return the calendar in a response."""
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return Calendar.from_ical(answer.content)


def events_of(file: bytes) -> list[Any]:
    """Return the events in a calendar file."""
    return list(Calendar.from_ical(file).walk("VEVENT"))


def events(answer: Any) -> list[Any]:
    """Return the events in a response."""
    assert answer.status_code == 200
    return events_of(answer.content)


def texts(event: Any, *names: str) -> tuple[str, ...]:
    """Return some properties of an event as text."""
    return tuple(str(event.get(name)) for name in names)


def test_a_patients_event_has_the_place_and_the_doctor(
    doctor: Doctor, patient: Patient, booking: Booking, fetch: Fetch, clinic: Clinic
) -> None:
    ClinicSettings.objects.update(address="1 High St\nLondon")

    (event,) = events(fetch(patient.user))

    assert texts(event, "SUMMARY", "DESCRIPTION", "LOCATION", "STATUS", "SEQUENCE") == (
        f"Appointment at Riverside with {doctor.display_name}",
        f"Monday 25 May 2026, 6:30 pm (London time), with {doctor.display_name}",
        "Riverside, 1 High St, London",
        "CONFIRMED",
        "0",
    )
    assert event["URL"] == f"http://riverside.example.localhost/appointments/{booking.pk}"
    assert (event.start, event.end) == (booking.starts_at, booking.ends_at)
    assert b"cough" not in fetch(patient.user).content.lower()


def test_the_calendar_has_a_name_and_a_refresh_interval_of_15_minutes(patient: Patient, fetch: Fetch) -> None:
    found = calendar(fetch(patient.user))

    names = ("NAME", "X-WR-CALNAME", "VERSION", "METHOD")
    assert texts(found, *names) == ("Appointments at Riverside", "Appointments at Riverside", "2.0", "None")
    assert found["REFRESH-INTERVAL"].params == {"VALUE": "DURATION"}
    assert {found[name].to_ical() for name in ("REFRESH-INTERVAL", "X-PUBLISHED-TTL")} == {b"PT15M"}


def test_commas_and_line_breaks_in_a_name_are_escaped(
    clinic: Clinic, doctor: Doctor, patient: Patient, booking: Booking, fetch: Fetch
) -> None:
    Doctor.objects.filter(pk=doctor.pk).update(name="A; B, C\r\nSTATUS:CANCELLED")

    (event,) = events(fetch(patient.user))

    assert str(event["SUMMARY"]) == "Appointment at Riverside with Dr A; B, C\nSTATUS:CANCELLED"
    assert event["STATUS"] == "CONFIRMED"


def test_the_event_equals_the_one_in_the_emailed_calendar_file(
    patient: Patient, booking: Booking, fetch: Fetch
) -> None:
    (mailed,) = events_of(booking_calendar_file(booking, method="REQUEST", attendee=patient.user))

    (event,) = events(fetch(patient.user))

    names = ("UID", "SEQUENCE", "DESCRIPTION", "LOCATION", "URL", "STATUS")
    assert texts(event, *names) == texts(mailed, *names)
    assert [event[name].dt for name in ("DTSTAMP", "DTSTART", "DTEND")] == [
        mailed[name].dt for name in ("DTSTAMP", "DTSTART", "DTEND")
    ]


def test_a_dependants_event_has_the_first_name_only(
    doctor: Doctor, patient: Patient, fetch: Fetch, now: datetime
) -> None:
    assert patient.user is not None
    child = make_dependant(patient, first_name="Kit", last_name="Canary")
    other = make_patient()
    Care.objects.create(carer=other, dependant=child)
    slot = make_slot(doctor, now + timedelta(days=1))
    book_slot(slot_id=slot.pk, patient=child, by=patient.user, now=now)

    answers = [fetch(user) for user in (patient.user, other.user)]

    summary = f"Kit: appointment at Riverside with {doctor.display_name}"
    assert [texts(event, "SUMMARY") for answer in answers for event in events(answer)] == [(summary,)] * 2
    assert [answer for answer in answers if b"Canary" in answer.content] == []
    remove_carer(dependant=child, by=patient.user)
    assert [len(events(fetch(user))) for user in (patient.user, other.user)] == [0, 1]


def test_a_doctors_event_has_neither_patient_nor_reason(
    doctor: Doctor, patient: Patient, booking: Booking, fetch: Fetch
) -> None:
    answer = fetch(doctor.user)

    (event,) = events(answer)
    assert texts(event, "SUMMARY", "URL", "DESCRIPTION") == (
        "Appointment", "http://riverside.example.localhost/portal", "None",
    )  # fmt: skip
    text = answer.content.decode().replace("\r\n ", "")
    assert patient.user is not None
    private = (
        patient.first_name, patient.last_name, patient.user.email, str(patient.pk), str(booking.pk), "cough",
    )  # fmt: skip
    assert [value for value in private if value.lower() in text.lower()] == []


def test_each_user_gets_their_own_events(
    doctor: Doctor, patient: Patient, booking: Booking, fetch: Fetch, now: datetime
) -> None:
    other, colleague = make_patient(), make_doctor()
    make_booking(make_slot(colleague, now + timedelta(days=1)), other, now=now)

    feeds = [events(fetch(person.user)) for person in (patient, doctor, other, colleague)]

    uids = [[str(event["UID"]) for event in feed] for feed in feeds]
    assert uids[0] == uids[1] != uids[2] == uids[3]
    assert [len(feed) for feed in uids] == [1, 1, 1, 1]


def test_a_cancelled_event_has_the_status_and_a_higher_sequence(
    patient: Patient, doctor: Doctor, booking: Booking, fetch: Fetch, now: datetime
) -> None:
    assert patient.user is not None
    cancel_booking(booking=booking, by=patient.user, now=now + timedelta(minutes=5))

    for user in (patient.user, doctor.user):
        (event,) = events(fetch(user))
        assert texts(event, "STATUS", "SEQUENCE") == ("CANCELLED", "1")
        assert event["DTSTAMP"].dt == now + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("status", "event_statuses"),
    [
        ("HELD", []),
        ("PENDING", ["TENTATIVE"]),
        ("CONFIRMED", ["CONFIRMED"]),
        ("CHECKED_IN", ["CONFIRMED"]),
        ("COMPLETED", ["CONFIRMED"]),
        ("NO_SHOW", ["CONFIRMED"]),
    ],
)
def test_each_booking_status_has_an_event_status_and_a_hold_has_no_event(
    patient: Patient, booking: Booking, fetch: Fetch, status: str, event_statuses: list[str]
) -> None:
    held = {"held_until": booking.starts_at, "only_held": True} if status == "HELD" else {}
    Booking.objects.update(status=status, **held)

    assert [str(event["STATUS"]) for event in events(fetch(patient.user))] == event_statuses


@pytest.mark.parametrize(
    "starts",
    [
        ["2026-03-29T00:30Z", "2026-03-29T01:00Z"],
        # Both are 1:30 in London's local time.
        ["2026-10-25T00:30Z", "2026-10-25T01:30Z"],
    ],
    ids=["spring", "autumn"],
)
def test_events_on_days_of_a_clock_change_start_at_the_right_instant(
    doctor: Doctor, patient: Patient, fetch: Fetch, now: datetime, starts: list[str]
) -> None:
    ClinicSettings.objects.update(horizon_days=300)
    instants = [datetime.fromisoformat(start) for start in starts]
    for start in instants:
        make_booking(make_slot(doctor, start, minutes=15), patient, now=now)

    answer = fetch(patient.user)

    lines = [line for line in answer.content.decode().split("\r\n") if line.startswith("DTSTART")]
    assert lines == [f"DTSTART:{start:%Y%m%dT%H%M%SZ}" for start in instants]
    assert [event.end - event.start for event in events(answer)] == [timedelta(minutes=15)] * 2


def test_a_feed_shows_times_in_the_time_zone_and_locale_of_its_clinic(
    patient: Patient, booking: Booking, other_clinic: Clinic, fetch: Fetch, now: datetime
) -> None:
    with enter_clinic(other_clinic):
        hudson_patient = make_patient()
        make_booking(make_slot(make_doctor(), booking.starts_at), hudson_patient, now=now)
        (hudson_event,) = events(fetch(hudson_patient.user, at=other_clinic))
    (riverside_event,) = events(fetch(patient.user))

    assert riverside_event.start == hudson_event.start == booking.starts_at
    times = [
        texts(event, "DESCRIPTION")[0].partition(", with")[0] for event in (riverside_event, hudson_event)
    ]
    assert times == [
        "Monday 25 May 2026, 6:30 pm (London time)",
        "Monday, May 25, 2026, 1:30 pm (New York time)",
    ]


def test_a_feed_goes_back_31_days(doctor: Doctor, patient: Patient, now: datetime, clock: Any) -> None:
    # In London, 1 October begins at 23:00 UTC (summer time) and 1 November at midnight UTC.
    first = datetime(2026, 9, 30, 23, tzinfo=UTC)
    for start in (first - timedelta(minutes=1), first):
        make_booking(make_slot(doctor, start, minutes=1), patient, now=start - timedelta(days=1))
    user = patient.user
    assert user is not None

    def starts(at: datetime) -> list[datetime]:
        return [booking.starts_at for booking in bookings_in_feed(user, now=at)]

    assert starts(datetime(2026, 10, 31, 23, 59, tzinfo=UTC))[0] == first - timedelta(minutes=1)
    assert starts(datetime(2026, 11, 1, 0, 0, tzinfo=UTC)) == [first]


def test_a_feed_needs_the_same_number_of_queries_for_one_and_three_bookings(
    doctor: Doctor, patient: Patient, fetch: Fetch, now: datetime
) -> None:
    assert patient.user is not None
    users, counts = [patient.user, doctor.user], []
    for days in ((1,), (2, 3)):
        for day in days:
            slot = make_slot(doctor, now + timedelta(days=day))
            book_slot(slot_id=slot.pk, patient=make_dependant(patient), by=patient.user, now=now)
        for user in users:
            fetch(user)  # the first read of new content stores its digest
        counts.append([len(queries_of(partial(fetch, user))) for user in users])

    assert counts == [[3, 3], [3, 3]]
