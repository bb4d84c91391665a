"""Calendar feeds: what a patient's and a doctor's calendar are told, for whom and for how long."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest
from icalendar import Calendar

from clinics.models import Care, ClinicSettings, Doctor, Patient
from clinics.services.dependants import remove_carer
from notifications.booking_emails import booking_calendar_file
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
    """Fetches the feed of a user, as a calendar program does."""
    addresses: dict[User, str] = {}

    def get(user: User, *, at: Clinic = clinic, **headers: str) -> Any:
        if user not in addresses:
            addresses[user] = f"{PATH}{create_feed(user=user, name='My phone', now=now).token}.ics"
        return ClinicClient(at).get(addresses[user], headers=headers)

    return get


def calendar(answer: Any) -> Any:
    """The calendar that was answered."""
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    return Calendar.from_ical(answer.content)


def events_of(file: bytes) -> list[Any]:
    """The events in a calendar file."""
    return list(Calendar.from_ical(file).walk("VEVENT"))


def events(answer: Any) -> list[Any]:
    """Those of the calendar that was answered."""
    assert answer.status_code == 200
    return events_of(answer.content)


def told(event: Any, *names: str) -> tuple[str, ...]:
    """Some of an event's texts."""
    return tuple(str(event.get(name)) for name in names)


def test_a_patients_calendar_is_told_where_and_with_whom(
    doctor: Doctor, patient: Patient, booking: Booking, fetch: Fetch, clinic: Clinic
) -> None:
    ClinicSettings.objects.update(address="1 High St\nLondon")

    (event,) = events(fetch(patient.user))

    assert told(event, "SUMMARY", "DESCRIPTION", "LOCATION", "STATUS", "SEQUENCE") == (
        f"Appointment at Riverside with {doctor.display_name}",
        f"Monday 25 May 2026, 6:30 pm (London time), with {doctor.display_name}",
        "Riverside, 1 High St, London",
        "CONFIRMED",
        "0",
    )
    assert event["URL"] == f"http://riverside.example.localhost/appointments/{booking.pk}"
    assert (event.start, event.end) == (booking.starts_at, booking.ends_at)
    assert b"cough" not in fetch(patient.user).content.lower()


def test_the_calendar_has_a_name_and_is_fetched_again_within_a_quarter_of_an_hour(
    patient: Patient, fetch: Fetch
) -> None:
    found = calendar(fetch(patient.user))

    names = ("NAME", "X-WR-CALNAME", "VERSION", "METHOD")
    assert told(found, *names) == ("Appointments at Riverside", "Appointments at Riverside", "2.0", "None")
    assert found["REFRESH-INTERVAL"].params == {"VALUE": "DURATION"}
    assert {found[name].to_ical() for name in ("REFRESH-INTERVAL", "X-PUBLISHED-TTL")} == {b"PT15M"}


def test_commas_and_ends_of_lines_in_a_name_stay_words(
    clinic: Clinic, doctor: Doctor, patient: Patient, booking: Booking, fetch: Fetch
) -> None:
    Doctor.objects.filter(pk=doctor.pk).update(name="A; B, C\r\nSTATUS:CANCELLED")

    (event,) = events(fetch(patient.user))

    assert str(event["SUMMARY"]) == "Appointment at Riverside with Dr A; B, C\nSTATUS:CANCELLED"
    assert event["STATUS"] == "CONFIRMED"


def test_it_is_the_event_of_the_mailed_calendar_file(
    patient: Patient, booking: Booking, fetch: Fetch
) -> None:
    (mailed,) = events_of(booking_calendar_file(booking, method="REQUEST", attendee=patient.user))

    (event,) = events(fetch(patient.user))

    same = ("UID", "SEQUENCE", "DESCRIPTION", "LOCATION", "URL", "STATUS")
    assert told(event, *same) == told(mailed, *same)
    assert [event[name].dt for name in ("DTSTAMP", "DTSTART", "DTEND")] == [
        mailed[name].dt for name in ("DTSTAMP", "DTSTART", "DTEND")
    ]


def test_of_somebody_who_is_cared_for_the_first_name_is_told(
    doctor: Doctor, patient: Patient, fetch: Fetch, now: datetime
) -> None:
    assert patient.user is not None
    child = make_dependant(patient, first_name="Kit", last_name="Canary")
    other = make_patient()
    Care.objects.create(carer=other, dependant=child)
    slot = make_slot(doctor, now + timedelta(days=1))
    book_slot(slot_id=slot.pk, patient=child, by=patient.user, now=now)

    answers = [fetch(user) for user in (patient.user, other.user)]

    words = f"Kit: appointment at Riverside with {doctor.display_name}"
    assert [told(event, "SUMMARY") for answer in answers for event in events(answer)] == [(words,)] * 2
    assert [answer for answer in answers if b"Canary" in answer.content] == []
    remove_carer(dependant=child, by=patient.user)
    assert [len(events(fetch(user))) for user in (patient.user, other.user)] == [0, 1]


