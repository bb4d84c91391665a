"""The limits on a patient's upcoming bookings and on a doctor's bookings per day and week."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from clinics.models import ClinicSettings, Doctor, Patient
from scheduling.bookings import book as booking_service
from scheduling.bookings.book import book_slot
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.errors import LimitReached
from scheduling.models import Booking, Slot
from tenants.accounts.models import User
from tenants.base.errors import DomainError
from tenants.models import Clinic
from tests.factories.people import make_admin, make_doctor, make_patient, user_of
from tests.factories.schedule import make_booking, make_slot
from tests.factories.threads import run_concurrently
from tests.factories.visit_types import make_visit_type
from tests.scheduling.visit_types.test_visit_types import open_starts

HOUR = timedelta(hours=1)
# Sunday 29 March 2026: the clocks go forward in London, so the clinic's day is 23 hours long.
SUNDAY = datetime(2026, 3, 29, tzinfo=UTC)


def outcome(slot: Slot, patient: Patient, *, now: datetime, **options: Any) -> str:
    """The refusal's code, or the booking's status."""
    try:
        by: User = options.pop("by", None) or user_of(patient)
        return book_slot(slot_id=slot.pk, patient=patient, by=by, now=now, **options).status
    except LimitReached as refusal:
        return refusal.code


def test_a_patient_cannot_book_beyond_the_limit_of_upcoming_bookings(
    doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    ClinicSettings.objects.update(upcoming_limit=2)
    first, second, third, fourth = (make_slot(doctor, now + n * HOUR) for n in (1, 2, 3, 4))

    outcomes = [outcome(slot, patient, now=now) for slot in (first, second, third)]
    by_staff = outcome(fourth, patient, now=now, by=admin)
    other_patient = outcome(third, make_patient(), now=now)
    after_the_first_visits = outcome(make_slot(doctor, now + 9 * HOUR), patient, now=now + 5 * HOUR)

    assert outcomes == ["CONFIRMED", "CONFIRMED", "limit_reached"]
    assert (by_staff, other_patient, after_the_first_visits) == ("CONFIRMED", "CONFIRMED", "CONFIRMED")


@pytest.mark.parametrize(
    ("limits", "bookable"),
    [
        ({"day_limit": 2}, 2),
        ({"day_limit_minutes": 89}, 2),
        ({"day_limit_minutes": 90}, 3),
        ({"week_limit": 1}, 1),
        ({"week_limit_minutes": 30}, 1),
        ({}, 4),
    ],
)
def test_a_doctors_day_and_week_take_bookings_up_to_their_limits(
    doctor: Doctor, now: datetime, limits: dict[str, int], bookable: int
) -> None:
    Doctor.objects.filter(pk=doctor.pk).update(**limits)
    slots = [make_slot(doctor, now + n * HOUR) for n in (1, 2, 3, 4)]

    outcomes = [outcome(slot, make_patient(), now=now) for slot in slots]

    assert outcomes == ["CONFIRMED"] * bookable + ["limit_reached"] * (4 - bookable)
    assert open_starts(doctor, None, now=now) == []


@pytest.mark.parametrize("limit", ["day_limit", "week_limit"])
def test_limits_count_days_in_the_clinics_time_zone_also_when_the_clocks_change(
    doctor: Doctor, now: datetime, limit: str
) -> None:
    Doctor.objects.filter(pk=doctor.pk).update(**{limit: 1})
    # The day begins at 00:00 UTC and ends at 23:00; the week begins and ends with Monday.
    last_of_saturday = make_slot(doctor, SUNDAY - timedelta(minutes=30))
    first, last = make_slot(doctor, SUNDAY), make_slot(doctor, SUNDAY + timedelta(hours=22, minutes=30))
    first_of_monday = make_slot(doctor, SUNDAY + timedelta(hours=23))

    outcomes = [
        outcome(slot, make_patient(), now=now) for slot in (first, last, first_of_monday, last_of_saturday)
    ]

    saturday = "CONFIRMED" if limit == "day_limit" else "limit_reached"
    assert outcomes == ["CONFIRMED", "limit_reached", "CONFIRMED", saturday]


def test_a_day_too_full_for_a_long_visit_is_open_for_a_shorter_one(doctor: Doctor, now: datetime) -> None:
    Doctor.objects.filter(pk=doctor.pk).update(day_limit_minutes=60)
    make_booking(make_slot(doctor, now + HOUR), make_patient(), now=now)
    slots = [make_slot(doctor, now + 2 * HOUR), make_slot(doctor, now + 2 * HOUR + timedelta(minutes=30))]
    short, long = make_visit_type(duration_minutes=30), make_visit_type(duration_minutes=45)

    assert open_starts(doctor, long, now=now) == []
    assert open_starts(doctor, short, now=now) == [slot.starts_at for slot in slots]
    assert outcome(slots[0], make_patient(), now=now, visit_type=long) == "limit_reached"
    assert outcome(slots[0], make_patient(), now=now, visit_type=short) == "CONFIRMED"


def test_a_booking_rescheduled_within_a_full_day_is_not_counted_twice(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    Doctor.objects.filter(pk=doctor.pk).update(day_limit=1)
    booking = make_booking(make_slot(doctor, now + HOUR), patient, now=now)
    new = make_slot(doctor, now + 2 * HOUR)

    assert reschedule_booking(booking=booking, slot_id=new.pk, by=user_of(patient), now=now).slot == new


@pytest.mark.parametrize("checked", [True, False])
def test_concurrent_bookings_do_not_exceed_the_day_limit(
    committed_clinic: Clinic, now: datetime, monkeypatch: pytest.MonkeyPatch, checked: bool
) -> None:
    """As a control, the check is disabled: then the same race exceeds the limit."""
    doctor = make_doctor(day_limit=3)
    slots = [make_slot(doctor, now + n * HOUR) for n in range(1, 9)]
    people = [make_patient() for _ in slots]
    if not checked:
        monkeypatch.setattr(booking_service, "has_limits", lambda _doctor: True)
        monkeypatch.setattr(booking_service, "check_doctor_limits", lambda **_: None)

    attempts = [partial(outcome, slot, person, now=now) for slot, person in zip(slots, people, strict=True)]
    outcomes = run_concurrently(committed_clinic, *attempts)

    assert (outcomes.count("CONFIRMED") == 3) is checked


@pytest.mark.parametrize("checked", [True, False])
def test_concurrent_bookings_do_not_exceed_the_patients_limit(
    committed_clinic: Clinic, now: datetime, monkeypatch: pytest.MonkeyPatch, checked: bool
) -> None:
    """As a control, the check is disabled: then the same race exceeds the limit."""
    ClinicSettings.objects.update(upcoming_limit=2)
    doctor, patient = make_doctor(), make_patient()
    slots = [make_slot(doctor, now + n * HOUR) for n in range(1, 9)]
    if not checked:
        monkeypatch.setattr(booking_service, "check_patient_limit", lambda *_a, **_k: None)

    outcomes = run_concurrently(
        committed_clinic, *(partial(outcome, slot, patient, now=now) for slot in slots)
    )

    assert (outcomes.count("CONFIRMED") == 2) is checked
    assert (Booking.objects.taking_time().count() == 2) is checked


@pytest.mark.parametrize("limit", [None, 3])
@pytest.mark.parametrize("overbooked", [False, True])
def test_as_many_bookings_are_made_as_times_are_shown(
    committed_clinic: Clinic, now: datetime, limit: int | None, overbooked: bool
) -> None:
    """BC11: of five places of an hour two are taken, one perhaps twice; ten patients try the others."""
    doctor = make_doctor(day_limit=limit)
    start = now.replace(hour=16)
    slots = [make_slot(doctor, start + n * timedelta(minutes=12), minutes=12) for n in range(5)]
    for slot in slots[:2]:
        make_booking(slot, make_patient(), now=now)
    if overbooked:
        patient = make_patient()
        by_staff = book_slot(slot_id=slots[0].pk, patient=patient, by=make_admin(), overbook=True, now=now)
        assert by_staff.overbooked
    bookable = 3 if limit is None else limit - Booking.objects.count()
    assert open_starts(doctor, None, now=now) == [slot.starts_at for slot in slots[2:] if bookable]

    attempts = [partial(outcome_or_code, slots[2 + n % 3], make_patient(), now=now) for n in range(10)]
    outcomes = run_concurrently(committed_clinic, *attempts)

    assert outcomes.count("CONFIRMED") == bookable
    assert set(outcomes) - {"CONFIRMED"} <= {"limit_reached", "slot_taken"}
    assert open_starts(doctor, None, now=now) == []
    assert Booking.objects.filter(overbooked=True).count() == overbooked


def outcome_or_code(slot: Slot, patient: Patient, *, now: datetime) -> str:
    """The booking's status, or the code of any refusal."""
    try:
        return outcome(slot, patient, now=now)
    except DomainError as refusal:
        return refusal.code
