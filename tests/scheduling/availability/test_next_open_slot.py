"""When a doctor's next open slot starts: told at once, kept up by every change, right also in a crowd."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from time import sleep

import pytest

from clinics.models import ClinicSettings, Doctor, Patient
from scheduling.availability import next_open_slot
from scheduling.availability.doctor_search import visible_doctor
from scheduling.availability.next_open_slot import refresh_next_slot
from scheduling.bookings.attendance import mark_no_show
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.hold import hold_slot
from scheduling.bookings.reschedule import reschedule_booking
from scheduling.hours.slot_generator import generate_slots
from scheduling.models import Booking, NextOpen, Slot
from scheduling.slots.services import add_slots, change_slot, withdraw_slot
from scheduling.tasks import refresh_next_open_slot
from scheduling.visit_chains.services import book_chain
from tenants.accounts.models import User
from tenants.models import Clinic
from tests.factories.people import make_doctor, make_patient, user_of
from tests.factories.queries import queries_of
from tests.factories.queue import waiting
from tests.factories.schedule import make_booking, make_hours, make_slot
from tests.factories.threads import at_once
from tests.factories.visit_types import make_chain, make_visit_type

HOUR = timedelta(hours=1)


def told(doctor: Doctor, now: datetime) -> datetime | None:
    return visible_doctor(doctor.pk, now=now).next_available  # type: ignore[attr-defined, no-any-return]


def kept(doctor: Doctor) -> datetime | None:
    return NextOpen.objects.get(doctor=doctor).starts_at


def test_every_change_of_a_doctors_time_keeps_it_up(
    doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    first, second, third = (make_slot(doctor, now + n * HOUR) for n in (1, 2, 3))

    booking = make_booking(first, patient, now=now)
    after_booking = kept(doctor)
    cancel_booking(booking=booking, by=user_of(patient), now=now)
    after_cancelling = kept(doctor)
    change_slot(slot=first, status="blocked", now=now)
    after_blocking = kept(doctor)
    withdraw_slot(slot=second, now=now)
    after_withdrawing = kept(doctor)
    add_slots(doctor=doctor, periods=[(now + timedelta(minutes=5), now + timedelta(minutes=15))], now=now)

    assert (after_booking, after_cancelling) == (second.starts_at, first.starts_at)
    assert (after_blocking, after_withdrawing) == (second.starts_at, third.starts_at)
    assert kept(doctor) == told(doctor, now) == now + timedelta(minutes=5)


def test_the_generator_keeps_it_up(doctor: Doctor, now: datetime) -> None:
    make_hours(doctor, (1, "09:00", "10:00"), now=now)

    generate_slots(doctor=doctor, now=now)

    assert kept(doctor) == datetime.fromisoformat("2026-03-03T09:00:00+00:00")


def test_it_is_nothing_once_all_is_booked(doctor: Doctor, patient: Patient, now: datetime) -> None:
    make_booking(make_slot(doctor, now + HOUR), patient, now=now)

    assert (kept(doctor), told(doctor, now)) == (None, None)


def test_a_missed_visit_opens_its_time_only_as_far_as_it_is_to_come(
    doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    booking = make_booking(make_slot(doctor, now + HOUR), patient, now=now)
    later = make_slot(doctor, now + 5 * HOUR)

    mark_no_show(booking=booking, by=admin, now=now + HOUR)

    assert kept(doctor) == later.starts_at


@pytest.mark.parametrize(("later", "expected"), [(59, 60), (60, 120), (61, 120)])
def test_what_has_begun_is_not_told_also_before_the_worker_has_looked_again(
    doctor: Doctor, now: datetime, later: int, expected: int
) -> None:
    for minutes in (60, 120):
        make_slot(doctor, now + timedelta(minutes=minutes))
    refresh_next_slot(doctor_id=doctor.pk, now=now)

    then = now + timedelta(minutes=later)

    assert told(doctor, then) == now + timedelta(minutes=expected)


def test_the_worker_looks_again_when_it_has_begun(doctor: Doctor, now: datetime) -> None:
    first, second = make_slot(doctor, now + HOUR), make_slot(doctor, now + 2 * HOUR)
    refresh_next_slot(doctor_id=doctor.pk, now=now)
    (line,) = waiting(kind="next_open")

    refresh_next_open_slot(line.row_id, line.due_at)

    assert (line.row_id, line.due_at) == (doctor.pk, first.starts_at)
    assert kept(doctor) == second.starts_at
    assert [each.due_at for each in waiting(kind="next_open")] == [first.starts_at, second.starts_at]


def test_notice_and_the_days_ahead_are_counted_when_it_is_told(doctor: Doctor, now: datetime) -> None:
    near, far = make_slot(doctor, now + HOUR), make_slot(doctor, now + 50 * HOUR)
    refresh_next_slot(doctor_id=doctor.pk, now=now)

    said = []
    for rules in ({"booking_notice_minutes": 60}, {"booking_notice_minutes": 61}, {"horizon_days": 1}):
        ClinicSettings.objects.update(**rules)
        said.append(told(doctor, now))

    assert said == [near.starts_at, far.starts_at, None]


def test_with_notice_asked_for_it_is_the_first_that_can_still_be_booked(
    doctor: Doctor, now: datetime
) -> None:
    ClinicSettings.objects.update(booking_notice_minutes=90)
    slots = [make_slot(doctor, now + n * HOUR) for n in (1, 2, 3)]
    refresh_next_slot(doctor_id=doctor.pk, now=now)
    at_first = kept(doctor)
    (line,) = waiting(kind="next_open")

    refresh_next_open_slot(doctor.pk, now + timedelta(minutes=30))
    to_the_minute = kept(doctor)
    refresh_next_open_slot(line.row_id, line.due_at)

    assert (at_first, to_the_minute, kept(doctor)) == (
        slots[1].starts_at,
        slots[1].starts_at,
        slots[2].starts_at,
    )
    assert line.due_at == now + timedelta(minutes=30, microseconds=1)


def test_it_costs_no_look_at_slots(doctor: Doctor, now: datetime) -> None:
    make_slot(doctor, now + HOUR)
    refresh_next_slot(doctor_id=doctor.pk, now=now)

    assert len(queries_of(partial(told, doctor, now))) == 3


@pytest.mark.parametrize("guarded", [True, False])
def test_of_a_crowd_that_books_the_next_slots_at_once_none_leaves_a_taken_time_behind(
    committed_clinic: Clinic, now: datetime, monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """The control looks for the next slot without waiting for those who do the same."""
    monkeypatch.setattr(next_open_slot, "_update", slowly(next_open_slot._update))
    if not guarded:
        monkeypatch.setattr(
            next_open_slot, "LOCK_STORED", next_open_slot.LOCK_STORED.replace(" FOR NO KEY UPDATE", "")
        )
    wrong = 0

    for _round in range(6):
        doctor = make_doctor()
        slots = [make_slot(doctor, now + n * HOUR) for n in range(1, 8)]
        refresh_next_slot(doctor_id=doctor.pk, now=now)
        acts = [partial(make_booking, slot, make_patient(), now=now) for slot in slots[:6]]
        at_once(committed_clinic, *acts)
        wrong += kept(doctor) != slots[6].starts_at

    assert Booking.objects.taking_time().count() == 36
    assert (wrong == 0) is guarded


@pytest.mark.parametrize("what", ["a chain", "another hold", "a move"])
def test_whoever_looks_for_the_next_has_taken_all_their_time_before(
    doctor: Doctor, patient: Patient, now: datetime, what: str
) -> None:
    """Else they would wait for somebody who has taken time and waits for them to have looked."""
    user, slots = user_of(patient), [make_slot(doctor, now + n * HOUR / 2) for n in range(1, 5)]
    acts: dict[str, Callable[[], object]] = {
        "a chain": lambda: book_chain(
            chain=make_chain(make_visit_type(), make_visit_type()),
            patient=patient,
            by=user,
            slots=[slot.pk for slot in slots[:2]],
            now=now,
        ),
        "another hold": lambda: hold_slot(slot_id=slots[1].pk, patient=patient, by=user, now=now),
        "a move": lambda: reschedule_booking(booking=booking, slot_id=slots[1].pk, by=user, now=now),
    }
    if what == "another hold":
        hold_slot(slot_id=slots[0].pk, patient=patient, by=user, now=now)
    booking = make_booking(slots[3], patient, now=now)

    asked = queries_of(acts[what])

    looks = [number for number, query in enumerate(asked) if "FOR NO KEY UPDATE" in query]
    takes = [number for number, query in enumerate(asked) if "WITH requested AS" in query]
    assert max(takes) < min(looks)


def slowly(look: Callable[..., None]) -> Callable[..., None]:
    """The same, and then a moment until the commit."""

    def looked(*doctor: object, **values: object) -> None:
        look(*doctor, **values)
        sleep(0.05)

    return looked


def test_a_slot_that_only_seems_open_is_not_told(doctor: Doctor, now: datetime) -> None:
    unfitting = make_slot(doctor, now + HOUR, fits_hours=False)
    refresh_next_slot(doctor_id=doctor.pk, now=now)

    assert (told(doctor, now), Slot.objects.get()) == (None, unfitting)
