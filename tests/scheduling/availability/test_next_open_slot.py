"""A doctor's next open slot: every change updates its stored start, also under concurrency."""

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
from tests.factories.queue import queued_jobs
from tests.factories.schedule import make_booking, make_hours, make_slot
from tests.factories.threads import run_concurrently
from tests.factories.visit_types import make_chain, make_visit_type

HOUR = timedelta(hours=1)


def next_available(doctor: Doctor, now: datetime) -> datetime | None:
    return visible_doctor(doctor.pk, now=now).next_available  # type: ignore[attr-defined, no-any-return]


def stored_start(doctor: Doctor) -> datetime | None:
    return NextOpen.objects.get(doctor=doctor).starts_at


def test_every_change_of_a_doctors_slots_or_bookings_updates_the_next_open_slot(
    doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    first, second, third = (make_slot(doctor, now + n * HOUR) for n in (1, 2, 3))

    booking = make_booking(first, patient, now=now)
    after_booking = stored_start(doctor)
    cancel_booking(booking=booking, by=user_of(patient), now=now)
    after_cancelling = stored_start(doctor)
    change_slot(slot=first, status="blocked", now=now)
    after_blocking = stored_start(doctor)
    withdraw_slot(slot=second, now=now)
    after_withdrawing = stored_start(doctor)
    add_slots(doctor=doctor, periods=[(now + timedelta(minutes=5), now + timedelta(minutes=15))], now=now)

    assert (after_booking, after_cancelling) == (second.starts_at, first.starts_at)
    assert (after_blocking, after_withdrawing) == (second.starts_at, third.starts_at)
    assert stored_start(doctor) == next_available(doctor, now) == now + timedelta(minutes=5)


def test_generating_slots_updates_the_next_open_slot(doctor: Doctor, now: datetime) -> None:
    make_hours(doctor, (1, "09:00", "10:00"), now=now)

    generate_slots(doctor=doctor, now=now)

    assert stored_start(doctor) == datetime.fromisoformat("2026-03-03T09:00:00+00:00")


def test_the_next_open_slot_is_none_once_every_slot_is_booked(
    doctor: Doctor, patient: Patient, now: datetime
) -> None:
    make_booking(make_slot(doctor, now + HOUR), patient, now=now)

    assert (stored_start(doctor), next_available(doctor, now)) == (None, None)


def test_after_a_no_show_a_slot_that_has_started_is_not_the_next_open_slot(
    doctor: Doctor, patient: Patient, admin: User, now: datetime
) -> None:
    booking = make_booking(make_slot(doctor, now + HOUR), patient, now=now)
    later = make_slot(doctor, now + 5 * HOUR)

    mark_no_show(booking=booking, by=admin, now=now + HOUR)

    assert stored_start(doctor) == later.starts_at


@pytest.mark.parametrize(("minutes_later", "expected"), [(59, 60), (60, 120), (61, 120)])
def test_a_slot_that_has_started_is_not_returned_even_before_the_refresh_task_runs(
    doctor: Doctor, now: datetime, minutes_later: int, expected: int
) -> None:
    for minutes in (60, 120):
        make_slot(doctor, now + timedelta(minutes=minutes))
    refresh_next_slot(doctor_id=doctor.pk, now=now)

    later = now + timedelta(minutes=minutes_later)

    assert next_available(doctor, later) == now + timedelta(minutes=expected)


def test_the_refresh_task_runs_when_the_next_open_slot_starts(doctor: Doctor, now: datetime) -> None:
    first, second = make_slot(doctor, now + HOUR), make_slot(doctor, now + 2 * HOUR)
    refresh_next_slot(doctor_id=doctor.pk, now=now)
    (queue_line,) = queued_jobs(kind="next_open")

    refresh_next_open_slot(queue_line.row_id, queue_line.due_at)

    assert (queue_line.row_id, queue_line.due_at) == (doctor.pk, first.starts_at)
    assert stored_start(doctor) == second.starts_at
    assert [line.due_at for line in queued_jobs(kind="next_open")] == [first.starts_at, second.starts_at]


def test_notice_and_booking_window_are_applied_when_the_next_open_slot_is_read(
    doctor: Doctor, now: datetime
) -> None:
    near, far = make_slot(doctor, now + HOUR), make_slot(doctor, now + 50 * HOUR)
    refresh_next_slot(doctor_id=doctor.pk, now=now)

    answers = []
    for rules in ({"booking_notice_minutes": 60}, {"booking_notice_minutes": 61}, {"horizon_days": 1}):
        ClinicSettings.objects.update(**rules)
        answers.append(next_available(doctor, now))

    assert answers == [near.starts_at, far.starts_at, None]


def test_with_a_notice_period_the_next_open_slot_is_the_first_that_can_still_be_booked(
    doctor: Doctor, now: datetime
) -> None:
    ClinicSettings.objects.update(booking_notice_minutes=90)
    slots = [make_slot(doctor, now + n * HOUR) for n in (1, 2, 3)]
    refresh_next_slot(doctor_id=doctor.pk, now=now)
    at_first = stored_start(doctor)
    (queue_line,) = queued_jobs(kind="next_open")

    refresh_next_open_slot(doctor.pk, now + timedelta(minutes=30))
    just_before = stored_start(doctor)
    refresh_next_open_slot(queue_line.row_id, queue_line.due_at)

    assert (at_first, just_before, stored_start(doctor)) == (
        slots[1].starts_at,
        slots[1].starts_at,
        slots[2].starts_at,
    )
    assert queue_line.due_at == now + timedelta(minutes=30, microseconds=1)


def test_reading_the_next_open_slot_does_not_query_slots(doctor: Doctor, now: datetime) -> None:
    make_slot(doctor, now + HOUR)
    refresh_next_slot(doctor_id=doctor.pk, now=now)

    assert len(queries_of(partial(next_available, doctor, now))) == 3


@pytest.mark.parametrize("locked", [True, False])
def test_concurrent_bookings_of_the_next_slots_do_not_leave_a_booked_slot_stored(
    committed_clinic: Clinic, now: datetime, monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    """As a control, the row lock is removed: then concurrent searches do not see each other's bookings."""
    monkeypatch.setattr(next_open_slot, "_update", with_a_delay(next_open_slot._update))
    if not locked:
        monkeypatch.setattr(
            next_open_slot, "LOCK_STORED", next_open_slot.LOCK_STORED.replace(" FOR NO KEY UPDATE", "")
        )
    wrong = 0

    for _ in range(6):
        doctor = make_doctor()
        slots = [make_slot(doctor, now + n * HOUR) for n in range(1, 8)]
        refresh_next_slot(doctor_id=doctor.pk, now=now)
        attempts = [partial(make_booking, slot, make_patient(), now=now) for slot in slots[:6]]
        run_concurrently(committed_clinic, *attempts)
        wrong += stored_start(doctor) != slots[6].starts_at

    assert Booking.objects.taking_time().count() == 36
    assert (wrong == 0) is locked


@pytest.mark.parametrize("action", ["a chain", "another hold", "a move"])
def test_a_transaction_takes_all_its_slots_before_it_locks_the_next_open_slot(
    doctor: Doctor, patient: Patient, now: datetime, action: str
) -> None:
    """Otherwise two transactions could wait for each other: one for a slot, the other for the lock."""
    user, slots = user_of(patient), [make_slot(doctor, now + n * HOUR / 2) for n in range(1, 5)]
    actions: dict[str, Callable[[], object]] = {
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
    if action == "another hold":
        hold_slot(slot_id=slots[0].pk, patient=patient, by=user, now=now)
    booking = make_booking(slots[3], patient, now=now)

    queries = queries_of(actions[action])

    locks = [
        number
        for number, query in enumerate(queries)
        if "FOR NO KEY UPDATE" in query and "scheduling_nextopen" in query
    ]
    bookings = [number for number, query in enumerate(queries) if "WITH requested AS" in query]
    assert max(bookings) < min(locks)


def with_a_delay(update: Callable[..., None]) -> Callable[..., None]:
    """Return a function that does the same as `update` and then delays the commit."""

    def slow_update(*doctor: object, **options: object) -> None:
        update(*doctor, **options)
        sleep(0.05)

    return slow_update


def test_a_slot_outside_the_hours_is_not_the_next_open_slot(doctor: Doctor, now: datetime) -> None:
    slot = make_slot(doctor, now + HOUR, fits_hours=False)
    refresh_next_slot(doctor_id=doctor.pk, now=now)

    assert (next_available(doctor, now), Slot.objects.get()) == (None, slot)
