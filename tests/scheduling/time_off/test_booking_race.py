"""Bookings made while time off is added are affected by it or refused, with controls without locks."""

import time
from collections.abc import Callable
from datetime import timedelta
from threading import Event

import pytest
from django.db import transaction

from clinics.models import Doctor
from scheduling.clock.time_off import TimeOffSpec
from scheduling.errors import SlotNotOffered
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import Booking, Slot
from scheduling.time_off import block_slots
from scheduling.time_off import give as give_module
from scheduling.time_off.give import TimeOffResult, give_time_off
from tenants.accounts.models import User
from tenants.base.clock import now
from tenants.models import Clinic
from tests.factories.people import make_admin, make_patient
from tests.factories.schedule import make_booking
from tests.factories.threads import run_concurrently
from tests.factories.time_off import make_working_doctor

ROUNDS = 8
BOOKERS = 6


@pytest.fixture
def doctor(committed_clinic: Clinic) -> Doctor:
    """A doctor who works all day."""
    return make_working_doctor(now=now(), hours=("06:00", "22:00"))


@pytest.fixture
def by(committed_clinic: Clinic) -> User:
    """The admin who adds time off."""
    return make_admin()


def day_off(slot: Slot) -> TimeOffSpec:
    """Return time off for the whole day of the slot."""
    day = slot.starts_at.date()
    return TimeOffSpec(first=day, last=day)


def slots_of(doctor: Doctor) -> list[Slot]:
    """Return bookable slots from the start of a day on, so that the first ones are on the same day."""
    free = Slot.objects.offered().filter(
        doctor=doctor, starts_at__date__gt=(now() + timedelta(days=2)).date()
    )
    return list(free.order_by("starts_at"))


def booking_slowly(slot: Slot, written: Event) -> Callable[[], Booking]:
    """Return a function that writes a booking and commits it half a second later."""
    patient = make_patient()

    def book() -> Booking:
        with transaction.atomic():
            booking = make_booking(slot, patient, now=now())
            written.set()
            time.sleep(0.5)
        return booking

    return book


def adding_time_off(
    doctor: Doctor | None, spec: TimeOffSpec, by: User, written: Event
) -> Callable[[], TimeOffResult]:
    """Return a function that adds time off as soon as the booking is written."""

    def add() -> TimeOffResult:
        written.wait(timeout=30)
        return give_time_off(doctor=doctor, spec=spec, by=by, now=now())

    return add


def race(clinic: Clinic, doctor: Doctor, by: User, *, whole_clinic: bool) -> tuple[Booking, list[Booking]]:
    """Add time off during an uncommitted booking. Return that booking and the affected ones."""
    slot, written = slots_of(doctor)[0], Event()
    add = adding_time_off(None if whole_clinic else doctor, day_off(slot), by, written)
    functions: list[Callable[[], Booking | TimeOffResult]] = [booking_slowly(slot, written), add]
    booking, result = run_concurrently(clinic, *functions)
    assert isinstance(booking, Booking), booking
    assert isinstance(result, TimeOffResult), result
    return booking, [outcome.booking for outcome in result.outcomes]


@pytest.mark.parametrize("whole_clinic", [False, True])
def test_time_off_waits_for_an_uncommitted_booking(
    committed_clinic: Clinic, doctor: Doctor, by: User, whole_clinic: bool
) -> None:
    booking, affected = race(committed_clinic, doctor, by, whole_clinic=whole_clinic)

    assert affected == [booking]


def test_without_the_lock_an_uncommitted_booking_is_missed(
    committed_clinic: Clinic, doctor: Doctor, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(block_slots, "_LOCK", block_slots._LOCK.replace("FOR UPDATE OF slot", ""))

    booking, affected = race(committed_clinic, doctor, by, whole_clinic=False)

    assert (affected, Booking.objects.get(pk=booking.pk).status) == ([], "CONFIRMED")


def test_every_concurrent_booking_is_affected_or_refused(
    committed_clinic: Clinic, doctor: Doctor, by: User
) -> None:
    for _round in range(ROUNDS):
        slots = slots_of(doctor)[: 2 * BOOKERS : 2]
        spec, written = day_off(slots[0]), Event()
        written.set()
        patients = [make_patient() for _slot in slots]
        functions: list[Callable[[], Booking | TimeOffResult]] = [
            lambda slot=slot, patient=patient: make_booking(slot, patient, now=now())  # type: ignore[misc]
            for slot, patient in zip(slots, patients, strict=True)
        ]
        *outcomes, result = run_concurrently(
            committed_clinic, *functions, adding_time_off(doctor, spec, by, written)
        )

        assert isinstance(result, TimeOffResult), result
        affected = {outcome.booking.pk for outcome in result.outcomes}
        booked_ids = {each.pk for each in outcomes if isinstance(each, Booking)}
        refused = {type(each) for each in outcomes if not isinstance(each, Booking)}
        assert (affected, refused <= {SlotNotOffered}) == (booked_ids, True), refused
        assert not Slot.objects.offered().filter(doctor=doctor, starts_at__date=spec.first).exists()


def free_times_after(clinic: Clinic, doctor: Doctor, by: User) -> int:
    """Add time off while the generator adds slots of that day. Return how many stay free."""
    spec, written = day_off(slots_of(doctor)[0]), Event()
    Slot.objects.filter(doctor=doctor, starts_at__date=spec.first).delete()

    def generate() -> None:
        with transaction.atomic():
            generate_slots(doctor=doctor, now=now())
            written.set()
            time.sleep(0.5)

    functions: list[Callable[[], object]] = [generate, adding_time_off(doctor, spec, by, written)]
    assert [each for each in run_concurrently(clinic, *functions) if isinstance(each, Exception)] == []
    return Slot.objects.offered().filter(doctor=doctor, starts_at__date=spec.first).count()


def test_time_off_waits_for_the_generator_and_closes_its_slots(
    committed_clinic: Clinic, doctor: Doctor, by: User
) -> None:
    assert free_times_after(committed_clinic, doctor, by) == 0


def test_without_the_schedule_lock_generated_slots_stay_free(
    committed_clinic: Clinic, doctor: Doctor, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(give_module, "lock_schedules", lambda doctor: None)
    monkeypatch.setattr(give_module, "request_regeneration", lambda doctor, now: None)

    assert free_times_after(committed_clinic, doctor, by) == 32
