"""Actions around a visit: the patient will come; staff approve, check in, complete, mark as a no-show.

Each action is one conditional UPDATE. If two conflicting actions run at the same time, one of them raises
`BookingNotChangeable`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from scheduling.availability.next_open_slot import on_booked, tracking_changes
from scheduling.bookings.release_time import release_time
from scheduling.errors import BookingNotChangeable, SlotTaken, TooEarly
from scheduling.models import Booking, BookingEvent
from scheduling.models.booking_states import TIME_TAKING_STATES
from tenants.accounts.audit.services import AuditAction, write_audit_entries
from tenants.accounts.models import User
from tenants.base.constraints import violated_constraint
from tenants.base.retry import retry_conflicts
from tenants.queue.jobs import enqueue

_Status = Booking.Status
_CHECK_IN_OPENS = timedelta(hours=4)
"""How long before the start a patient may be checked in. Earlier, it is probably for another day."""


def confirm_attendance(*, booking: Booking, by: User, now: datetime) -> Booking:
    """Record that the patient will come at the booked time. Repeating it changes nothing.

    :raises BookingNotChangeable: it has started, is not confirmed by the clinic, or was changed after it was
        read, so that the patient may have seen another time
    """
    if booking.starts_at <= now:
        raise BookingNotChangeable
    with transaction.atomic():
        rows = Booking.objects.filter(pk=booking.pk, status=_Status.CONFIRMED, version=booking.version)
        if rows.filter(attendance_confirmed_at=None).update(attendance_confirmed_at=now):
            event = BookingEvent.objects.create(
                booking=booking, kind=BookingEvent.Kind.ATTENDANCE_CONFIRMED, by=by, created_at=now
            )
            enqueue(kind="booking_event", row_id=event.pk, due_at=now)
        elif not rows.exists():
            raise BookingNotChangeable
    return Booking.objects.shown().get(pk=booking.pk)


def confirm_booking(*, booking: Booking, by: User, now: datetime) -> Booking:
    """Approve a booking that awaits approval.

    :raises BookingNotChangeable: it does not await approval, or has started
    """
    if booking.starts_at <= now:
        raise BookingNotChangeable
    return _change_status(
        booking, [_Status.PENDING], _Status.CONFIRMED, BookingEvent.Kind.CONFIRMED, by=by, now=now
    )


def check_in(*, booking: Booking, by: User, now: datetime) -> Booking:
    """Check the patient in. A no-show can still be checked in, unless the time was booked by somebody else.

    :raises TooEarly: the visit starts in more than four hours
    :raises BookingNotChangeable: it is cancelled, completed or awaits approval
    :raises SlotTaken: the patient was marked as a no-show and somebody else has booked the time
    """
    if booking.starts_at - _CHECK_IN_OPENS > now:
        raise TooEarly
    allowed = [_Status.CONFIRMED, _Status.NO_SHOW]
    return _change_status(booking, allowed, _Status.CHECKED_IN, BookingEvent.Kind.CHECKED_IN, by=by, now=now)


def complete_booking(*, booking: Booking, by: User, now: datetime) -> Booking:
    """Mark the visit as completed.

    :raises TooEarly: it has not started and the patient is not checked in
    :raises BookingNotChangeable: it is cancelled, completed or awaits approval
    """
    allowed = [_Status.CHECKED_IN]
    if booking.starts_at <= now:
        allowed.append(_Status.CONFIRMED)
    elif booking.status != _Status.CHECKED_IN:
        raise TooEarly
    return _change_status(booking, allowed, _Status.COMPLETED, BookingEvent.Kind.COMPLETED, by=by, now=now)


def mark_no_show(*, booking: Booking, by: User, now: datetime) -> Booking:
    """Mark the patient as a no-show, from the start of the visit on. Others can book the rest of the time.

    :raises TooEarly: the visit has not started
    :raises BookingNotChangeable: the patient is checked in, or the booking is cancelled or completed
    """
    if booking.starts_at > now:
        raise TooEarly
    return _change_status(
        booking, [_Status.CONFIRMED], _Status.NO_SHOW, BookingEvent.Kind.NO_SHOW, by=by, now=now
    )


@retry_conflicts
def _change_status(
    booking: Booking,
    allowed: Sequence[str],
    new_status: Booking.Status,
    kind: BookingEvent.Kind,
    *,
    by: User,
    now: datetime,
) -> Booking:
    """Change the status if it is one of `allowed`, and record the change.

    :raises BookingNotChangeable: it is not, or no longer
    :raises SlotTaken: the booking takes its time again, and another booking has it
    """
    with transaction.atomic(), tracking_changes():
        try:
            with transaction.atomic():
                rows = Booking.objects.filter(pk=booking.pk, status__in=allowed)
                # A booking without a slot cannot take time again. The constraint would say so too, and the
                # whole row would be in Postgres' log.
                if new_status in TIME_TAKING_STATES and rows.filter(slot=None, hand_placed=False).exists():
                    raise SlotTaken({"alternatives": []})
                changed = rows.update(status=new_status)
        except IntegrityError as error:
            if not violated_constraint(error).startswith("booking_"):
                raise
            raise SlotTaken({"alternatives": []}) from error
        if not changed:
            raise BookingNotChangeable
        event = BookingEvent.objects.create(booking=booking, kind=kind, by=by, created_at=now)
        enqueue(kind="booking_event", row_id=event.pk, due_at=now)
        write_audit_entries(what=AuditAction(kind.value), by=by, about=[booking, booking.patient])
        if new_status == _Status.NO_SHOW:
            release_time(booking, now=now)
        elif booking.status == _Status.NO_SHOW:
            on_booked(doctor_id=booking.doctor_id, starts_at=booking.starts_at, now=now)
    return Booking.objects.shown().get(pk=booking.pk)
