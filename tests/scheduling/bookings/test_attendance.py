"""What the clinic's people do with a booking, and when they cannot."""

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
from tests.factories.threads import at_once

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
Step = Callable[..., Booking]
STEPS: dict[str, Step] = {
    "confirm": confirm_booking,
    "check-in": check_in,
    "complete": complete_booking,
    "no-show": mark_no_show,
}
BEFORE, AFTER = -HOUR, HOUR


@pytest.fixture
def booking(doctor: Doctor, patient: Patient, now: datetime) -> Booking:
    """A booking that starts in five hours."""
    return make_booking(make_slot(doctor, now + 5 * HOUR), patient, now=now)


@pytest.mark.parametrize(
    ("step", "possible_before", "possible_after"),
    [
        ("confirm", {"PENDING"}, set()),
        ("check-in", {"CONFIRMED", "NO_SHOW"}, {"CONFIRMED", "NO_SHOW"}),
        ("complete", {"CHECKED_IN"}, {"CHECKED_IN", "CONFIRMED"}),
        ("no-show", set(), {"CONFIRMED"}),
    ],
)
def test_each_step_is_taken_from_the_states_that_lead_to_it(
    booking: Booking, admin: User, step: str, possible_before: set[str], possible_after: set[str]
) -> None:
    for moment, possible in ((BEFORE, possible_before), (AFTER, possible_after)):
        done = set()
        for status in ("PENDING", "CONFIRMED", "CHECKED_IN", "COMPLETED", "NO_SHOW", "CANCELLED"):
            gone = booking.starts_at if status == "CANCELLED" else None
            Booking.objects.filter(pk=booking.pk).update(status=status, cancelled_at=gone)
            fresh = Booking.objects.get(pk=booking.pk)
            try:
                STEPS[step](booking=fresh, by=admin, now=booking.starts_at + moment)
            except DomainError as refused:
                assert refused.code in {"booking_over", "too_early"}  # noqa: PT017
            else:
                done.add(status)
        assert done == possible


@pytest.mark.parametrize(("early", "fine"), [(4 * HOUR + MINUTE, False), (4 * HOUR, True)])
def test_a_patient_is_checked_in_from_four_hours_before(
    booking: Booking, admin: User, early: timedelta, fine: bool
) -> None:
    act = partial(check_in, booking=booking, by=admin, now=booking.starts_at - early)

    if fine:
        assert act().status == "CHECKED_IN"
    else:
        with pytest.raises(TooEarly):
            act()


def test_nobody_has_missed_a_visit_before_it_begins(booking: Booking, admin: User) -> None:
    with pytest.raises(TooEarly):
        mark_no_show(booking=booking, by=admin, now=booking.starts_at - MINUTE)

    assert mark_no_show(booking=booking, by=admin, now=booking.starts_at).status == "NO_SHOW"


def test_each_step_is_an_event_and_in_the_audit_log(booking: Booking, admin: User) -> None:
    start = booking.starts_at
    mark_no_show(booking=booking, by=admin, now=start)
    late = check_in(booking=Booking.objects.get(pk=booking.pk), by=admin, now=start + MINUTE)
    complete_booking(booking=late, by=admin, now=start + 2 * MINUTE)

    kinds = ["booked", "no_show", "checked_in", "completed"]
    assert list(booking.events.values_list("kind", flat=True)) == kinds
    about_it = AuditEntry.objects.filter(record_id=str(booking.pk)).order_by("id")
    assert list(about_it.values_list("what", flat=True)) == kinds[1:]


def test_who_comes_after_all_finds_the_time_given_away(
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


def test_who_comes_after_all_takes_no_slot_that_has_been_moved_elsewhere(
    booking: Booking, doctor: Doctor, admin: User
) -> None:
    missed = mark_no_show(booking=booking, by=admin, now=booking.starts_at)
    slot = Slot.objects.get()
    later = (slot.starts_at + timedelta(days=1), slot.ends_at + timedelta(days=1))
    change_slot(slot=slot, starts_at=later[0], ends_at=later[1], by=admin, now=booking.starts_at)

    with pytest.raises(SlotTaken):
        check_in(booking=missed, by=admin, now=booking.starts_at + MINUTE)

    assert make_booking(Slot.objects.live().get(), make_patient(), now=booking.starts_at).slot == slot


def test_of_two_who_press_different_buttons_at_once_one_is_told_that_it_is_over(
    committed_clinic: Clinic, now: datetime
) -> None:
    admin, booking = make_admin(), make_booking(make_slot(make_doctor(), now + HOUR), make_patient(), now=now)
    after = booking.starts_at + MINUTE

    outcomes = at_once(
        committed_clinic,
        *(partial(step, booking=booking, by=admin, now=after) for step in (complete_booking, mark_no_show)),
    )

    assert sum(isinstance(each, Booking) for each in outcomes) == 1
    assert sum(isinstance(each, BookingNotChangeable) for each in outcomes) == 1
    assert booking.events.count() == 2
