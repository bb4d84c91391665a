"""How many bookings there may be: of a patient, and of a doctor on a day and in a week."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from clinics.models import ClinicSettings, Doctor, Patient
from scheduling.bookings import book as booking_service
from scheduling.bookings.book import book_slot
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.errors import LimitReached
from scheduling.models import Booking, Slot
from tenants.accounts.models import User
from tenants.models import Clinic
from tests.factories.people import make_doctor, make_patient, user_of
from tests.factories.schedule import make_booking, make_slot
from tests.factories.threads import at_once
from tests.factories.visit_types import make_visit_type
from tests.scheduling.visit_types.test_visit_types import open_starts

HOUR = timedelta(hours=1)
# Sunday 29 March 2026: the clocks go forward in London, the clinic's day is 23 hours long.
SUNDAY = datetime(2026, 3, 29, tzinfo=UTC)


def outcome(slot: Slot, patient: Patient, *, now: datetime, **more: object) -> str:
    """The refusal's code, or the booking's status."""
    try:
        return book_slot(slot_id=slot.pk, patient=patient, now=now, **{"by": user_of(patient), **more}).status  # type: ignore[arg-type]
    except LimitReached as refused:
        return refused.code


def test_a_patient_has_no_more_upcoming_bookings_than_the_clinic_lets_them(
    doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    ClinicSettings.objects.update(upcoming_limit=2)
    first, second, third, fourth = (make_slot(doctor, now + n * HOUR) for n in (1, 2, 3, 4))

    said = [outcome(slot, patient, now=now) for slot in (first, second, third)]
    by_staff = outcome(fourth, patient, now=now, by=admin)
    others = outcome(third, make_patient(), now=now)
    later = outcome(make_slot(doctor, now + 9 * HOUR), patient, now=now + 5 * HOUR)

    assert said == ["CONFIRMED", "CONFIRMED", "limit_reached"]
    assert (by_staff, others, later) == ("CONFIRMED", "CONFIRMED", "CONFIRMED")


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
def test_a_doctors_day_and_week_hold_so_many(
    doctor: Doctor, now: datetime, limits: dict[str, int], bookable: int
) -> None:
    Doctor.objects.filter(pk=doctor.pk).update(**limits)
    slots = [make_slot(doctor, now + n * HOUR) for n in (1, 2, 3, 4)]

    said = [outcome(slot, make_patient(), now=now) for slot in slots]

    assert said == ["CONFIRMED"] * bookable + ["limit_reached"] * (4 - bookable)
    assert open_starts(doctor, None, now=now) == []


@pytest.mark.parametrize("limit", ["day_limit", "week_limit"])
def test_a_day_is_the_clinics_own_also_when_the_clock_changes(
    doctor: Doctor, now: datetime, limit: str
) -> None:
    Doctor.objects.filter(pk=doctor.pk).update(**{limit: 1})
    # The day begins at 00:00 UTC and ends at 23:00; the week begins and ends with Monday.
    last_of_saturday = make_slot(doctor, SUNDAY - timedelta(minutes=30))
    first, last = make_slot(doctor, SUNDAY), make_slot(doctor, SUNDAY + timedelta(hours=22, minutes=30))
    first_of_monday = make_slot(doctor, SUNDAY + timedelta(hours=23))

    said = [
        outcome(slot, make_patient(), now=now) for slot in (first, last, first_of_monday, last_of_saturday)
    ]

    saturday = "CONFIRMED" if limit == "day_limit" else "limit_reached"
    assert said == ["CONFIRMED", "limit_reached", "CONFIRMED", saturday]


def test_minutes_are_those_of_the_visit_and_what_is_full_for_one_is_open_for_another(
    doctor: Doctor, now: datetime
) -> None:
    Doctor.objects.filter(pk=doctor.pk).update(day_limit_minutes=60)
    make_booking(make_slot(doctor, now + HOUR), make_patient(), now=now)
    slots = [make_slot(doctor, now + 2 * HOUR), make_slot(doctor, now + 2 * HOUR + timedelta(minutes=30))]
    short, long = make_visit_type(duration_minutes=30), make_visit_type(duration_minutes=45)

    assert open_starts(doctor, long, now=now) == []
    assert open_starts(doctor, short, now=now) == [slot.starts_at for slot in slots]
    assert outcome(slots[0], make_patient(), now=now, visit_type=long) == "limit_reached"
    assert outcome(slots[0], make_patient(), now=now, visit_type=short) == "CONFIRMED"


def test_a_booking_that_moves_within_a_full_day_does_not_count_twice(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    Doctor.objects.filter(pk=doctor.pk).update(day_limit=1)
    booking = make_booking(make_slot(doctor, now + HOUR), patient, now=now)
    new = make_slot(doctor, now + 2 * HOUR)

    assert reschedule_booking(booking=booking, slot_id=new.pk, by=user_of(patient), now=now).slot == new


@pytest.mark.parametrize("guarded", [True, False])
def test_a_day_stays_within_its_limit_however_many_book_at_once(
    committed_clinic: Clinic, now: datetime, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    doctor = make_doctor(day_limit=3)
    slots = [make_slot(doctor, now + n * HOUR) for n in range(1, 9)]
    people = [make_patient() for _ in slots]
    if not guarded:
        monkeypatch.setattr(booking_service, "has_limits", lambda _doctor: True)
        monkeypatch.setattr(booking_service, "check_doctor_limits", lambda **_: None)

    acts = [partial(outcome, slot, person, now=now) for slot, person in zip(slots, people, strict=True)]
    said = at_once(committed_clinic, *acts)

    assert (said.count("CONFIRMED") == 3) is guarded


@pytest.mark.parametrize("guarded", [True, False])
def test_a_patient_stays_within_the_limit_however_often_they_book_at_once(
    committed_clinic: Clinic, now: datetime, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    ClinicSettings.objects.update(upcoming_limit=2)
    doctor, patient = make_doctor(), make_patient()
    slots = [make_slot(doctor, now + n * HOUR) for n in range(1, 9)]
    if not guarded:
        monkeypatch.setattr(booking_service, "check_patient_limit", lambda *_a, **_k: None)

    said = at_once(committed_clinic, *(partial(outcome, slot, patient, now=now) for slot in slots))

    assert (said.count("CONFIRMED") == 2) is guarded
    assert (Booking.objects.taking_time().count() == 2) is guarded
