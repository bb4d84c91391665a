"""Confirm, check in, complete and mark as a no-show: when staff can do this, and when it is refused."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import pytest

from clinics.models import Doctor, Patient
from scheduling.bookings.attendance import check_in, complete_booking, confirm_booking, mark_no_show
from scheduling.errors import BookingNotChangeable, SlotTaken, TooEarly
from scheduling.models import Booking, Slot
from scheduling.slots.services import change_slot
from tenants.accounts.models import AuditEntry, User
from tenants.base.errors import DomainError
from tenants.models import Clinic
from tests.factories.people import make_admin, make_doctor, make_patient
from tests.factories.schedule import make_booking, make_slot
from tests.factories.threads import run_concurrently

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
Step = Callable[..., Booking]
STEPS: dict[str, Step] = {
    "confirm": confirm_booking,
    "check-in": check_in,
    "complete": complete_booking,
    "no-show": mark_no_show,
}
BEFORE_THE_START, AFTER_THE_START = -HOUR, HOUR


@pytest.fixture
def booking(doctor: Doctor, patient: Patient, now: datetime) -> Booking:
    """A booking that starts in five hours."""
    return make_booking(make_slot(doctor, now + 5 * HOUR), patient, now=now)


@pytest.mark.parametrize(
    ("step", "allowed_before", "allowed_after"),
    [
        ("confirm", {"PENDING"}, set()),
        ("check-in", {"CONFIRMED", "NO_SHOW"}, {"CONFIRMED", "NO_SHOW"}),
        ("complete", {"CHECKED_IN"}, {"CHECKED_IN", "CONFIRMED"}),
        ("no-show", set(), {"CONFIRMED"}),
    ],
)
def test_each_step_is_allowed_from_certain_statuses_only(
    booking: Booking, admin: User, step: str, allowed_before: set[str], allowed_after: set[str]
) -> None:
    for offset, allowed in ((BEFORE_THE_START, allowed_before), (AFTER_THE_START, allowed_after)):
        succeeded = set()
        for status in ("PENDING", "CONFIRMED", "CHECKED_IN", "COMPLETED", "NO_SHOW", "CANCELLED"):
            cancelled_at = booking.starts_at if status == "CANCELLED" else None
            Booking.objects.filter(pk=booking.pk).update(status=status, cancelled_at=cancelled_at)
            current = Booking.objects.get(pk=booking.pk)
            try:
                STEPS[step](booking=current, by=admin, now=booking.starts_at + offset)
            except DomainError as refusal:
                assert refusal.code in {"booking_over", "too_early"}  # noqa: PT017
            else:
                succeeded.add(status)
        assert succeeded == allowed


@pytest.mark.parametrize(("early", "allowed"), [(4 * HOUR + MINUTE, False), (4 * HOUR, True)])
def test_check_in_is_allowed_from_four_hours_before_the_start(
    booking: Booking, admin: User, early: timedelta, allowed: bool
) -> None:
    attempt = partial(check_in, booking=booking, by=admin, now=booking.starts_at - early)

    if allowed:
        assert attempt().status == "CHECKED_IN"
    else:
        with pytest.raises(TooEarly):
            attempt()


def test_a_booking_is_not_marked_as_a_no_show_before_its_start(booking: Booking, admin: User) -> None:
    with pytest.raises(TooEarly):
        mark_no_show(booking=booking, by=admin, now=booking.starts_at - MINUTE)

    assert mark_no_show(booking=booking, by=admin, now=booking.starts_at).status == "NO_SHOW"


def test_each_step_writes_an_event_and_an_audit_entry(booking: Booking, admin: User) -> None:
    start = booking.starts_at
    mark_no_show(booking=booking, by=admin, now=start)
    checked_in = check_in(booking=Booking.objects.get(pk=booking.pk), by=admin, now=start + MINUTE)
    complete_booking(booking=checked_in, by=admin, now=start + 2 * MINUTE)

    kinds = ["booked", "no_show", "checked_in", "completed"]
    assert list(booking.events.values_list("kind", flat=True)) == kinds
    entries = AuditEntry.objects.filter(record_id=str(booking.pk)).order_by("id")
    assert list(entries.values_list("what", flat=True)) == kinds[1:]


def test_check_in_after_a_no_show_is_refused_if_the_slot_was_booked_again(
    booking: Booking, doctor: Doctor, admin: User, now: datetime
) -> None:
    missed = mark_no_show(booking=booking, by=admin, now=booking.starts_at)
    other = make_patient()
    Booking.objects.create(
        slot_id=booking.slot_id,
        doctor=doctor,
        patient=other,
        starts_at=booking.starts_at,
        ends_at=booking.ends_at,
    )

    with pytest.raises(SlotTaken):
        check_in(booking=missed, by=admin, now=booking.starts_at + MINUTE)


def test_check_in_after_a_no_show_is_refused_if_the_slot_was_moved(
    booking: Booking, doctor: Doctor, admin: User
) -> None:
    missed = mark_no_show(booking=booking, by=admin, now=booking.starts_at)
    slot = Slot.objects.get()
    next_day = (slot.starts_at + timedelta(days=1), slot.ends_at + timedelta(days=1))
    change_slot(slot=slot, starts_at=next_day[0], ends_at=next_day[1], by=admin, now=booking.starts_at)

    with pytest.raises(SlotTaken):
        check_in(booking=missed, by=admin, now=booking.starts_at + MINUTE)

    assert make_booking(Slot.objects.live().get(), make_patient(), now=booking.starts_at).slot == slot


def test_of_two_concurrent_steps_one_succeeds_and_the_other_is_refused(
    committed_clinic: Clinic, now: datetime
) -> None:
    admin, booking = make_admin(), make_booking(make_slot(make_doctor(), now + HOUR), make_patient(), now=now)
    after = booking.starts_at + MINUTE

    outcomes = run_concurrently(
        committed_clinic,
        *(partial(step, booking=booking, by=admin, now=after) for step in (complete_booking, mark_no_show)),
    )

    assert sum(isinstance(outcome, Booking) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, BookingNotChangeable) for outcome in outcomes) == 1
    assert booking.events.count() == 2
