"""Undo arrived, started, completed and no-show: what the booking becomes, until when, and who wins a race."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from threading import Barrier

import pytest

from clinics.models import Doctor, Patient
from scheduling.bookings.attendance import check_in, complete_booking, mark_no_show, start_visit
from scheduling.bookings.cancel import cancel_booking
from scheduling.bookings.history import statuses_after
from scheduling.bookings.undo import UndoTooLate, undo_step
from scheduling.errors import BookingNotChangeable, SlotTaken
from scheduling.models import Booking, BookingEvent
from tenants.accounts.models import AuditEntry, User
from tenants.base.errors import DomainError
from tenants.models import Clinic
from tests.factories.people import make_admin, make_doctor, make_patient
from tests.factories.schedule import make_booking, make_slot
from tests.factories.threads import run_concurrently

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
Step = Callable[..., Booking]


@pytest.fixture
def booking(doctor: Doctor, patient: Patient, now: datetime) -> Booking:
    """A confirmed booking that starts in an hour."""
    return make_booking(make_slot(doctor, now + timedelta(hours=1)), patient, now=now)


def take(booking: Booking, by: User, *steps: Step) -> Booking:
    """Take steps from the start of the visit on, a minute apart."""
    for number, step in enumerate(steps, 1):
        booking = step(booking=booking, by=by, now=booking.starts_at + number * MINUTE)
    return booking


def test_steps_are_undone_one_by_one_back_to_the_confirmed_booking(booking: Booking, admin: User) -> None:
    booking = take(booking, admin, check_in, start_visit, complete_booking)

    statuses = [booking.status]
    for number in range(3):
        later = booking.starts_at + (10 + number) * MINUTE
        booking = undo_step(booking=booking, status=booking.status, by=admin, now=later)
        statuses.append(booking.status)

    assert statuses == ["COMPLETED", "IN_PROGRESS", "CHECKED_IN", "CONFIRMED"]
    with pytest.raises(BookingNotChangeable):
        undo_step(booking=booking, status="CONFIRMED", by=admin, now=booking.starts_at + DAY)
    events = list(booking.events.order_by("created_at"))
    assert [status for _event, status in statuses_after(events)][-3:] == statuses[1:]
    audit = AuditEntry.objects.filter(record_id=str(booking.pk), what="step_undone")
    assert audit.count() == 3


@pytest.mark.parametrize("steps", [(mark_no_show,), (complete_booking,), (check_in, complete_booking)])
def test_undoing_returns_to_the_status_before_the_step(
    booking: Booking, admin: User, steps: tuple[Step, ...]
) -> None:
    before = take(booking, admin, *steps[:-1])
    after = steps[-1](booking=before, by=admin, now=booking.starts_at + 9 * MINUTE)

    undone = undo_step(booking=after, status=after.status, by=admin, now=booking.starts_at + 10 * MINUTE)

    assert undone.status == before.status


@pytest.mark.parametrize(("late", "allowed"), [(timedelta(0), True), (timedelta(microseconds=1), False)])
def test_a_step_can_be_undone_for_one_day(
    booking: Booking, admin: User, late: timedelta, allowed: bool
) -> None:
    booking = take(booking, admin, complete_booking)
    attempt = partial(
        undo_step, booking=booking, status="COMPLETED", by=admin, now=booking.starts_at + MINUTE + DAY + late
    )

    if allowed:
        assert attempt().status == "CONFIRMED"
    else:
        with pytest.raises(UndoTooLate):
            attempt()


def test_a_no_show_whose_time_was_given_away_stays_a_no_show(
    booking: Booking, doctor: Doctor, admin: User
) -> None:
    missed = take(booking, admin, mark_no_show)
    Booking.objects.create(
        slot_id=booking.slot_id,
        doctor=doctor,
        patient=make_patient(),
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
    )

    with pytest.raises(SlotTaken):
        undo_step(booking=missed, status="NO_SHOW", by=admin, now=booking.starts_at + 2 * MINUTE)

    assert Booking.objects.get(pk=booking.pk).status == "NO_SHOW"
    assert not booking.events.filter(kind="reopened").exists()


def test_a_step_that_was_undone_by_somebody_else_does_not_undo_the_one_before(
    booking: Booking, admin: User
) -> None:
    booking = take(booking, admin, check_in, complete_booking)
    later = booking.starts_at + 10 * MINUTE
    undo_step(booking=booking, status="COMPLETED", by=admin, now=later)

    with pytest.raises(BookingNotChangeable):
        undo_step(booking=booking, status="COMPLETED", by=admin, now=later)

    assert Booking.objects.get(pk=booking.pk).status == "CHECKED_IN"


def race(clinic: Clinic, now: datetime, *, undo: Step) -> tuple[list[Booking | Exception], Booking]:
    """Complete a visit, undo its arrival twice and cancel it, all at once and before its start."""
    admin = make_admin()
    booking = make_booking(make_slot(make_doctor(), now + timedelta(hours=1)), make_patient(), now=now)
    booking = check_in(booking=booking, by=admin, now=now + MINUTE)
    outcomes = run_concurrently(
        clinic,
        *(
            partial(step, booking=booking, by=admin, now=now + 2 * MINUTE)
            for step in (undo, undo, complete_booking, cancel_booking)
        ),
    )
    return outcomes, Booking.objects.get(pk=booking.pk)


def test_of_concurrent_steps_one_undo_or_the_completion_succeeds(
    committed_clinic: Clinic, now: datetime
) -> None:
    for _round in range(3):
        outcomes, booking = race(committed_clinic, now, undo=partial(undo_step, status="CHECKED_IN"))

        succeeded = [outcome for outcome in outcomes[:3] if isinstance(outcome, Booking)]
        refused = [outcome for outcome in outcomes if not isinstance(outcome, Booking)]
        assert len(succeeded) == 1
        assert all(isinstance(outcome, DomainError) for outcome in refused)
        *_, (_event, status) = statuses_after(booking.events.order_by("created_at", "id"))
        assert booking.status == status


def test_without_the_condition_in_the_update_both_undos_succeed(
    committed_clinic: Clinic, now: datetime
) -> None:
    both_have_read = Barrier(2)

    def naive_undo(*, booking: Booking, by: User, now: datetime) -> Booking:
        current = Booking.objects.get(pk=booking.pk)
        allowed = current.status == "CHECKED_IN"
        both_have_read.wait(timeout=10)
        if not allowed:
            raise BookingNotChangeable
        Booking.objects.filter(pk=booking.pk).update(status="CONFIRMED")
        BookingEvent.objects.create(booking=booking, kind="reopened", by=by, created_at=now)
        return current

    admin = make_admin()
    booking = make_booking(make_slot(make_doctor(), now + timedelta(hours=1)), make_patient(), now=now)
    booking = check_in(booking=booking, by=admin, now=now + MINUTE)
    attempt = partial(naive_undo, booking=booking, by=admin, now=now + 2 * MINUTE)

    outcomes = run_concurrently(committed_clinic, attempt, attempt)

    assert sum(isinstance(outcome, Booking) for outcome in outcomes) == 2
