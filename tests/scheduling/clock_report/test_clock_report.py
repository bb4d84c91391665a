"""The clock report: upcoming clock changes, what they affect, and bookings with a changed local time."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db.models import F

from clinics.models import Doctor, Patient
from scheduling.bookings.book import book_slot
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.clock_report.selectors import clock_report
from scheduling.models import Booking, Place, Series
from tenants.accounts.models import User
from tenants.current import current_clinic
from tenants.models import Clinic
from tests.factories.clinic_client import ClinicClient, data_of
from tests.factories.people import make_doctor, make_patient, make_receptionist, user_of
from tests.factories.schedule import make_booking, make_slot

HOUR = timedelta(hours=1)
SPRING = datetime(2026, 3, 29, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "instant", "skipped", "doubled", "on"),
    [
        ("Europe/London", "2026-03-29T01:00", ("01:00", "02:00"), None, date(2026, 3, 29)),
        ("America/New_York", "2026-03-08T07:00", ("02:00", "03:00"), None, date(2026, 3, 8)),
        ("Australia/Lord_Howe", "2026-04-04T15:00", None, ("01:30", "02:00"), date(2026, 4, 5)),
        ("America/Havana", "2026-03-08T05:00", ("00:00", "01:00"), None, date(2026, 3, 8)),
        ("Antarctica/Troll", "2026-03-29T01:00", ("01:00", "03:00"), None, date(2026, 3, 29)),
    ],
)
def test_the_clock_changes_of_every_place_are_reported(  # noqa: PLR0917
    clinic: Clinic, now: datetime, zone: str, instant: str, skipped: Any, doubled: Any, on: date
) -> None:
    place = Place.objects.create(name="Over there", time_zone=zone)

    Place.objects.create(name="Without changes", time_zone="Asia/Kathmandu")

    changes = clock_report(now=now).changes

    (reported,) = [change for change in changes if change.zone == zone]
    assert {change.zone for change in changes} == {zone, clinic.time_zone}
    assert reported.change.instant == datetime.fromisoformat(f"{instant}Z")
    assert reported.places == ([None, place.pk] if zone == clinic.time_zone else [place.pk])
    assert (reported.skipped, reported.doubled, reported.on) == (skipped, doubled, on)


def test_slots_and_bookings_near_a_clock_change_are_reported(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    minutes = (-91, -90, -30, 0, 59, 60)
    slots = [make_slot(doctor, SPRING + timedelta(minutes=n), minutes=1) for n in minutes]
    nearby = [make_slot(doctor, SPRING - timedelta(minutes=75)), slots[2], slots[3], slots[4]]
    booking = make_booking(slots[3], patient, now=now)
    make_booking(slots[5], patient, now=now)

    (change,) = clock_report(now=now).changes

    assert change.slots == nearby
    assert change.bookings == [booking]


@pytest.mark.parametrize(("weeks", "across"), [(1, False), (2, True), (4, False)])
def test_a_series_with_visits_before_and_after_a_clock_change_is_reported(  # noqa: PLR0917
    doctor: Doctor, patient: Patient, admin: User, now: datetime, weeks: int, across: bool
) -> None:
    """The series has two visits, on Tuesdays at ten; the first is one, two or four weeks from now."""
    days = [date(2026, 3, 10) + timedelta(weeks=weeks + n) for n in (0, 1)]
    series = Series.objects.create(
        patient=patient, doctor=doctor, first_on=days[0], clock=600, unit="week", every=1, count=2, by=admin
    )
    slots = [
        make_slot(doctor, datetime(day.year, day.month, day.day, 10, tzinfo=current_clinic().zone))
        for day in days
    ]
    before, after = (
        book_slot(slot_id=slot.pk, patient=patient, by=admin, series_id=series.pk, now=now) for slot in slots
    )

    (change,) = clock_report(now=now).changes

    reported = [
        (
            series_change.series,
            series_change.before,
            series_change.after,
            series_change.local_time,
            series_change.shift_minutes,
        )
        for series_change in change.series
    ]
    assert reported == ([(series.pk, before.pk, after.pk, "10:00", -60)] if across else [])


@pytest.mark.parametrize("zone", [None, "Asia/Kathmandu", "America/Havana", "Australia/Lord_Howe"])
def test_a_booking_whose_local_time_changed_with_new_zone_data_is_reported(
    doctor: Doctor, patient: Patient, now: datetime, zone: str | None
) -> None:
    place = Place.objects.create(name="There", time_zone=zone) if zone else None
    slot = make_slot(doctor, SPRING + timedelta(days=1, hours=8), place=place)
    unknown = make_booking(make_slot(doctor, now + 30 * HOUR), patient, now=now)
    booking = make_booking(slot, patient, now=now)
    Booking.objects.filter(pk=unknown.pk).update(offset_minutes=None)
    before = clock_report(now=now).moved

    Booking.objects.filter(pk=booking.pk).update(offset_minutes=F("offset_minutes") - 60)
    (moved,) = clock_report(now=now).moved

    zone_info = place.zone if place else current_clinic().zone
    local = slot.starts_at.astimezone(zone_info)
    assert before == []
    assert (moved.booking, moved.shown, moved.told) == (
        booking.pk,
        f"{local:%H:%M}",
        f"{local - HOUR:%H:%M}",
    )


@pytest.mark.parametrize(
    ("zone", "day", "minutes"),
    [
        ("Asia/Kathmandu", "2026-03-10", 345),
        ("America/Havana", "2026-03-07", -300),
        ("America/Havana", "2026-03-09", -240),
        ("Australia/Lord_Howe", "2026-04-04", 660),
        ("Antarctica/Troll", "2026-04-04", 120),
    ],
)
def test_a_booking_stores_the_utc_offset_of_its_place(  # noqa: PLR0917
    doctor: Doctor, patient: Patient, now: datetime, zone: str, day: str, minutes: int
) -> None:
    place = Place.objects.create(name="There", time_zone=zone)
    at_the_clinic = make_slot(doctor, datetime.fromisoformat(f"{day}T05:00Z"))
    at_the_place = make_slot(doctor, datetime.fromisoformat(f"{day}T09:00Z"), place=place)

    booking = make_booking(at_the_clinic, patient, now=now)
    moved = reschedule_booking(booking=booking, slot_id=at_the_place.pk, by=user_of(patient), now=now)
    other_booking = make_booking(
        make_slot(doctor, at_the_place.starts_at + HOUR, place=place), make_patient(), now=now
    )

    assert (moved.offset_minutes, other_booking.offset_minutes) == (minutes, minutes)
    moved_back = reschedule_booking(booking=moved, slot_id=at_the_clinic.pk, by=user_of(patient), now=now)
    assert moved_back.offset_minutes == booking.offset_minutes


def test_doctors_see_their_own_report_and_the_front_desk_sees_all(
    doctor: Doctor, patient: Patient, as_user: Callable[..., ClinicClient], now: datetime
) -> None:
    slot = make_slot(doctor, SPRING)
    booking = make_booking(slot, patient, now=now)
    Booking.objects.update(offset_minutes=0)
    reports = {}
    for name, user in (("own", doctor.user), ("other", make_doctor().user), ("desk", make_receptionist())):
        reports[name] = data_of(as_user(user).get("/api/appointments/clock-report/"))

    assert reports["own"] == reports["desk"]
    (change,), (moved,) = reports["own"]["changes"], reports["own"]["moved"]
    assert [shown["id"] for shown in change["slots"]] == [str(slot.pk)]
    assert (change["offset_before"], change["offset_after"], change["skipped"]) == (0, 60, ["01:00", "02:00"])
    assert (moved["booking"], moved["told"], moved["shown"]) == (str(booking.pk), "01:00", "02:00")
    assert (reports["other"]["changes"][0]["slots"], reports["other"]["moved"]) == ([], [])
    assert patient.last_name not in str(reports)


def test_the_command_prints_the_report_in_plain_english(
    clinic: Clinic, doctor: Doctor, patient: Patient, now: datetime
) -> None:
    booking, output = make_booking(make_slot(doctor, SPRING + HOUR), patient, now=now), StringIO()
    Booking.objects.update(offset_minutes=0)

    with time_machine.travel(now, tick=False):
        call_command("clock_report", clinic=clinic.slug, stdout=output)

    assert output.getvalue().splitlines() == [
        "Europe/London: on 2026-03-29, at 2026-03-29 01:00 UTC, the clock changes from UTC+00:00 to "
        "UTC+01:00; 01:00 to 02:00 are skipped.",
        f"Appointment {booking.pk} with {doctor.display_name} on 2026-03-29: the patient was given "
        "02:00, the local time is now 03:00 (Europe/London).",
    ]


def test_the_command_refuses_an_unknown_clinic(db: None) -> None:
    with pytest.raises(CommandError, match="There is no clinic"):
        call_command("clock_report", clinic="nowhere")
