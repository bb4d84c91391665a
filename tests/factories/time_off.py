"""Time off for tests."""

from datetime import date, datetime
from typing import Any

from clinics.models import Doctor, Patient
from scheduling.clock.planning import MIDNIGHT, parse_clock
from scheduling.clock.time_off import EVERY_DAY, TimeOffSpec
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import Booking, Slot
from tenants.base.clock import now as clock_now
from tenants.current import current_clinic
from tests.factories.people import make_doctor
from tests.factories.schedule import make_booking, make_hours


def time_off_spec(
    first: str,
    last: str | None = "",
    opens: str = "00:00",
    closes: str = "24:00",
    weekdays: frozenset[int] = EVERY_DAY,
) -> TimeOffSpec:
    """Time off from `first` to `last`. By default it is one day; with `last=None` it has no end."""
    return TimeOffSpec(
        first=date.fromisoformat(first),
        last=None if last is None else date.fromisoformat(last or first),
        opens=parse_clock(opens),
        closes=MIDNIGHT if closes == "24:00" else parse_clock(closes),
        weekdays=weekdays,
    )


def make_working_doctor(
    *, now: datetime, hours: tuple[str, str] = ("09:00", "12:00"), **fields: Any
) -> Doctor:
    """A doctor who works the same hours every day, with generated slots of half an hour."""
    doctor = make_doctor(**fields)
    make_hours(doctor, *[(weekday, *hours) for weekday in range(7)], now=now)
    generate_slots(doctor=doctor, now=now)
    return doctor


def slot_at(doctor: Doctor, local_time: str) -> Slot:
    """Return the doctor's slot that starts at this local time, such as `2026-03-09 09:00`."""
    return Slot.objects.get(doctor=doctor, starts_at=instant_at(local_time))


def instant_at(local_time: str) -> datetime:
    """Convert the clinic's local time to an instant."""
    return datetime.fromisoformat(local_time).replace(tzinfo=current_clinic().zone)


def book_at(doctor: Doctor, local_time: str, patient: Patient, *, now: datetime | None = None) -> Booking:
    """Book the doctor's slot at this local time for the patient."""
    return make_booking(slot_at(doctor, local_time), patient, now=now or clock_now())


def local_time_text(instant: datetime) -> str:
    """Return the clinic's local time at the instant."""
    return f"{instant.astimezone(current_clinic().zone):%Y-%m-%d %H:%M}"
