"""Series: every visit is a booking of its own, with a report on each."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from clinics.models import ClinicSettings, Doctor, Patient
from scheduling.clock.recurrence import Unit
from scheduling.errors import SeriesNotBooked
from scheduling.models import Booking, Place, Series, Slot
from scheduling.recurring_visits.services import BookedSeries, VisitResult, book_series
from tenants.accounts.models import User
from tests.factories.people import make_patient
from tests.factories.schedule import make_booking, make_slot, slot_outputs
from tests.factories.visit_types import make_place, make_visit_type

TUESDAY = date(2026, 3, 3)
NINE = 9 * 60


def book(
    patient: Patient, doctor: Doctor, *, now: datetime, by: User | None = None, **fields: Any
) -> BookedSeries:
    """Book a series for the patient, by default on three Tuesdays at nine."""
    user = by or patient.user
    assert user is not None
    defaults = {"first": TUESDAY, "clock": NINE, "unit": Unit.WEEK, "every": 1, "count": 3}
    return book_series(patient=patient, by=user, doctor=doctor, now=now, **{**defaults, **fields})


def starts_and_codes(visits: list[VisitResult]) -> list[tuple[str, str]]:
    """Return for each visit its start in UTC, if it is booked, and its code."""
    return [
        (f"{visit.booking.starts_at:%m-%d %H:%M}" if visit.booking else "", visit.code) for visit in visits
    ]


def slots(doctor: Doctor, *starts: str, year: int = 2026, **fields: Any) -> list[Slot]:
    """Slots that start at these times (UTC)."""
    return [make_slot(doctor, datetime.fromisoformat(f"{year}-{start}Z"), **fields) for start in starts]


def test_each_visit_is_a_booking_of_the_series(doctor: Doctor, patient: Patient, now: datetime) -> None:
    slots(doctor, "03-03 09:00", "03-10 09:00", "03-17 09:00")

    booked = book(patient, doctor, now=now)

    assert starts_and_codes(booked.visits) == [("03-03 09:00", ""), ("03-10 09:00", ""), ("03-17 09:00", "")]
    assert {visit.series for visit in Booking.objects.all()} == {booked.series}
    assert [visit.number for visit in booked.visits] == [1, 2, 3]


def test_a_taken_time_is_reported_with_alternatives(doctor: Doctor, patient: Patient, now: datetime) -> None:
    taken = slots(doctor, "03-03 09:00", "03-10 09:00", "03-17 09:00")[1]
    make_booking(taken, make_patient(), now=now)
    near = slots(doctor, "03-10 09:30", "03-10 10:00", "03-11 09:00")

    booked = book(patient, doctor, now=now)

    assert starts_and_codes(booked.visits) == [("03-03 09:00", ""), ("", "slot_taken"), ("03-17 09:00", "")]
    assert list(booked.visits[1].alternatives) == slot_outputs(*near)
    assert booked.visits[1].message == "Someone else has just booked this time. Choose another time."


def test_times_of_the_series_itself_are_not_alternatives(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    slots(doctor, "03-10 09:00", "03-17 09:00")

    booked = book(patient, doctor, now=now)

    assert starts_and_codes(booked.visits) == [
        ("", "slot_not_offered"),
        ("03-10 09:00", ""),
        ("03-17 09:00", ""),
    ]
    assert booked.visits[0].alternatives == ()


def test_a_visit_beyond_the_booking_window_is_reported(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    ClinicSettings.objects.update(horizon_days=8)
    slots(doctor, "03-03 09:00", "03-10 09:00")

    booked = book(patient, doctor, now=now)

    assert starts_and_codes(booked.visits) == [
        ("03-03 09:00", ""),
        ("03-10 09:00", ""),
        ("", "too_far_ahead"),
    ]
    assert booked.visits[2].on == date(2026, 3, 17)


def test_a_series_without_any_bookable_visit_is_refused(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    with pytest.raises(SeriesNotBooked) as refused:
        book(patient, doctor, now=now)

    assert starts_and_codes(refused.value.data["instances"]) == [("", "slot_not_offered")] * 3
    assert (Series.objects.count(), Booking.objects.count()) == (0, 0)


def test_a_month_without_a_31st_is_reported(doctor: Doctor, patient: Patient, now: datetime) -> None:
    slots(doctor, "03-31 08:00", "05-31 08:00")

    on_the_31st = book(patient, doctor, now=now, first=date(2026, 3, 31), unit=Unit.MONTH_DAY)

    assert starts_and_codes(on_the_31st.visits) == [
        ("03-31 08:00", ""),
        ("", "no_such_day"),
        ("05-31 08:00", ""),
    ]
    assert on_the_31st.visits[1].message == "There is no such day in April 2026."


def test_a_month_without_a_fifth_tuesday_is_reported(doctor: Doctor, patient: Patient, now: datetime) -> None:
    slots(doctor, "03-31 08:00")

    booked = book(patient, doctor, now=now, first=date(2026, 3, 31), unit=Unit.MONTH_WEEKDAY, count=2)

    assert starts_and_codes(booked.visits) == [("03-31 08:00", ""), ("", "no_such_day")]


@pytest.mark.parametrize(
    ("zone", "first", "clock", "starts", "expected", "message"),
    [
        (
            "Europe/London",
            date(2026, 3, 22),
            90,
            ("03-22 01:30", "03-29 01:30", "04-05 00:30"),
            [("03-22 01:30", ""), ("", "clock_skips"), ("04-05 00:30", "")],
            "The clocks go forward on Sunday 29 March 2026, so 1:30 am does not exist on that day.",
        ),
        (
            "Europe/London",
            date(2026, 10, 18),
            90,
            ("10-18 00:30", "10-25 00:30", "10-25 01:30", "11-01 01:30"),
            [("10-18 00:30", ""), ("10-25 00:30", "clock_repeats"), ("11-01 01:30", "")],
            "The clocks go back on Sunday 25 October 2026, so 1:30 am comes twice. "
            "This visit is at the first one.",
        ),
        (
            "America/Havana",
            date(2026, 3, 1),
            30,
            ("03-01 05:30", "03-08 05:30", "03-15 04:30"),
            [("03-01 05:30", ""), ("", "clock_skips"), ("03-15 04:30", "")],
            "The clocks go forward on Sunday 8 March 2026, so 12:30 am does not exist on that day.",
        ),
        (
            "America/Havana",
            date(2025, 10, 26),
            30,
            ("10-26 04:30", "11-02 04:30", "11-02 05:30", "11-09 05:30"),
            [("10-26 04:30", ""), ("11-02 04:30", "clock_repeats"), ("11-09 05:30", "")],
            "The clocks go back on Sunday 2 November 2025, so 12:30 am comes twice. "
            "This visit is at the first one.",
        ),
    ],
    ids=["London in spring", "London in autumn", "Havana in spring", "Havana in autumn"],
)
@pytest.mark.parametrize("at_a_place", [False, True])
def test_a_series_keeps_its_local_time_when_the_clocks_change(
    *, clinic: Any, doctor: Doctor, patient: Patient, zone: str, first: date, clock: int,
    starts: tuple[str, ...], expected: list[tuple[str, str]], message: str, at_a_place: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    place: Place | None = None
    if at_a_place:
        place = make_place(time_zone=zone)
    else:
        monkeypatch.setattr(clinic, "time_zone", zone)
    slots(doctor, *starts, year=first.year, place=place)
    now = datetime(first.year, first.month, first.day, tzinfo=UTC) - timedelta(days=3)

    booked = book(patient, doctor, now=now, first=first, clock=clock)

    assert starts_and_codes(booked.visits) == expected
    assert booked.visits[1].message == message


@pytest.mark.parametrize(("by_patient", "third"), [(True, "limit_reached"), (False, "")])
def test_the_patients_limit_applies_to_patients_and_not_to_staff(
    *, doctor: Doctor, patient: Patient, admin: User, now: datetime, by_patient: bool, third: str
) -> None:
    ClinicSettings.objects.update(upcoming_limit=2)
    slots(doctor, "03-03 09:00", "03-10 09:00", "03-17 09:00")

    booked = book(patient, doctor, now=now, by=None if by_patient else admin)

    assert [code for _, code in starts_and_codes(booked.visits)] == ["", "", third]


def test_all_visits_of_a_series_have_its_visit_type(doctor: Doctor, patient: Patient, now: datetime) -> None:
    visit_type = make_visit_type(duration_minutes=60)
    slots(doctor, "03-03 09:00", "03-03 09:30", "03-10 09:00")

    booked = book(patient, doctor, now=now, visit_type=visit_type, count=2)

    assert starts_and_codes(booked.visits) == [("03-03 09:00", ""), ("", "visit_too_long")]
    assert Booking.objects.get().visit_type == visit_type
