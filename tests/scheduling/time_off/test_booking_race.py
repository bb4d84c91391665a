"""Booking a time while time off is given: it is hit like the others, or refused. And the control: no lock."""

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
from scheduling.time_off import give as giving_module
from scheduling.time_off.give import TimeOffResult, give_time_off
from tenants.accounts.models import User
from tenants.base.clock import now
from tenants.models import Clinic
from tests.factories.people import make_admin, make_patient
from tests.factories.schedule import make_booking
from tests.factories.threads import at_once
from tests.factories.time_off import make_working_doctor

ROUNDS = 8
BOOKERS = 6


@pytest.fixture
def doctor(committed_clinic: Clinic) -> Doctor:
    """A doctor who works all day."""
    return make_working_doctor(now=now(), hours=("06:00", "22:00"))


@pytest.fixture
def by(committed_clinic: Clinic) -> User:
    """Who gives time off."""
    return make_admin()


def day_off(slot: Slot) -> TimeOffSpec:
    """The day of the slot, all of it."""
    day = slot.starts_at.date()
    return TimeOffSpec(first=day, last=day)


def slots_of(doctor: Doctor) -> list[Slot]:
    """Those that can be booked, from a day's first on: more than one belong to the same day at any hour."""
    free = Slot.objects.offered().filter(
        doctor=doctor, starts_at__date__gt=(now() + timedelta(days=2)).date()
    )
    return list(free.order_by("starts_at"))


def booking_slowly(slot: Slot, begun: Event) -> Callable[[], Booking]:
    """A booking that is written, and committed half a second later."""
    patient = make_patient()

    def book() -> Booking:
        with transaction.atomic():
            booking = make_booking(slot, patient, now=now())
            begun.set()
            time.sleep(0.5)
        return booking

    return book


def giving(doctor: Doctor | None, off: TimeOffSpec, by: User, begun: Event) -> Callable[[], TimeOffResult]:
    """Time off, given as soon as the booking is written."""

    def give() -> TimeOffResult:
        begun.wait(timeout=30)
        return give_time_off(doctor=doctor, spec=off, by=by, now=now())

    return give


def race(clinic: Clinic, doctor: Doctor, by: User, *, whole_clinic: bool) -> tuple[Booking, list[Booking]]:
    """The booking that was being written while time off was given, and those that were hit."""
    slot, begun = slots_of(doctor)[0], Event()
    give = giving(None if whole_clinic else doctor, day_off(slot), by, begun)
    acts: list[Callable[[], Booking | TimeOffResult]] = [booking_slowly(slot, begun), give]
    booking, given = at_once(clinic, *acts)
    assert isinstance(booking, Booking), booking
    assert isinstance(given, TimeOffResult), given
    return booking, [outcome.booking for outcome in given.outcomes]


@pytest.mark.parametrize("whole_clinic", [False, True])
def test_a_booking_that_is_being_written_is_waited_for_and_hit(
    committed_clinic: Clinic, doctor: Doctor, by: User, whole_clinic: bool
) -> None:
    booking, hit = race(committed_clinic, doctor, by, whole_clinic=whole_clinic)

    assert hit == [booking]


def test_without_the_lock_it_is_overlooked(
    committed_clinic: Clinic, doctor: Doctor, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(block_slots, "_LOCK", block_slots._LOCK.replace("FOR UPDATE OF slot", ""))

    booking, hit = race(committed_clinic, doctor, by, whole_clinic=False)

    assert (hit, Booking.objects.get(pk=booking.pk).status) == ([], "CONFIRMED")


def test_of_all_who_book_meanwhile_each_is_hit_or_refused(
    committed_clinic: Clinic, doctor: Doctor, by: User
) -> None:
    for _round in range(ROUNDS):
        slots = slots_of(doctor)[: 2 * BOOKERS : 2]
        off, begun = day_off(slots[0]), Event()
        begun.set()
        patients = [make_patient() for _slot in slots]
        acts: list[Callable[[], Booking | TimeOffResult]] = [
            lambda slot=slot, patient=patient: make_booking(slot, patient, now=now())  # type: ignore[misc]
            for slot, patient in zip(slots, patients, strict=True)
        ]
        *booked, given = at_once(committed_clinic, *acts, giving(doctor, off, by, begun))

        assert isinstance(given, TimeOffResult), given
        hit = {outcome.booking.pk for outcome in given.outcomes}
        made = {each.pk for each in booked if isinstance(each, Booking)}
        refused = {type(each) for each in booked if not isinstance(each, Booking)}
        assert (hit, refused <= {SlotNotOffered}) == (made, True), refused
        assert not Slot.objects.offered().filter(doctor=doctor, starts_at__date=off.first).exists()


def free_times_after(clinic: Clinic, doctor: Doctor, by: User) -> int:
    """How many times are free inside a time off that is given while the generator, slowly, opens that day."""
    off, begun = day_off(slots_of(doctor)[0]), Event()
    Slot.objects.filter(doctor=doctor, starts_at__date=off.first).delete()

    def generate() -> None:
        with transaction.atomic():
            generate_slots(doctor=doctor, now=now())
            begun.set()
            time.sleep(0.5)

    acts: list[Callable[[], object]] = [generate, giving(doctor, off, by, begun)]
    assert [each for each in at_once(clinic, *acts) if isinstance(each, Exception)] == []
    return Slot.objects.offered().filter(doctor=doctor, starts_at__date=off.first).count()


def test_what_the_generator_is_about_to_open_is_waited_for_and_shut(
    committed_clinic: Clinic, doctor: Doctor, by: User
) -> None:
    assert free_times_after(committed_clinic, doctor, by) == 0


def test_without_the_schedules_lock_it_stays_open(
    committed_clinic: Clinic, doctor: Doctor, by: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(giving_module, "lock_schedules", lambda doctor: None)
    monkeypatch.setattr(giving_module, "request_regeneration", lambda doctor, now: None)

    assert free_times_after(committed_clinic, doctor, by) == 32