def test_a_doctors_calendar_names_nobody_and_says_nothing_of_why(
    doctor: Doctor, patient: Patient, booking: Booking, fetch: Fetch
) -> None:
    answer = fetch(doctor.user)

    (event,) = events(answer)
    assert told(event, "SUMMARY", "URL", "DESCRIPTION") == (
        "Appointment", "http://riverside.example.localhost/schedule", "None",
    )  # fmt: skip
    said = answer.content.decode().replace("\r\n ", "")
    assert patient.user is not None
    private = (
        patient.first_name, patient.last_name, patient.user.email, str(patient.pk), str(booking.pk), "cough",
    )  # fmt: skip
    assert [word for word in private if word.lower() in said.lower()] == []


def test_each_is_told_their_own(
    doctor: Doctor, patient: Patient, booking: Booking, fetch: Fetch, now: datetime
) -> None:
    other, colleague = make_patient(), make_doctor()
    make_booking(make_slot(colleague, now + timedelta(days=1)), other, now=now)

    seen = [events(fetch(each.user)) for each in (patient, doctor, other, colleague)]

    uids = [[str(event["UID"]) for event in each] for each in seen]
    assert uids[0] == uids[1] != uids[2] == uids[3]
    assert [len(each) for each in uids] == [1, 1, 1, 1]


def test_what_is_cancelled_says_so_with_a_higher_number(
    patient: Patient, doctor: Doctor, booking: Booking, fetch: Fetch, now: datetime
) -> None:
    assert patient.user is not None
    cancel_booking(booking=booking, by=patient.user, now=now + timedelta(minutes=5))

    for user in (patient.user, doctor.user):
        (event,) = events(fetch(user))
        assert told(event, "STATUS", "SEQUENCE") == ("CANCELLED", "1")
        assert event["DTSTAMP"].dt == now + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("state", "shown"),
    [
        ("HELD", []),
        ("PENDING", ["TENTATIVE"]),
        ("CONFIRMED", ["CONFIRMED"]),
        ("CHECKED_IN", ["CONFIRMED"]),
        ("COMPLETED", ["CONFIRMED"]),
        ("NO_SHOW", ["CONFIRMED"]),
    ],
)
def test_every_state_has_its_word_and_a_hold_has_none(
    patient: Patient, booking: Booking, fetch: Fetch, state: str, shown: list[str]
) -> None:
    held = {"held_until": booking.starts_at, "only_held": True} if state == "HELD" else {}
    Booking.objects.update(status=state, **held)

    assert [str(event["STATUS"]) for event in events(fetch(patient.user))] == shown


@pytest.mark.parametrize(
    "starts",
    [
        ["2026-03-29T00:30Z", "2026-03-29T01:00Z"],
        # Both are half past one on London's wall.
        ["2026-10-25T00:30Z", "2026-10-25T01:30Z"],
    ],
    ids=["spring", "autumn"],
)
def test_on_both_days_of_a_clock_change_the_instant_is_told(
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
        there = make_patient()
        make_booking(make_slot(make_doctor(), booking.starts_at), there, now=now)
        (other,) = events(fetch(there.user, at=other_clinic))
    (here,) = events(fetch(patient.user))

    assert here.start == other.start == booking.starts_at
    walls = [told(event, "DESCRIPTION")[0].partition(", with")[0] for event in (here, other)]
    assert walls == [
        "Monday 25 May 2026, 6:30 pm (London time)",
        "Monday, May 25, 2026, 1:30 pm (New York time)",
    ]


def test_what_began_31_days_ago_is_told_and_what_began_before_that_day_is_not(
    doctor: Doctor, patient: Patient, now: datetime, clock: Any
) -> None:
    # London's 1 October begins at 23:00 UTC, as its clocks are an hour ahead; on 1 November they are not.
    first = datetime(2026, 9, 30, 23, tzinfo=UTC)
    for start in (first - timedelta(minutes=1), first):
        make_booking(make_slot(doctor, start, minutes=1), patient, now=start - timedelta(days=1))
    user = patient.user
    assert user is not None

    def seen(at: datetime) -> list[datetime]:
        return [each.starts_at for each in bookings_in_feed(user, now=at)]

    assert seen(datetime(2026, 10, 31, 23, 59, tzinfo=UTC))[0] == first - timedelta(minutes=1)
    assert seen(datetime(2026, 11, 1, 0, 0, tzinfo=UTC)) == [first]


def test_a_feed_costs_the_same_for_one_booking_and_for_three(
    doctor: Doctor, patient: Patient, fetch: Fetch, now: datetime
) -> None:
    assert patient.user is not None
    users, counts = [patient.user, doctor.user], []
    for days in ((1,), (2, 3)):
        for day in days:
            slot = make_slot(doctor, now + timedelta(days=day))
            book_slot(slot_id=slot.pk, patient=make_dependant(patient), by=patient.user, now=now)
        for user in users:
            fetch(user)  # what is new is written down once
        counts.append([len(queries_of(partial(fetch, user))) for user in users])

    assert counts == [[4, 4], [4, 4]]
